// Finds duplicates in a table: pairs with a probability and its reasons, and the groups that they come to.
import { candidatesOf } from './candidates.ts'
import { groupLinks } from './cluster.ts'
import type { Grouping, Link } from './cluster.ts'
import { traits } from './kinds.ts'
import { MISSING, comparerOf } from './levels.ts'
import { begin, learn } from './learn.ts'
import { probabilityOf, scaleOf, ties } from './model.ts'
import type { Model, Scale } from './model.ts'
import { compareCandidates } from './pairs.ts'
import { prepareRecords } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import { recogniseColumns } from './recognise.ts'
import type { RawColumn, Recognised, Subject } from './recognise.ts'
import { reasonsOf } from './reasons.ts'
import type { Reason } from './reasons.ts'

/** A file's records, column by column. */
export interface Table {
  columns: readonly RawColumn[]
  /** by record, what names it in the answer; never compared */
  ids: readonly string[]
}

export interface FindOptions {
  /** headers of columns that name the record */
  idColumns?: readonly string[]
  /** headers of columns that are not compared */
  ignored?: readonly string[]
  /** ISO 3166 country of phone numbers without country code */
  region?: string
  /** pairs from this probability on are given and grouped */
  reviewAt?: number
  /** pairs from this probability on may be merged without a person */
  mergeAt?: number
  /** told now and then how many pairs were compared, of how many at most */
  onProgress?: (compared: number, most: number) => void
}

/** Two records that may be one; `a` and `b` are records of the table. */
export interface FoundPair {
  a: number
  b: number
  probability: number
  reasons: Reason[]
  /** may not be merged by itself, whatever else agrees */
  needsPerson: NeedsPerson | null
}

export type NeedsPerson =
  'birth_dates_differ' | 'registered_numbers_differ' | 'names_differ' | 'only_names_agree'

export interface FoundGroup {
  /** records of the table, ascending */
  records: number[]
  /** of the weakest link that was followed */
  probability: number
}

export interface Found {
  recognised: Recognised
  prepared: Prepared
  model: Model
  rules: string[]
  candidates: number
  /** the surest first */
  pairs: FoundPair[]
  groups: FoundGroup[]
  refused: { a: number; b: number; because: Grouping['refused'][number]['because'] }[]
}

/** What is merged by itself and what is shown to a person, where nobody chose otherwise. */
export const thresholds = { merge: 0.99, review: 0.8 }

/** The highest probability of a pair that a person has to look at. */
export const cautious = 0.98

