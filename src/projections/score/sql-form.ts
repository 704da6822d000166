// The fold of the score as ClickHouse's SQL, for many leads at once: the same numbers as `foldScore` to 1e-9. Pure.
import { chSql, conditionSql, joinedBy, param, propertySql } from '../../conditions/index.ts'
import type { Fragment, SqlScope } from '../../conditions/index.ts'
import type { CompiledRules, Deed, Standing } from './compile.ts'
import { fitDimensions } from './rules.ts'

/** What tells events of a rule from others, and how many of them count: rules that share it are counted together. */
interface Matcher {
  deed: Deed
  /** points by slot */
  points: Map<number, number>
  /** slots whose sums it takes away */
  clears: Set<number>
  /** slots in which it is a sign of high intent */
  intent: Set<number>
}

/** Whether rules have a SQL form: what counts only so often within a time is told event by event. */
export function hasSqlForm(compiled: CompiledRules): boolean {
  return [...compiled.deeds.values()].flat().every(({ rule }) => rule.repeats === null)
}

/**
 * Two fragments: the events that rules count, one per lead, as `s_list` of (at, event, matcher, day, asset) in order; and what
 * stands in the columns of `lead_facts`, over its row joined with that.
 * @param events the columns of the log as expressions: the moment in ms, the day, the thing it was about, the lead that it counts for
 */
export function foldSql(
  compiled: CompiledRules,
  scope: SqlScope,
  events: { at: Fragment; day: Fragment; asset: Fragment; lead: Fragment; within: Fragment; isAct: Fragment },
): { sums: Fragment; columns: Record<string, Fragment> } {
  const matchers = matchersOf(compiled)
  const matched = joinedBy(
    ',',
    matchers.map(({ deed }, at) => chSql`if(${eventTest(deed, scope)}, ${whole(at + 1)}, 0)`),
  )
  const sums = chSql`select s_lead, arraySort(groupArrayArray(
      arrayMap(m -> (s_at, s_event, m, s_day, s_asset), s_matchers))) as s_list,
      max(s_act) as s_seen, maxIf(s_at, s_human) as s_human_at
    from (
      select ${events.lead} as s_lead, ${events.at} as s_at, event_id as s_event, ${events.day} as s_day,
             ${events.asset} as s_asset, ${events.isAct} as s_act, s_act and name != 'email_opened' as s_human,
             arrayFilter(m -> m > 0, ${matchers.length === 0 ? chSql`emptyArrayUInt8()` : chSql`[${matched}]`}) as s_matchers
      from events where ${events.within} and is_bot = 0
    ) group by s_lead`
  return { sums, columns: columnsOf(compiled, matchers, scope) }
}

function matchersOf(compiled: CompiledRules): Matcher[] {
  const byKey = new Map<string, Matcher>()
  for (const deeds of compiled.deeds.values()) {
    for (const deed of deeds) {
      const { when, perDay, perAssetAndDay, atMost, only } = deed.rule
      const key = JSON.stringify([when, perDay, perAssetAndDay, atMost, only])
      const matcher = byKey.get(key) ?? { deed, points: new Map(), clears: new Set(), intent: new Set() }
      byKey.set(key, matcher)
      matcher.points.set(deed.slot, (matcher.points.get(deed.slot) ?? 0) + deed.rule.points)
      for (const slot of deed.clears) matcher.clears.add(slot)
      if (deed.rule.isHighIntent) matcher.intent.add(deed.slot)
    }
  }
  return [...byKey.values()]
}

function eventTest(deed: Deed, scope: SqlScope): Fragment {
  return joinedBy('and', [
    chSql`name = ${param('String', deed.event)}`,
    ...deed.where.map((test) => propertySql(test, scope)),
  ])
}

