// Reads the score at a moment from what is stored of a lead: the same in memory and as ClickHouse's SQL over `lead_facts`. Pure.
import { chSql, identifier, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import type { FactState } from '../../leads/index.ts'
import { DAY_MS, slotsOf } from './compile.ts'
import type { Slot } from './compile.ts'
import { left } from './fold.ts'
import { deedDimensions, dimensions } from './rules.ts'
import type { DeedDimension, Dimension, Grade, ScoreRules, ScoreScale, Temperature } from './rules.ts'

/** What the reading goes by: rules of a version, and the workspace's scale. */
export interface ScoreReading {
  version: number
  rules: ScoreRules
  scale: ScoreScale
  slots: readonly Slot[]
}

/** A score at a moment: points 0 to 100; null where nothing is known that the rules ask for. */
export interface ScoreNow {
  total: number | null
  components: Record<Dimension, number | null>
  /** below 0: what deductions take off the weighted sum before it is held within 0 and 100 */
  deductions: number
  /** the share of what the rules ask for that is known, 0 to 1 */
  confidence: number
  grade: Grade | null
  temperature: Temperature
}

export function readingOf(version: number, rules: ScoreRules, scale: ScoreScale): ScoreReading {
  return { version, rules, scale, slots: slotsOf(rules) }
}

/**
 * The score at a moment. `component = 100 * (1 - 2^(-S / S50))` for what somebody did, the total the weighted mean of what is
 * known plus deductions: saturating, never above 100, falling with silence.
 * @param facts of the version of the reading
 */
export function readScore(facts: FactState, reading: ScoreReading, now: number): ScoreNow {
  const { rules } = reading
  const components: Record<Dimension, number | null> = {
    demographic: facts.score_demographic ?? null,
    firmographic: facts.score_firmographic ?? null,
    behavioural: deedComponent('behavioural', facts, reading, now),
    engagement: deedComponent('engagement', facts, reading, now),
    intent: deedComponent('intent', facts, reading, now),
  }
  let weighted = 0
  let weights = 0
  for (const dimension of dimensions) {
    const value = components[dimension]
    if (value === null) continue
    weighted += rules.dimensions[dimension].weight * value
    weights += rules.dimensions[dimension].weight
  }
  const deductions = placeSum('deductions', facts, reading, now)
  const total = weights === 0 ? null : Math.max(0, Math.min(100, weighted / weights + deductions))
  return {
    total,
    components,
    deductions,
    confidence: confidenceOf(facts, rules),
    grade: total === null ? null : gradeOf(total, rules),
    temperature: temperatureOf(total, facts, rules, now),
  }
}

/** The weights by which what is known counts; they add up to 1, and are 0 for what is not known. */
export function effectiveWeights(now: ScoreNow, rules: ScoreRules): Record<Dimension, number> {
  const own = (dimension: Dimension) =>
    now.components[dimension] === null ? 0 : rules.dimensions[dimension].weight
  const sum = dimensions.reduce((total, dimension) => total + own(dimension), 0)
  return Object.fromEntries(
    dimensions.map((dimension) => [dimension, sum === 0 ? 0 : own(dimension) / sum]),
  ) as Record<Dimension, number>
}

/** The points of a place at a moment: what its slots have left. */
export function placeSum(
  place: Slot['place'],
  facts: FactState,
  { slots }: ScoreReading,
  now: number,
): number {
  const at = Date.parse(facts.score_at ?? '')
  let sum = 0
  slots.forEach((slot, index) => {
    const points = slot.place === place ? (facts.score_sums?.[index] ?? 0) : 0
    if (points !== 0) sum += points * left(now - at, slot.halfLifeMs)
  })
  return sum
}

/** What `verdictSql` gives the place of. */
export const verdictWords = ['', 'A+', 'A', 'B', 'C', 'D', 'hot', 'warm', 'cold', 'do_not_contact'] as const

/** Columns and expressions over `lead_facts` at a moment; null where a lead is not scored by any of the readings. */
export interface ScoreSql {
  total: Fragment
  components: Record<Dimension, Fragment>
  deductions: Fragment
  confidence: Fragment
  /** '' where there is none */
  grade: Fragment
  temperature: Fragment
}

/**
 * The score at a moment as SQL; `readScore` gives the same to 1e-9.
 * @param readings by version: while rules are adopted, some leads are scored by those before
 */
export function scoreSql(readings: readonly ScoreReading[], now: number): ScoreSql {
  const parts = readings.map((reading) => ({ reading, sql: oneScoreSql(reading, now) }))
  const by = (of: (sql: ScoreSql) => Fragment, otherwise: Fragment) =>
    parts.reduce<Fragment>(
      (rest, { reading, sql }) =>
        chSql`if(score_version = ${param('Int64', reading.version)}, ${of(sql)}, ${rest})`,
      otherwise,
    )
  const none = chSql`cast(null, 'Nullable(Float64)')`
  return {
    total: by(({ total }) => total, none),
    components: Object.fromEntries(
      dimensions.map((dimension) => [dimension, by(({ components }) => components[dimension], none)]),
    ) as Record<Dimension, Fragment>,
    deductions: by(({ deductions }) => deductions, chSql`toFloat64(0)`),
    confidence: by(({ confidence }) => confidence, chSql`toFloat64(0)`),
    grade: by(({ grade }) => grade, chSql`''`),
    temperature: by(({ temperature }) => temperature, chSql`if(do_not_contact, 'do_not_contact', 'cold')`),
  }
}

/**
 * Grade and temperature of a total that the query has already: ClickHouse analyses an expression as often as it stands there, and
 * a whole score stands in each of them many times (measured: 0.2 s for the three together).
 * @param total a column of the query around
 * @param as by place in `verdictWords` they take a quarter of the time where leads are counted by them
 */
export function verdictSql(
  readings: readonly ScoreReading[],
  total: Fragment,
  now: number,
  as: 'text' | 'place' = 'text',
): Pick<ScoreSql, 'grade' | 'temperature'> {
  const words = as === 'text' ? asText : asPlace
  const by = (of: (rules: ScoreRules) => Fragment, otherwise: Fragment) =>
    readings.reduce<Fragment>(
      (rest, { version, rules }) =>
        chSql`if(score_version = ${param('Int64', version)}, ${of(rules)}, ${rest})`,
      otherwise,
    )
  return {
    grade: by((rules) => gradeSql(total, rules, words), words('')),
    temperature: by(
      (rules) => temperatureSql(total, rules, now, words),
      chSql`if(do_not_contact, ${words('do_not_contact')}, ${words('cold')})`,
    ),
  }
}

function deedComponent(
  dimension: DeedDimension,
  facts: FactState,
  reading: ScoreReading,
  now: number,
): number | null {
  if (!facts.is_seen && reading.rules.unseen === 'unknown') return null
  const sum = Math.max(0, placeSum(dimension, facts, reading, now))
  return 100 * (1 - 2 ** (-sum / reading.scale.s50[dimension]))
}

// A dimension without rules has nothing to be known.
function confidenceOf(facts: FactState, rules: ScoreRules): number {
  let known = 0
  let all = 0
  for (const dimension of dimensions) {
    const { weight, rules: list } = rules.dimensions[dimension]
    if (!list.some(({ isOn }) => isOn)) continue
    all += weight
    known += weight * knownOf(dimension, facts)
  }
  return all === 0 ? 0 : known / all
}

function knownOf(dimension: Dimension, facts: FactState): number {
  if (dimension === 'demographic') return facts.known_demographic ?? 0
  if (dimension === 'firmographic') return facts.known_firmographic ?? 0
  return facts.is_seen ? 1 : 0
}

function gradeOf(total: number, { grades: { aPlus, a, b, c } }: ScoreRules): Grade {
  if (total >= aPlus) return 'A+'
  if (total >= a) return 'A'
  if (total >= b) return 'B'
  return total >= c ? 'C' : 'D'
}

function temperatureOf(
  total: number | null,
  facts: FactState,
  { temperature }: ScoreRules,
  now: number,
): Temperature {
  if (facts.do_not_contact) return 'do_not_contact'
  const { hotFrom, hotDays, warmFrom, warmDays } = temperature
  const score = total ?? 0
  if (score >= hotFrom && isWithin(facts.last_intent_at, hotDays, now)) return 'hot'
  return score >= warmFrom || isWithin(facts.last_human_at, warmDays, now) ? 'warm' : 'cold'
}

// So many days ago to the millisecond still counts.
function isWithin(at: string | null | undefined, days: number, now: number): boolean {
  return at !== null && at !== undefined && now - Date.parse(at) <= days * DAY_MS
}

function oneScoreSql(reading: ScoreReading, now: number): ScoreSql {
  const { rules } = reading
  const components: Record<Dimension, Fragment> = {
    demographic: chSql`score_demographic`,
    firmographic: chSql`score_firmographic`,
    behavioural: deedSql('behavioural', reading, now),
    engagement: deedSql('engagement', reading, now),
    intent: deedSql('intent', reading, now),
  }
  const weighted = added(
    dimensions.map((dimension) => chSql`ifNull(${weightOf(rules, dimension)} * ${components[dimension]}, 0)`),
  )
  const weights = added(
    dimensions.map(
      (dimension) => chSql`if(isNull(${components[dimension]}), 0, ${weightOf(rules, dimension)})`,
    ),
  )
  const deductions = placeSql('deductions', reading, now)
  const total = chSql`if(${weights} = 0, null, greatest(0., least(100., ${weighted} / ${weights} + ${deductions})))`
  return {
    total,
    components,
    deductions,
    confidence: confidenceSql(rules),
    grade: gradeSql(total, rules),
    temperature: temperatureSql(total, rules, now),
  }
}

function gradeSql(total: Fragment, { grades: { aPlus, a, b, c } }: ScoreRules, as: Words = asText): Fragment {
  const from = (score: number) => chSql`${total} >= ${number(score)}`
  return chSql`multiIf(isNull(${total}), ${as('')}, ${from(aPlus)}, ${as('A+')}, ${from(a)}, ${as('A')}, ${from(b)}, ${as('B')},
      ${from(c)}, ${as('C')}, ${as('D')})`
}

/** How a grade or temperature is told: as it is called, or by its place in `verdictWords`. */
type Words = (word: Grade | Temperature | '') => Fragment

const asText: Words = (word) => ({ pieces: [`'${word}'`] })
const asPlace: Words = (word) => ({ pieces: [`toUInt8(${verdictWords.indexOf(word)})`] })

function temperatureSql(
  total: Fragment,
  { temperature }: ScoreRules,
  now: number,
  as: Words = asText,
): Fragment {
  const { hotFrom, hotDays, warmFrom, warmDays } = temperature
  const score = chSql`ifNull(${total}, 0)`
  return chSql`multiIf(do_not_contact, ${as('do_not_contact')},
      ${score} >= ${number(hotFrom)} and ${withinSql(chSql`last_intent_at`, hotDays, now)}, ${as('hot')},
      ${score} >= ${number(warmFrom)} or ${withinSql(chSql`last_human_at`, warmDays, now)}, ${as('warm')}, ${as('cold')})`
}

function deedSql(dimension: DeedDimension, reading: ScoreReading, now: number): Fragment {
  const sum = chSql`greatest(0., ${placeSql(dimension, reading, now)})`
  const value = chSql`100 * (1 - exp2(-${sum} / ${number(reading.scale.s50[dimension])}))`
  return reading.rules.unseen === 'unknown' ? chSql`if(is_seen, ${value}, null)` : value
}

function placeSql(place: Slot['place'], { slots }: ScoreReading, now: number): Fragment {
  const age = chSql`(${param('Int64', now)} - toUnixTimestamp64Milli(score_at))`
  return added(
    slots.flatMap((slot, index) => {
      if (slot.place !== place) return []
      // The first ones have columns of their own: to take a number out of an array costs as much as to halve it.
      const points =
        index < 4 ? identifier(`score_sum_${index + 1}`) : chSql`score_sums[${param('Int64', index + 1)}]`
      return slot.halfLifeMs === null ? points : chSql`${points} * exp2(-${age} / ${number(slot.halfLifeMs)})`
    }),
  )
}

function confidenceSql(rules: ScoreRules): Fragment {
  const asking = dimensions.filter((dimension) => rules.dimensions[dimension].rules.some(({ isOn }) => isOn))
  const all = asking.reduce((sum, dimension) => sum + rules.dimensions[dimension].weight, 0)
  if (all === 0) return number(0)
  const known = (dimension: Dimension) =>
    deedDimensions.some((deed) => deed === dimension)
      ? chSql`toFloat64(is_seen)`
      : dimension === 'demographic'
        ? chSql`known_demographic`
        : chSql`known_firmographic`
  const sum = added(asking.map((dimension) => chSql`${weightOf(rules, dimension)} * ${known(dimension)}`))
  return chSql`(${sum} / ${number(all)})`
}

function withinSql(column: Fragment, days: number, now: number): Fragment {
  return chSql`ifNull(${param('Int64', now)} - toUnixTimestamp64Milli(${column}) <= ${number(days * DAY_MS)}, 0)`
}

function weightOf(rules: ScoreRules, dimension: Dimension): Fragment {
  return number(rules.dimensions[dimension].weight)
}

function number(value: number): Fragment {
  return param('Float64', value)
}

function added(parts: readonly Fragment[]): Fragment {
  const [first, ...others] = parts
  if (!first) return number(0)
  return chSql`(${others.reduce((sum, part) => chSql`${sum} + ${part}`, first)})`
}