/** Finds duplicates. The order of the records decides nothing. */
export function findDuplicates(table: Table, options: FindOptions = {}): Found {
  const steps = findInSteps(table, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same in steps of some milliseconds to a tenth of a second, for a process that has others to answer meanwhile. */
export function* findInSteps(table: Table, options: FindOptions = {}): Generator<undefined, Found> {
  const { reviewAt = thresholds.review } = options
  const recognised = recogniseColumns(table.columns, table.ids.length, {
    ids: new Set(options.idColumns ?? []),
    ignored: new Set(options.ignored ?? []),
    region: options.region,
  })
  const prepared = prepareRecords(table.columns, recognised, table.ids)
  yield
  const beginning = yield* begin(prepared, recognised.subject)
  const candidates = yield* candidatesOf(prepared)
  const compared = yield* compareCandidates(prepared, candidates, beginning.model, options.onProgress)
  const model = yield* learn(prepared, beginning, compared)

  const scale = scaleOf(prepared, model)
  const width = prepared.columns.length
  const odds = new Float64Array(ties.length)
  const links: (Link & { at: number })[] = []
  for (let at = 0; at < compared.count; at++) {
    scale.odds(compared.levels, at * width, compared.first[at]!, odds)
    const probability = probabilityOf(odds, model.shares)
    if (probability < reviewAt) continue
    links.push({ a: compared.first[at]!, b: compared.second[at]!, probability, at })
  }
  const pairs = links.map(({ a, b, probability, at }) => {
    const levels = compared.levels.subarray(at * width, (at + 1) * width)
    const needsPerson = cautionOf(prepared, model.subject, scale, levels, a)
    const [one, other] = [prepared.recordAt[a]!, prepared.recordAt[b]!]
    return {
      a: Math.min(one, other),
      b: Math.max(one, other),
      probability: needsPerson ? Math.min(probability, cautious) : probability,
      reasons: reasonsOf(prepared, scale, levels, a),
      needsPerson,
    }
  })
  const { groups, refused } = groupLinks(links, evidenceIn(prepared, model, scale))
  const byPlaces = new Map(
    links.map(({ a, b }, at) => [a * prepared.recordCount + b, pairs[at]!.probability]),
  )
  return {
    recognised,
    prepared,
    model,
    rules: candidates.rules,
    candidates: compared.candidates,
    pairs: pairs.sort((x, y) => y.probability - x.probability || x.a - y.a || x.b - y.b),
    groups: groups.map((places) => ({
      records: places.map((place) => prepared.recordAt[place]!).sort((x, y) => x - y),
      probability: weakestOf(places, (a, b) => byPlaces.get(a * prepared.recordCount + b) ?? 0),
    })),
    refused: refused.map(({ link, because }) => ({
      a: prepared.recordAt[link.a]!,
      b: prepared.recordAt[link.b]!,
      because,
    })),
  }
}

// Twins share everything but a given name, father and son everything but the date of birth; a name alone is nobody.
function cautionOf(
  { columns }: Prepared,
  subject: Subject,
  scale: Scale,
  levels: Uint8Array,
  record: number,
): NeedsPerson | null {
  let beyondNames = 0
  // One name in the other's place leaves the others of the two to agree, or they are two names.
  let isMoved = false
  let isOtherName = false
  for (let at = 0; at < columns.length; at++) {
    const level = levels[at]!
    if (level === MISSING) continue
    const { kind } = columns[at]!
    const { name } = traits[kind].levels[level]!
    const isDifferent = name === 'different'
    if (kind === 'first_name') isMoved = name === 'moved'
    if (kind === 'last_name') isOtherName = isDifferent
    if (isDifferent && kind === 'birth_date') return 'birth_dates_differ'
    if (isDifferent && kind === 'government_id') return 'registered_numbers_differ'
    if (isDifferent && kind === (subject === 'people' ? 'first_name' : 'company')) return 'names_differ'
    if (!nameKinds[subject].has(kind))
      beyondNames += Math.max(0, Math.log2(scale.ratio(at, levels, 0, record)))
  }
  if (isMoved && isOtherName) return 'names_differ'
  return beyondNames < 3 ? 'only_names_agree' : null
}

const nameKinds: Record<Subject, ReadonlySet<string>> = {
  people: new Set(['first_name', 'middle_name', 'last_name', 'gender']),
  companies: new Set(['company']),
}

// Linked through others, two records are as likely one as not to begin with.
function evidenceIn(prepared: Prepared, model: Model, scale: Scale): (a: number, b: number) => number {
  const compare = comparerOf(prepared.columns)
  const levels = new Uint8Array(prepared.columns.length)
  const odds = new Float64Array(ties.length)
  const ids = prepared.columns.flatMap(({ kind }, at) => (kind === 'government_id' ? [at] : []))
  const related = ties.reduce((sum, tie) => (tie === 'one' ? sum : sum + model.shares[tie]), 0)
  const even = { ...model.shares }
  const raise = 0.5 / (model.shares.one + related)
  for (const tie of ties) even[tie] = model.shares[tie] * raise
  return (a, b) => {
    compare(a, b, levels, 0)
    if (
      ids.some(
        (at) => levels[at] !== MISSING && traits.government_id.levels[levels[at]!]!.name === 'different',
      )
    )
      return -Infinity
    scale.odds(levels, 0, a, odds)
    const probability = probabilityOf(odds, even)
    return Math.log2(probability / (1 - probability))
  }
}

// The weakest of the links that hold the group together: the surest tree over it.
function weakestOf(places: readonly number[], probabilityBetween: (a: number, b: number) => number): number {
  const reached = new Set([places[0]!])
  let weakest = 1
  while (reached.size < places.length) {
    let best = -1
    let next = places[0]!
    for (const a of reached) {
      for (const b of places) {
        if (reached.has(b)) continue
        const probability = probabilityBetween(Math.min(a, b), Math.max(a, b))
        if (probability > best) [best, next] = [probability, b]
      }
    }
    reached.add(next)
    weakest = Math.min(weakest, best)
  }
  return weakest
}
