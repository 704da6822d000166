// A condition along a history answers at every moment what it would have answered then.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkCondition, chSql, factsOf, holds, replayOf } from './index.ts'
import type { ReplayedEvent, SubjectEvent } from './index.ts'
import type { Condition, PropertyComparison } from './contract.ts'

const facts = factsOf<{ visits: number; seenAt: string }>([
  { name: 'visits', label: 'Visits', type: 'number', read: (p) => p.visits, column: { sql: chSql`null` } },
  {
    name: 'seenAt',
    label: 'Seen',
    type: 'date',
    read: (p) => p.seenAt,
    column: { sql: chSql`null`, as: 'text' },
  },
])
const HOUR_MS = 3_600_000
const START = Date.UTC(2026, 2, 20)

const events = fc
  .array(
    fc.record({
      name: fc.constantFrom('page_viewed', 'order_completed'),
      hours: fc.integer({ min: 0, max: 400 }),
      isBot: fc.boolean(),
      pagePath: fc.constantFrom('/', '/pricing'),
      total: fc.option(fc.integer({ min: -5, max: 90 }), { nil: undefined }),
      due: fc.constantFrom('2026-03-25', '2026-04-02', 'soon'),
    }),
    { maxLength: 25 },
  )
  .map((list) =>
    list
      .map(({ hours, total, due, ...event }): ReplayedEvent => ({
        ...event,
        at: START + hours * HOUR_MS,
        properties: { total, due },
      }))
      .sort((a, b) => a.at - b.at),
  )

const numberTest = fc.record({
  op: fc.constantFrom('at_least' as const, 'equals' as const, 'less_than' as const),
  value: fc.integer({ min: 0, max: 4 }),
})
const window = fc.option(
  fc.oneof(
    fc.record({
      op: fc.constantFrom('in_last' as const, 'more_than_ago' as const),
      value: fc.record({
        count: fc.integer({ min: 1, max: 9 }),
        unit: fc.constantFrom('hours' as const, 'days' as const),
      }),
    }),
    fc.record({ op: fc.constantFrom('before' as const, 'after' as const), value: fc.constant('2026-03-28') }),
  ),
  { nil: undefined },
)
const where: fc.Arbitrary<PropertyComparison[] | undefined> = fc.option(
  fc.constantFrom<PropertyComparison[][]>(
    [{ property: '$path', type: 'text' as const, op: 'is' as const, value: '/pricing' }],
    [{ property: '$path', type: 'text' as const, op: 'is_not' as const, value: '/pricing' }],
    [{ property: 'total', type: 'number' as const, op: 'more_than' as const, value: 10 }],
    [
      {
        property: 'due',
        type: 'date' as const,
        op: 'in_next' as const,
        value: { count: 3, unit: 'days' as const },
      },
    ],
  ),
  { nil: undefined },
)
const name = fc.constantFrom('page_viewed', 'order_completed')
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ event: name, op: fc.constantFrom('did' as const, 'did_not' as const), where, within: window }),
  fc.record({ event: name, op: fc.constant('count' as const), test: numberTest, where, within: window }),
  fc.record({
    event: name,
    op: fc.constant('sum' as const),
    of: fc.constant('total'),
    test: numberTest,
    where,
    within: window,
  }),
  fc.record({
    event: name,
    op: fc.constantFrom('first' as const, 'last' as const),
    test: fc.record({
      op: fc.constant('in_last' as const),
      value: fc.record({ count: fc.integer({ min: 1, max: 9 }), unit: fc.constant('days' as const) }),
    }),
    where,
  }),
  fc.record({
    fact: fc.constant('visits'),
    op: fc.constantFrom('at_least' as const, 'not_equals' as const),
    value: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    fact: fc.constant('seenAt'),
    op: fc.constantFrom('in_last' as const, 'not_in_last' as const),
    value: fc.constant({ count: 2, unit: 'days' as const }),
  }),
)
const condition = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((and): Condition => ({ and })),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((or): Condition => ({ or })),
  leaf.map((not): Condition => ({ not })),
)

test('a condition replayed gives at every moment the answer that it gives of the events which count then', () => {
  fc.assert(
    fc.property(
      events,
      condition,
      fc.nat({ max: 26 }),
      fc.nat({ max: 26 }),
      fc.integer({ min: -50, max: 600 }),
      fc.constantFrom('UTC', 'Europe/Berlin'),
      (history, asked, one, other, hours, timeZone) => {
        const checked = checkCondition(asked, facts)
        const [from, upTo] = [
          Math.min(one, other, history.length),
          Math.min(Math.max(one, other), history.length),
        ]
        const asOf = { now: new Date(START + hours * HOUR_MS), timeZone }
        const subject = { visits: one % 4, seenAt: new Date(START + other * HOUR_MS).toISOString() }
        const now = replayOf(checked)(history)({ asOf, from, upTo, subject: () => subject })
        expect(now).toBe(holds(checked, subject, asOf, () => history.slice(from, upTo).map(logged)))
      },
    ),
    { numRuns: 2000 },
  )
})

function logged({ at, ...event }: ReplayedEvent): SubjectEvent {
  const blank = { channel: '', source: '', utmSource: '', utmMedium: '', utmCampaign: '', pageUrl: '' }
  const rest = { pagePath: '', pageTitle: '', referrer: '', device: '', country: '', properties: {} }
  return { ...blank, ...rest, ...event, occurredAt: new Date(at).toISOString() }
}