function columnsOf(
  compiled: CompiledRules,
  matchers: readonly Matcher[],
  scope: SqlScope,
): Record<string, Fragment> {
  const { slots, standing } = compiled
  const counted = countedSql(matchers, scope)
  const list = chSql`s_counted`
  // A slot begins anew behind the last event that cleared it.
  const clearedAt = (slot: number) => {
    const clearing = matchers.flatMap(({ clears }, at) => (clears.has(slot) ? [at + 1] : []))
    return clearing.length === 0
      ? null
      : chSql`arrayLastIndex(x -> has([${joinedBy(',', clearing.map(whole))}], x.3), ${list})`
  }
  const remaining = (slot: number) => {
    const cleared = clearedAt(slot)
    return cleared ? chSql`arrayFilter((x, i) -> i > ${cleared}, ${list}, arrayEnumerate(${list}))` : list
  }
  const held = standing.map((one) => ({ ...one, sql: conditionSql(one.when.checked, scope) }))
  const slotSum = (slot: number): Fragment => {
    const { place, halfLifeMs } = slots[slot]!
    const points = matchers.map(({ points: by }) => by.get(slot) ?? 0)
    const left = halfLifeMs === null ? chSql`1` : chSql`exp2(-(s_ref - x.1) / ${real(halfLifeMs)})`
    const done = points.every((one) => one === 0)
      ? chSql`toFloat64(0)`
      : chSql`arraySum(x -> [${joinedBy(',', points.map(real))}][x.3] * ${left}, ${remaining(slot)})`
    const kept = halfLifeMs === null ? held.filter((one) => one.place === place) : []
    return kept.reduce((sum, { rule, sql }) => chSql`${sum} + if(${sql}, ${real(rule.points)}, 0.)`, done)
  }
  const intents = slots.flatMap((_, slot) => {
    const signs = matchers.flatMap(({ intent }, at) => (intent.has(slot) ? [at + 1] : []))
    return signs.length === 0
      ? []
      : [
          chSql`arrayMax(arrayMap(x -> if(has([${joinedBy(',', signs.map(whole))}], x.3), x.1, toInt64(0)), arrayPushFront(${remaining(slot)}, ${NOTHING})))`,
        ]
  })
  const seenByRules = held.filter(({ place, rule }) => !isFit(place) && rule.points > 0)
  const instant = (ms: Fragment) =>
    chSql`if(${ms} = 0, null, fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC'))`
  const fit = Object.fromEntries(
    fitDimensions.flatMap((dimension) => {
      const { value, known } = fitSql(dimension, standing, scope)
      return [
        [`score_${dimension}`, value],
        [`known_${dimension}`, known],
      ]
    }),
  ) as Record<string, Fragment>
  return {
    s_counted: counted,
    s_ref: chSql`arrayMax(arrayMap(x -> x.1, arrayPushFront(${list}, ${NOTHING})))`,
    score_version: chSql`toInt32(${whole(compiled.version)})`,
    score_at: chSql`fromUnixTimestamp64Milli(toInt64(s_ref), 'UTC')`,
    score_sums:
      slots.length === 0
        ? chSql`emptyArrayFloat64()`
        : chSql`[${joinedBy(
            ',',
            slots.map((_, slot) => chSql`toFloat64(${slotSum(slot)})`),
          )}]`,
    ...fit,
    is_seen: [chSql`s_seen > 0`, ...seenByRules.map(({ sql }) => sql)].reduce(
      (any, one) => chSql`(${any} or ${one})`,
    ),
    do_not_contact: compiled.doNotContact ? conditionSql(compiled.doNotContact.checked, scope) : chSql`false`,
    last_human_at: instant(chSql`s_human_at`),
    last_intent_at: intents.length === 0 ? chSql`null` : instant(chSql`greatest(${joinedBy(',', intents)})`),
  }
}

