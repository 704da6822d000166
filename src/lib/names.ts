// Takes names apart and compares them, without knowing more about people than the name tells.

export interface NameParts {
  firstName: string | null
  lastName: string | null
}

/**
 * Splits a full name into first and last name; what was given stays as written, only blanks are tidied.
 *
 * `Last, First` is turned round; titles (Dr, Mrs) and suffixes (Jr, PhD) are left out; particles belong to the
 * surname (`van der Berg`); where the name is written in Han, kana or Hangul with a blank, the family name is first.
 * One word is a first name: a last name is never invented. Empty or without a letter: both null.
 */
export function splitName(full: string): NameParts {
  const text = full.slice(0, 400).normalize('NFC').replace(/\s+/gu, ' ').trim()
  if (!/\p{L}/u.test(text)) return { firstName: null, lastName: null }
  const comma = text.indexOf(',')
  if (comma > 0) {
    const before = text.slice(0, comma).trim()
    const after = withoutExtras(
      text
        .slice(comma + 1)
        .replaceAll(',', ' ')
        .trim()
        .split(' '),
      0,
    )
    if (after.length > 0 && before !== '') return parts(after, before.split(' '))
    return splitWords(withoutExtras(before.split(' ')))
  }
  return splitWords(withoutExtras(text.split(' ')))
}

/**
 * The form in which two surnames are compared: NFKC, case folded, diacritics of Latin, Greek and Cyrillic letters
 * folded (ø, ł, ß and the like too), everything that is no letter dropped: `O'Brien`, `OBRIEN` and `O Brien` are one.
 * Null where the name is no evidence: no letter, a single Latin letter, or a word such as `unknown`.
 * Müller is `muller` and not Mueller: spelling variants are left to the fuzzy comparison.
 */
export function surnameKey(surname: string | null | undefined): string | null {
  if (!surname) return null
  const key = fold(surname.slice(0, 200))
  if (key === '' || emptyWords.has(key)) return null
  return key.length === 1 && /^[a-z\u03b1-\u03c9\u0430-\u044f]$/.test(key) ? null : key
}

const titles = new Set(
  'dr dipl dott drs eng fr frau hr herr ing ir lady lord m madam madame mag me miss mlle mme mr mrs ms mx prof professor rev señor señora sig sir sr sra'.split(
    ' ',
  ),
)
const suffixes = new Set('bsc cpa esq ii iii iv jr jun junior mba md msc phd sen senior snr sr'.split(' '))
const particles = new Set(
  `'t al ap af av bin bint da das de del dela della den der des di do dos du el ibn la las le lo los op san santa st
  te ten ter van vande vander vom von y zu zum zur`.split(/\s+/),
)
const emptyWords = new Set(
  'anonymous customer guest kunde kund lastname name na nachname none null surname test tester unknown undefined'.split(
    ' ',
  ),
)

// With `keepOne`, the last word stands even if it looks like a title: somebody is called King, Sr or Ma.
function withoutExtras(words: string[], keepOne = 1): string[] {
  let start = 0
  let end = words.length
  while (end - start > keepOne && isExtra(words[start], titles)) start++
  while (end - start > keepOne && (isExtra(words[end - 1], suffixes) || isExtra(words[end - 1], titles)))
    end--
  return words.slice(start, end)
}

function isExtra(word: string | undefined, extras: Set<string>): boolean {
  return word === undefined || word === '' || extras.has(word.toLowerCase().replaceAll('.', ''))
}

const familyNameFirst = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー・]+$/u

function splitWords(words: string[]): NameParts {
  if (words.length < 2) return parts(words, [])
  if (words.length === 2 && words.every((word) => familyNameFirst.test(word))) {
    return parts(words.slice(1), words.slice(0, 1))
  }
  let surnameAt = words.length - 1
  // "Ortega y Gasset" is one surname of two families.
  if (surnameAt > 2 && words[surnameAt - 1] === 'y') surnameAt -= 2
  while (surnameAt > 1 && particles.has((words[surnameAt - 1] ?? '').toLowerCase())) surnameAt--
  return parts(words.slice(0, surnameAt), words.slice(surnameAt))
}

function parts(first: string[], last: string[]): NameParts {
  return { firstName: first.join(' ') || null, lastName: last.join(' ') || null }
}

// Letters that Unicode does not take apart, and how they are written without their stroke.
const unfolded: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ŧ: 't',
  ς: 'σ',
}

/**
 * The letters of a text in the form in which names are compared: NFKC, case folded, diacritics of Latin, Greek and Cyrillic
 * letters folded (ø, ł, ß and the like too), everything that is no letter dropped.
 */
export function fold(text: string): string {
  if (/^[a-z]+$/i.test(text)) return text.toLowerCase()
  // Upper case first, so that letters with several small forms meet; only the marks of European scripts are dropped:
  // in Devanagari or Thai the marks are the vowels.
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
  return plain
    .normalize('NFC')
    .replace(/[ßæœøłđðþħıŋŧς]/g, (letter) => unfolded[letter] ?? letter)
    .replace(/[^\p{L}\p{M}]/gu, '')
}
