// The model of Fellegi and Sunter: how each level of agreement speaks for one person, for related ones, or for strangers.
import { stateOf } from './agreement.ts'
import type { Chances } from './chances.ts'
import { relations, traits } from './kinds.ts'
import type { Relation } from './kinds.ts'
import { MISSING } from './levels.ts'
import type { Prepared } from './prepare.ts'
import type { Subject } from './recognise.ts'

/** What two records can be to each other, beside strangers. */
export const ties = ['one', ...relations] as const
export type Tie = (typeof ties)[number]

/** What was learned of a file. */
export interface Model {
  subject: Subject
  columns: ColumnModel[]
  /** the share of each tie among all pairs of the file; strangers are the rest */
  shares: Record<Tie, number>
}

export interface ColumnModel {
  /** columns that it leans on: where they agree, the second of each two below holds */
  on: readonly number[]
  /** by level: how often records of one person or company stand there (m) */
  agreement: readonly [Float64Array, Float64Array]
  chances: Chances
}

/** Which relations are looked for: people share homes and firms, companies share addresses and brands. */
export const relationsOf: Record<Subject, readonly Relation[]> = {
  people: ['household', 'colleagues'],
  companies: ['neighbours', 'branches'],
}

/** A place for the odds of each tie, filled by `oddsOf`. */
export type Odds = Float64Array

/** Weighs pairs of records; made once for a model. */
export interface Scale {
  /**
   * The odds of each tie against strangers for one pair: the product over the columns of m/u, where u of `same` is the frequency
   * of the very value, and where related records agree in part as one person does, in part as strangers do.
   * @param levels the levels of the pair, from `offset` on
   * @param record one of the two, whose values are looked up where both say the same
   * @param into by tie, in the order of `ties`; relations that are not looked for are 0
   */
  odds(levels: Uint8Array, offset: number, record: number, into: Odds): void
  /** m/u of one column, as `odds` takes it; 1 where one of the records says nothing */
  ratio(at: number, levels: Uint8Array, offset: number, record: number): number
}

export function scaleOf({ columns }: Prepared, model: Model): Scale {
  const kinds = columns.map(({ kind }) => kind)
  const looked = ties.map(
    (tie) => tie === 'one' || relationsOf[model.subject].some((relation) => relation === tie),
  )
  const shared = kinds.map((kind) =>
    Float64Array.from(ties, (tie) => (tie === 'one' ? 1 : traits[kind].shared[tie as Relation])),
  )
  const sameAmong = kinds.map((kind) =>
    ties.map((tie) => (tie === 'one' ? undefined : traits[kind].sameAmong?.[tie])),
  )
  const hasOwn = sameAmong.map((list) => list.some((same) => same !== undefined))
  function agreementAt(at: number, levels: Uint8Array, offset: number): number {
    const { on, agreement } = model.columns[at]!
    return agreement[stateOf(on, kinds, levels, offset)][levels[offset + at]!]!
  }
  function ratio(at: number, levels: Uint8Array, offset: number, record: number): number {
    const level = levels[offset + at]!
    if (level === MISSING) return 1
    const { on, agreement, chances } = model.columns[at]!
    const state = stateOf(on, kinds, levels, offset)
    const known = state === 1 && chances.leaning ? chances.leaning : chances
    const chance = level === 0 ? known.ofTerm[columns[at]!.termOf[record]!]! : known.ofLevel[level]!
    return agreement[state][level]! / chance
  }
  return {
    ratio,
    odds(levels, offset, record, into) {
      for (let tie = 0; tie < ties.length; tie++) into[tie] = looked[tie] ? 1 : 0
      for (let at = 0; at < columns.length; at++) {
        if (levels[offset + at] === MISSING) continue
        const found = ratio(at, levels, offset, record)
        const share = shared[at]!
        const isSame = hasOwn[at] && levels[offset + at] === 0
        for (let tie = 0; tie < ties.length; tie++) {
          const same = isSame ? sameAmong[at]![tie] : undefined
          into[tie]! *=
            same === undefined
              ? 1 - share[tie]! + share[tie]! * found
              : same * (found / agreementAt(at, levels, offset))
        }
      }
    },
  }
}

/** The probability of one person or company, of the odds of a pair. */
export function probabilityOf(odds: Odds, shares: Model['shares']): number {
  const one = odds[0]! * shares.one
  return one / (one + notOne(odds, shares))
}

/** The probability that two are strangers: neither one nor related. */
export function strangersOf(odds: Odds, shares: Model['shares']): number {
  return strangersShare(shares) / (odds[0]! * shares.one + notOne(odds, shares))
}

function notOne(odds: Odds, shares: Model['shares']): number {
  let sum = strangersShare(shares)
  for (let tie = 1; tie < ties.length; tie++) sum += odds[tie]! * shares[ties[tie]!]
  return sum
}

function strangersShare(shares: Model['shares']): number {
  let share = 1
  for (const tie of ties) share -= shares[tie]
  return share
}
