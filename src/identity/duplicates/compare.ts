// The level at which two values of a kind agree.
import { areFormsOfOneName } from './given-names.ts'
import type { Comparison, LevelName } from './kinds.ts'
import { commonWords, edits, jaroWinkler, mayBeAlike, withinOneEdit } from './similarity.ts'
import type { Term } from './terms.ts'

/** How two terms of one column agree; `moved` is never among the answers, since it takes another column. */
export function compareTerms(comparison: Comparison, a: Term, b: Term): LevelName {
  if (a.text === b.text) return 'same'
  return comparers[comparison](a, b)
}

/** Whether two names are the same but for a slip. */
export function areAlike(a: Term, b: Term): boolean {
  return likenessOf(a, b, 0.88) >= 0.88
}

const comparers: Record<Comparison, (a: Term, b: Term) => LevelName> = {
  name(a, b) {
    const likeness = likenessOf(a, b, 0.78)
    if (likeness >= 0.92) return 'almost'
    if (likeness >= 0.88 || holdsOther(a, b) || areFormsOfOneName(firstWord(a), firstWord(b))) return 'alike'
    if (isInitial(a, b) || isInitial(b, a)) return 'initial'
    return likeness >= 0.78 ? 'somewhat' : 'different'
  },
  words(a, b) {
    if (!a.words || !b.words) return 'different'
    const common = commonWords(a.words, b.words)
    if (common >= 0.9) return 'almost'
    const short = Math.min(a.joined.length, b.joined.length)
    if (short >= 4 && a.joined === b.joined) return 'almost'
    if (common >= 0.7 || holdsOther(a, b)) return 'part'
    const likeness = short >= 4 ? likenessOf(a, b, 0.88) : 0
    if (likeness >= 0.95) return 'almost'
    if (likeness >= 0.92) return 'part'
    return common >= 0.4 || likeness >= 0.88 ? 'somewhat' : 'different'
  },
  place(a, b) {
    const likeness = likenessOf(a, b, 0.88)
    if (likeness >= 0.92 || a.joined === b.joined) return 'almost'
    return likeness >= 0.88 || holdsOther(a, b) ? 'alike' : 'different'
  },
  date(a, b) {
    if (!a.day || !b.day) return withinOneEdit(a.text, b.text) ? 'almost' : 'different'
    const [year, month, day] = a.day
    const [otherYear, otherMonth, otherDay] = b.day
    if (year === otherYear && month === otherDay && day === otherMonth) return 'almost'
    if (withinOneEdit(a.text, b.text)) return 'almost'
    const agree = Number(year === otherYear) + Number(month === otherMonth) + Number(day === otherDay)
    return agree === 2 ? 'part' : 'different'
  },
  digits(a, b) {
    const short = Math.min(a.text.length, b.text.length)
    // Of one or two digits every number is an edit away; there only a digit more or less is.
    if ((short >= 3 || a.text.length !== b.text.length) && withinOneEdit(a.text, b.text)) return 'almost'
    return short >= 4 &&
      (a.text.startsWith(b.text) || b.text.startsWith(a.text) || samePrefix(a.text, b.text, 3))
      ? 'part'
      : 'different'
  },
  phone(a, b) {
    const short = Math.min(a.text.length, b.text.length)
    if (short >= 7 && (a.text.endsWith(b.text) || b.text.endsWith(a.text))) return 'same'
    if (short < 7) return 'different'
    return a.text.slice(-7) === b.text.slice(-7) || withinOneEdit(a.text.slice(-10), b.text.slice(-10))
      ? 'almost'
      : 'different'
  },
  email(a, b) {
    const [local, domain] = parts(a.text)
    const [otherLocal, otherDomain] = parts(b.text)
    if (local === otherLocal) return local.length >= 5 ? 'almost' : 'part'
    if (domain === otherDomain) {
      const far = edits(local, otherLocal, 2)
      if (Math.min(local.length, otherLocal.length) >= 5 && far <= 1) return 'almost'
      return far <= 2 && local.length >= 6 ? 'part' : 'different'
    }
    const far = edits(a.text, b.text, 2)
    if (far <= 2 && local.length >= 5) return 'almost'
    return bare(local) === bare(otherLocal) && bare(local).length >= 5 ? 'part' : 'different'
  },
  plain: () => 'different',
}

function firstWord({ words, text }: Term): string {
  return words?.words[0] ?? text
}

// "anna maria" and "anna", "garcia lopez" and "garcia": all words of the shorter are in the longer.
function holdsOther(a: Term, b: Term): boolean {
  if (!a.words || !b.words || a.words.words.length === b.words.words.length) return false
  const [few, many] =
    a.words.words.length < b.words.words.length
      ? [a.words.words, b.words.words]
      : [b.words.words, a.words.words]
  return few.every((word) => word.length > 1 && many.includes(word))
}

function isInitial(short: Term, long: Term): boolean {
  return short.text.length === 1 && long.text.startsWith(short.text)
}

function samePrefix(a: string, b: string, length: number): boolean {
  return a.slice(0, length) === b.slice(0, length)
}

// 0 where it is less than `least`.
function likenessOf(a: Term, b: Term, least: number): number {
  return mayBeAlike(a.joined, a.signs, b.joined, b.signs, least) ? jaroWinkler(a.joined, b.joined) : 0
}

function parts(email: string): [local: string, domain: string] {
  const at = email.lastIndexOf('@')
  return at < 0 ? [email, ''] : [email.slice(0, at), email.slice(at + 1)]
}

function bare(local: string): string {
  return local.replace(/[^\p{L}\p{N}]|\+.*/gu, '')
}