// Caps in the order of the history: per thing and day, then per day, then ever; and rules that hold only for some leads.
function countedSql(matchers: readonly Matcher[], scope: SqlScope): Fragment {
  if (matchers.length === 0) return chSql`s_list`
  const caps = (of: (deed: Deed) => number | null) => {
    const list = matchers.map(({ deed }) => whole(of(deed) ?? UNCAPPED))
    return chSql`[${joinedBy(',', list)}]`
  }
  const capped = (list: Fragment, places: Fragment, cap: Fragment) =>
    chSql`arrayFilter((x, k) -> k <= ${cap}[x.3], ${list}, ${places})`
  const column = (list: Fragment, at: number) => chSql`arrayMap(x -> x.${{ pieces: [String(at)] }}, ${list})`
  const allowed = matchers.map(({ deed }) =>
    deed.only ? chSql`toUInt8(${conditionSql(deed.only.checked, scope)})` : chSql`toUInt8(1)`,
  )
  const isConditional = matchers.some(({ deed }) => deed.only !== null)
  const all = isConditional
    ? chSql`arrayFilter(x -> [${joinedBy(',', allowed)}][x.3] = 1, s_list)`
    : chSql`s_list`
  const byAsset = capped(
    all,
    chSql`arrayEnumerateUniq(${column(all, 3)}, ${column(all, 4)}, ${column(all, 5)})`,
    caps(({ rule }) => rule.perAssetAndDay),
  )
  const byDay = capped(
    byAsset,
    chSql`arrayEnumerateUniq(${column(byAsset, 3)}, ${column(byAsset, 4)})`,
    caps(({ rule }) => rule.perDay),
  )
  return capped(
    byDay,
    chSql`arrayEnumerateUniq(${column(byDay, 3)})`,
    caps(({ rule }) => rule.atMost),
  )
}

// Of a criterion the best rule that holds counts; one of which nothing is known is left out.
function fitSql(
  dimension: (typeof fitDimensions)[number],
  standing: readonly Standing[],
  scope: SqlScope,
): { value: Fragment; known: Fragment } {
  const byCriterion = new Map<string, Standing[]>()
  for (const one of standing) {
    if (one.place !== dimension) continue
    const criterion = one.rule.criterion === '' ? one.rule.id : `criterion ${one.rule.criterion}`
    byCriterion.set(criterion, [...(byCriterion.get(criterion) ?? []), one])
  }
  const parts = [...byCriterion.values()].map((rules) => {
    const sorted = [...rules].sort((a, b) => b.rule.points - a.rule.points)
    const best = sorted.reduceRight<Fragment>(
      (rest, { rule, when }) =>
        chSql`if(${conditionSql(when.checked, scope)}, ${real(rule.points)}, ${rest})`,
      chSql`0.`,
    )
    const known = sorted
      .map(({ known: question }) => conditionSql(question.checked, scope))
      .reduce((any, one) => chSql`(${any} or ${one})`, chSql`${best} > 0`)
    return { best, known, most: sorted[0]!.rule.points }
  })
  if (parts.length === 0) return { value: chSql`cast(null, 'Nullable(Float64)')`, known: chSql`toFloat64(0)` }
  const sumOf = (of: (part: (typeof parts)[number]) => Fragment) => {
    const [first, ...others] = parts.map(of)
    return chSql`(${others.reduce((sum, one) => chSql`${sum} + ${one}`, first!)})`
  }
  const attainable = sumOf(({ known, most }) => chSql`if(${known}, ${real(most)}, 0.)`)
  const all = parts.reduce((sum, { most }) => sum + most, 0)
  return {
    value: chSql`if(${attainable} = 0, null, 100 * ${sumOf(({ best }) => best)} / ${attainable})`,
    known: chSql`${attainable} / ${real(all)}`,
  }
}

const UNCAPPED = 1_000_000_000
/** Before all events, so that a list is never empty. */
const NOTHING = chSql`(toInt64(0), toUUID('00000000-0000-0000-0000-000000000000'), toUInt8(0), toInt32(0), '')`

function isFit(place: string): boolean {
  return fitDimensions.some((dimension) => dimension === place)
}

function whole(value: number): Fragment {
  return { pieces: [String(Math.trunc(value))] }
}

function real(value: number): Fragment {
  return param('Float64', value)
}
