// Keys under which records meet that may be the same: of single columns, and of two columns together.
import { mixPair, textHash } from './draw.ts'
import { traits } from './kinds.ts'
import type { Column, Prepared } from './prepare.ts'
import { soundKey } from './sound.ts'
import type { Term } from './terms.ts'

/** A way to find candidates: records with the same key (not 0) meet. */
export interface KeyRule {
  name: string
  /** by place of the record */
  keyOf: Uint32Array
}

/** One key of one column. */
interface ColumnKey {
  column: number
  name: string
  /** too many records have it to stand alone */
  isCoarse: boolean
  ofTerm: Uint32Array
}

/** Every rule that these columns allow: each key that is fine enough alone, and each two keys of different columns. */
export function* keyRules({ columns, recordCount }: Prepared): Generator<KeyRule> {
  const keys = columns.flatMap((column, at) => keysOf(column, at))
  for (const key of keys) if (!key.isCoarse) yield ruleOf([key])
  for (let one = 0; one < keys.length; one++) {
    for (let other = one + 1; other < keys.length; other++) {
      if (keys[one]!.column !== keys[other]!.column) yield ruleOf([keys[one]!, keys[other]!])
    }
  }
  const crossed = crossedNames()
  if (crossed) yield crossed

  function ruleOf(parts: ColumnKey[]): KeyRule {
    const keyOf = new Uint32Array(recordCount)
    for (let record = 0; record < recordCount; record++) {
      let key = 0
      for (const { column, ofTerm } of parts) {
        const term = columns[column]!.termOf[record]!
        const part = term < 0 ? 0 : ofTerm[term]!
        if (part === 0) {
          key = 0
          break
        }
        key = mixPair(key, part) || 1
      }
      keyOf[record] = key
    }
    return {
      name: parts.map(({ column, name }) => `${columns[column]!.header} (${name})`).join(' and '),
      keyOf,
    }
  }

  // First and last name in either order.
  function crossedNames(): KeyRule | undefined {
    const first = columns.findIndex(({ kind }) => kind === 'first_name')
    const last = columns.findIndex(({ kind }) => kind === 'last_name')
    if (first < 0 || last < 0) return undefined
    const sounds = [first, last].map((at) => columns[at]!.terms.map(({ text }) => textHash(soundKey(text))))
    const keyOf = new Uint32Array(recordCount)
    for (let record = 0; record < recordCount; record++) {
      const [a, b] = [first, last].map((at, side) => sounds[side]![columns[at]!.termOf[record]!])
      if (a !== undefined && b !== undefined) keyOf[record] = mixPair(Math.min(a, b), Math.max(a, b)) || 1
    }
    return { name: 'both names in either order', keyOf }
  }
}

function keysOf(column: Column, at: number): ColumnKey[] {
  const made = (name: string, isCoarse: boolean, key: (term: Term) => string | null): ColumnKey => ({
    column: at,
    name,
    isCoarse,
    ofTerm: Uint32Array.from(column.terms, (term) => {
      const text = key(term)
      return text === null || text === '' ? 0 : textHash(text, 0x811c9dc5 + at) || 1
    }),
  })
  switch (traits[column.kind].comparison) {
    case 'name':
      return [
        made('sound', false, ({ text, words }) => soundKey(words?.words[0] ?? text)),
        made('beginning', true, ({ text }) => text.slice(0, 3)),
        made('initial', true, ({ text }) => text.slice(0, 1)),
      ]
    case 'words': {
      const rarest = column.terms.map((term) => rareWords(term))
      const place = new Map(column.terms.map((term, index) => [term, index]))
      return [
        made('rarest word', false, (term) => rarest[place.get(term)!]![0] ?? null),
        made('second rarest word', false, (term) => rarest[place.get(term)!]![1] ?? null),
        made('sound of the rarest word', false, (term) => soundKey(rarest[place.get(term)!]![0] ?? '')),
        made('beginning', false, ({ text }) => text.replaceAll(' ', '').slice(0, 6)),
      ]
    }
    case 'place':
      return [made('sound', true, ({ text }) => soundKey(text.replaceAll(' ', '')))]
    case 'date':
      return [
        made('whole', false, ({ text }) => text),
        made('year and month', true, ({ day }) => (day ? `${day[0]}-${day[1]}` : null)),
        made('day of the year', true, ({ day }) =>
          day ? `${Math.min(day[1], day[2])}-${Math.max(day[1], day[2])}` : null,
        ),
        made('year', true, ({ day }) => (day ? String(day[0]) : null)),
      ]
    case 'digits':
      return [
        made('whole', false, ({ text }) => text),
        made('beginning', true, ({ text }) => (text.length >= 4 ? text.slice(0, 3) : null)),
      ]
    case 'phone':
      return [
        made('last seven digits', false, ({ text }) => text.slice(-7)),
        made('last four digits', true, ({ text }) => text.slice(-4)),
      ]
    case 'email':
      return [
        made('whole', false, ({ text }) => text),
        made('before the @', false, ({ text }) => text.split('@')[0]!.replace(/[^\p{L}\p{N}]/gu, '')),
      ]
    case 'plain':
      return [made('whole', true, ({ text }) => text)]
  }
}

function rareWords({ words }: Term): string[] {
  if (!words) return []
  return words.words
    .map((word, at) => ({ word, weight: words.weights[at]! }))
    .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1))
    .slice(0, 2)
    .map(({ word }) => word)
}
