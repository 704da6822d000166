// Learns the model from the file itself: m by expectation and maximisation over the candidates, u from random pairs.
import { stateOf } from './agreement.ts'
import { chancesOf, drawPairs } from './chances.ts'
import { findLeanings } from './dependence.ts'
import type { Leaning, SampledPairs } from './dependence.ts'
import { relations, traits } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { MISSING } from './levels.ts'
import { probabilityOf, relationsOf, scaleOf, strangersOf, ties } from './model.ts'
import type { Model, Tie } from './model.ts'
import type { Compared } from './pairs.ts'
import type { Prepared } from './prepare.ts'
import type { Subject } from './recognise.ts'

/** Duplicates expected for each record, and related pairs, before a file is seen; of a large file, the file says more than this. */
const expectedPairs: Record<Tie, number> = {
  one: 0.05,
  household: 0.05,
  colleagues: 0.05,
  neighbours: 0.05,
  branches: 0.02,
}
const mostExpected = 1_200

/** What a file looks like before its candidates are weighed, and what is needed to weigh them better. */
export interface Beginning {
  model: Model
  random: SampledPairs
  leanings: (Leaning | null)[]
}

/** What is expected before anything is counted but the values. */
export function* begin(prepared: Prepared, subject: Subject): Generator<undefined, Beginning> {
  const random = yield* drawPairs(prepared)
  const everyone = (sample: SampledPairs) => new Float64Array(sample.count).fill(1)
  const none = prepared.columns.map(() => null)
  const expected = prepared.columns.map(({ kind }) =>
    Float64Array.from(traits[kind].levels, (level) => level.expected),
  )
  const guess: Model = {
    subject,
    columns: chancesOf(prepared, random, none, everyone).map((chances, at) => ({
      on: [],
      agreement: [expected[at]!, expected[at]!],
      chances,
    })),
    shares: sharesOf(prepared, subject, {}, prepared.recordCount),
  }
  const agreement = Float64Array.from(guess.columns, ({ chances }) => chances.ofLevel[0]!)
  yield
  const leanings = findLeanings(prepared, agreement, weigher(prepared, guess))
  const model = withChances(prepared, guess, random, leanings)
  return { model, random, leanings }
}

/**
 * Learns from compared candidates. Pairs outside them count as strangers, so that the shares are those of all pairs of the
 * file. What a kind is expected to do counts as some matched pairs of its own, which carries a file of few rows.
 */
export function* learn(
  prepared: Prepared,
  { model: first, random, leanings }: Beginning,
  compared: Compared,
): Generator<undefined, Model> {
  let model = first
  for (let round = 0; round < 2; round++) {
    for (let step = 0; step < 12; step++) {
      const next = improve(prepared, model, compared)
      const change = Math.abs(Math.log(next.shares.one / model.shares.one))
      model = next
      yield
      if (change < 1e-4 && step > 3) break
    }
    model = withChances(prepared, model, random, leanings)
    yield
  }
  return model
}

function improve(prepared: Prepared, model: Model, { count, levels, first }: Compared): Model {
  const kinds = prepared.columns.map(({ kind }) => kind)
  const width = kinds.length
  const scale = scaleOf(prepared, model)
  const seen = kinds.map((kind) => [0, 1].map(() => new Float64Array(traits[kind].levels.length)))
  const found = new Float64Array(ties.length)
  const odds = new Float64Array(ties.length)
  for (let pair = 0; pair < count; pair++) {
    const offset = pair * width
    scale.odds(levels, offset, first[pair]!, odds)
    const one = probabilityOf(odds, model.shares)
    const unit = one / (odds[0]! * model.shares.one)
    for (let tie = 0; tie < ties.length; tie++) found[tie]! += odds[tie]! * model.shares[ties[tie]!] * unit
    if (one < 1e-4) continue
    for (let at = 0; at < width; at++) {
      const level = levels[offset + at]!
      if (level !== MISSING) seen[at]![stateOf(model.columns[at]!.on, kinds, levels, offset)]![level]! += one
    }
  }
  const columns = model.columns.map((column, at) => {
    const [apart, together] = seen[at]!
    return {
      ...column,
      agreement: [agreementOf(kinds[at]!, apart!), agreementOf(kinds[at]!, together!)] as const,
    }
  })
  const counted = Object.fromEntries(ties.map((tie, at) => [tie, found[at]!]))
  return { ...model, columns, shares: sharesOf(prepared, model.subject, counted) }
}

function agreementOf(kind: Kind, seen: Float64Array): Float64Array {
  const { levels, trust } = traits[kind]
  const total = seen.reduce((sum, part) => sum + part, 0) + trust
  return seen.map((part, level) => (part + levels[level]!.expected * trust) / total)
}

function sharesOf(
  { recordCount }: Prepared,
  subject: Subject,
  found: Partial<Record<Tie, number>>,
  records = Math.min(recordCount, mostExpected),
): Model['shares'] {
  const pairs = Math.max(1, (recordCount * (recordCount - 1)) / 2)
  const looked = relationsOf[subject]
  const shareOf = (tie: Tie) => {
    const expected = expectedPairs[tie] * records
    return Math.min(0.2, (expected + (found[tie] ?? 0)) / (pairs + expected))
  }
  const shares: Model['shares'] = {
    one: shareOf('one'),
    household: 0,
    colleagues: 0,
    neighbours: 0,
    branches: 0,
  }
  for (const relation of relations) if (looked.includes(relation)) shares[relation] = shareOf(relation)
  return shares
}

// Pairs that are likely one person, or related, say nothing of strangers.
function withChances(
  prepared: Prepared,
  model: Model,
  random: SampledPairs,
  leanings: readonly (Leaning | null)[],
): Model {
  const chances = chancesOf(prepared, random, leanings, weigher(prepared, model))
  return {
    ...model,
    columns: model.columns.map((column, at) => ({
      ...column,
      on: leanings[at]?.on ?? [],
      chances: chances[at]!,
    })),
  }
}

function weigher(prepared: Prepared, model: Model): (sample: SampledPairs) => Float64Array {
  const scale = scaleOf(prepared, model)
  const odds = new Float64Array(ties.length)
  return ({ count, levels, pairs }) => {
    const weights = new Float64Array(count)
    for (let pair = 0; pair < count; pair++) {
      scale.odds(levels, pair * prepared.columns.length, pairs[2 * pair]!, odds)
      weights[pair] = strangersOf(odds, model.shares)
    }
    return weights
  }
}
