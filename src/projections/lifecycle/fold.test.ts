// The way through the stages: worked cases, and the laws that hold for every history.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCondition, chSql, factsOf } from '../../conditions/index.ts'
import { foldLifecycle, readyRule } from './fold.ts'
import type { ManualMove } from '../contract.ts'
import type { LifecycleEvent, LifecycleHistory, LifecycleMoment } from './fold.ts'
import { defaultLifecycleRules, lifecycleRulesSchema } from './rules.ts'
import type { LifecycleRule } from './rules.ts'
import { isBackward, rankOf, stages } from './stages.ts'
import type { Stage } from './stages.ts'

const facts = factsOf<LifecycleMoment>([
  {
    name: 'orderCount',
    label: 'Orders',
    type: 'number',
    read: ({ orders }) => orders.length,
    column: { sql: chSql`null` },
  },
  { name: 'score', label: 'Score', type: 'number', read: () => 0, column: { sql: chSql`null` } },
  { name: 'stage', label: 'Stage', type: 'choice', read: ({ stage }) => stage, column: { sql: chSql`null` } },
])
const ready = (rules: readonly LifecycleRule[]) =>
  rules.map((rule) => readyRule(rule, checkCondition(rule.when, facts)))
const byDefault = ready(defaultLifecycleRules.rules)
const fold = (history: LifecycleHistory, rules = byDefault) =>
  foldLifecycle(history, rules, (moment) => moment, 'UTC')

let made = 0
function event(name: string, at: number, more: Partial<LifecycleEvent> = {}): LifecycleEvent {
  return { eventId: `e${made++}`, name, at, isBot: false, isAct: true, ...more }
}
function decision(seen: Stage, to: Stage, at: number, more: Partial<ManualMove> = {}): ManualMove {
  const words = { reason: 'Said so', actor: 'user:1', amountMinor: null, currency: null }
  return { moveId: `m${made++}`, at, seen, to, ...words, ...more }
}
const order = (orderId: string, placedAt: number, cancelledAt: number | null = null) => ({
  orderId,
  placedAt,
  cancelledAt,
})
const history = (given: Partial<LifecycleHistory>): LifecycleHistory => ({
  createdAt: 0,
  events: [],
  orders: [],
  moves: [],
  ...given,
})
const way = (given: Partial<LifecycleHistory>, rules = byDefault) =>
  fold(history(given), rules).moves.map(({ at, to }) => `${to} ${at}`)

describe('a lead', () => {
  test('of whom nothing is known is new since it was made', () => {
    expect(fold(history({ createdAt: 5 }))).toMatchObject({
      stage: 'new',
      since: 5,
      moves: [],
      stays: [{ stage: 'new', since: 5, until: null, touches: 0 }],
    })
  })

  test('moves with the event that makes a rule true, and the move names both', () => {
    const clicked = event('email_link_clicked', 10)
    const state = fold(history({ events: [event('email_delivered', 5, { isAct: false }), clicked] }))
    expect(state.moves).toEqual([
      {
        at: 10,
        from: 'new',
        to: 'contacted',
        isBackward: false,
        skipped: [],
        cause: { kind: 'event', id: clicked.eventId, name: 'email_link_clicked' },
        rule: 'answered',
        actor: null,
        reason: null,
        amountMinor: null,
        currency: null,
      },
    ])
    expect(state.stays).toEqual([
      { stage: 'new', since: 0, until: 10, touches: 1 },
      { stage: 'contacted', since: 10, until: null, touches: 0 },
    ])
  })

  test('is not moved by what a machine did', () => {
    expect(way({ events: [event('demo_requested', 10, { isBot: true })] })).toEqual([])
  })

  test('that jumps names the stages which it passed over', () => {
    const [only] = fold(history({ events: [event('checkout_started', 10)] })).moves
    expect(only).toMatchObject({ to: 'opportunity', skipped: ['contacted', 'qualified', 'engaged'] })
  })

  test('goes to the furthest of the stages whose rules hold, and once there not back to the others', () => {
    const events = [event('meeting_booked', 10), event('demo_requested', 11), event('email_link_clicked', 12)]
    expect(way({ events })).toEqual(['opportunity 10'])
  })

  test('is a customer from its first order on, and an opportunity again when that is cancelled', () => {
    const state = fold(history({ events: [event('order_completed', 10)], orders: [order('o1', 10, 90)] }))
    expect(state.moves.map(({ at, to, cause }) => [at, to, cause.id])).toEqual([
      [10, 'customer', 'o1'],
      [90, 'opportunity', 'o1'],
    ])
    expect(state.moves[1]).toMatchObject({ isBackward: true, rule: 'order_undone', skipped: [] })
  })

  test('whose order was cancelled is a customer again with the next one', () => {
    const events = [event('order_completed', 10), event('order_completed', 95)]
    const orders = [order('o1', 10, 90), order('o2', 95)]
    expect(way({ events, orders })).toEqual(['customer 10', 'opportunity 90', 'customer 95'])
  })

  test('is moved by a person with reason and amount, and stays where it was put while nothing new happens', () => {
    const decided = decision('opportunity', 'contacted', 50, {
      reason: 'No budget',
      amountMinor: 900,
      currency: 'EUR',
    })
    const events = [event('meeting_booked', 10), event('page_viewed', 60)]
    const state = fold(history({ events, moves: [decided] }))
    expect(state.moves.map(({ to }) => to)).toEqual(['opportunity', 'contacted'])
    expect(state.moves[1]).toMatchObject({
      isBackward: true,
      rule: null,
      actor: 'user:1',
      reason: 'No budget',
      amountMinor: 900,
      currency: 'EUR',
      cause: { kind: 'person', id: decided.moveId },
    })
  })

  test('put back by a person moves forward again with new evidence', () => {
    const events = [event('meeting_booked', 10), event('meeting_booked', 60)]
    expect(way({ events, moves: [decision('opportunity', 'new', 50)] })).toEqual([
      'opportunity 10',
      'new 50',
      'opportunity 60',
    ])
  })

  test('put back by a person does not jump forward for a fact that held before', () => {
    const rules = ready([
      {
        id: 'buys',
        name: 'Buys',
        to: 'customer',
        when: { fact: 'orderCount', op: 'at_least', value: 1 },
        isBackward: false,
        isOn: true,
      },
    ])
    const moves = [decision('customer', 'engaged', 50)]
    const events = [event('page_viewed', 60)]
    expect(way({ events, orders: [order('o1', 10)], moves }, rules)).toEqual(['customer 10', 'engaged 50'])
  })

  test('is not taken back by a decision to bring it forward, where an order came to be known later', () => {
    const moves = [decision('qualified', 'opportunity', 50, { amountMinor: 100, currency: 'EUR' })]
    const state = fold(history({ events: [event('order_completed', 10)], orders: [order('o1', 10)], moves }))
    expect(state.stage).toBe('customer')
    expect(state.confirmations).toEqual([{ moveId: moves[0]!.moveId, at: 50, stage: 'opportunity' }])
  })

  test('began before it was made, where something happened before', () => {
    expect(fold(history({ createdAt: 100, events: [event('page_viewed', 3)] })).since).toBe(3)
  })
})

test('the default rules are valid, and are read back as they stand', () => {
  expect(lifecycleRulesSchema.parse(defaultLifecycleRules)).toEqual(defaultLifecycleRules)
})

test.each([
  ['two rules of one id', [{}, {}], 'is the id of two rules'],
  ['a way forward to New', [{ to: 'new' }], 'where every lead begins'],
  ['a way back to Customer', [{ to: 'customer', isBackward: true }], 'the last stage'],
])('%s are refused with a sentence', (_what, changes, words) => {
  const rules = changes.map((change) => ({ ...defaultLifecycleRules.rules[0], ...change }))
  expect(lifecycleRulesSchema.safeParse({ rules }).error?.issues[0]?.message).toContain(words)
})

const names = ['page_viewed', 'email_link_clicked', 'demo_requested', 'meeting_booked', 'order_completed']
const stage = fc.constantFrom(...stages)
/** Three hours: far enough apart for windows of days to matter. */
const STEP_MS = 10_800_000
const instant = fc.nat({ max: 60 }).map((step) => step * STEP_MS)
const histories = fc
  .record({
    createdAt: instant,
    events: fc.array(
      fc.record({
        eventId: fc.uuid(),
        name: fc.constantFrom(...names),
        at: instant,
        isBot: fc.boolean(),
        isAct: fc.boolean(),
      }),
      { maxLength: 25 },
    ),
    orders: fc.array(
      fc.record({
        orderId: fc.uuid(),
        placedAt: instant,
        cancelledAt: fc.option(instant),
      }),
      { maxLength: 3 },
    ),
    moves: fc.array(fc.record({ moveId: fc.uuid(), at: instant, seen: stage, to: stage }), {
      maxLength: 4,
    }),
  })
  .map((given): LifecycleHistory => ({
    ...given,
    events: given.events.sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1)),
    moves: given.moves.map((move) => ({ ...decision(move.seen, move.to, move.at), ...move })),
  }))
const ruleSets = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      name: fc.constant('A rule'),
      to: stage,
      when: fc.oneof(
        fc.record({ event: fc.constantFrom(...names), op: fc.constant('did' as const) }),
        fc.record({
          event: fc.constantFrom(...names),
          op: fc.constant('count' as const),
          test: fc.record({ op: fc.constant('at_least' as const), value: fc.integer({ min: 1, max: 3 }) }),
          within: fc.option(
            fc.constant({ op: 'in_last' as const, value: { count: 2, unit: 'days' as const } }),
            { nil: undefined },
          ),
        }),
        fc.record({
          fact: fc.constant('orderCount'),
          op: fc.constantFrom('at_least' as const, 'equals' as const),
          value: fc.nat({ max: 2 }),
        }),
        fc.record({
          fact: fc.constant('stage'),
          op: fc.constant('any_of' as const),
          value: fc.array(stage, { minLength: 1, maxLength: 3 }),
        }),
      ),
      isBackward: fc.boolean(),
      isOn: fc.boolean(),
    }),
    { selector: ({ id }) => id, maxLength: 5 },
  )
  .map(ready)

describe('whatever happened and whatever the rules', () => {
  const holdsFor = (law: (given: LifecycleHistory, rules: typeof byDefault) => void) =>
    fc.assert(fc.property(histories, ruleSets, law), { numRuns: 500 })

  test('moves and stays form one chain without gap, in order of time, and each touch of a person counts once', () => {
    holdsFor((given, rules) => {
      const { moves, stays, stage: now, since } = fold(given, rules)
      expect(stays).toHaveLength(moves.length + 1)
      moves.forEach((move, at) => {
        expect([stays[at]!.stage, stays[at]!.until]).toEqual([move.from, move.at])
        expect([stays[at + 1]!.stage, stays[at + 1]!.since]).toEqual([move.to, move.at])
        expect(move.at).toBeGreaterThanOrEqual(stays[at]!.since)
        expect(move.to).not.toBe(move.from)
        expect(move.isBackward).toBe(isBackward(move.from, move.to))
      })
      expect([stays.at(-1)!.stage, stays.at(-1)!.since, stays.at(-1)!.until]).toEqual([now, since, null])
      expect(stays.reduce((sum, stay) => sum + stay.touches, 0)).toBe(
        given.events.filter(({ isBot, isAct }) => isAct && !isBot).length,
      )
    })
  })

  test('rules move leads only in the direction that they say', () => {
    holdsFor((given, rules) => {
      for (const move of fold(given, rules).moves) {
        const rule = rules.find((one) => one.rule.id === move.rule)?.rule
        if (!rule) expect(move.actor).toBe('user:1')
        else expect([rule.isOn, rule.to, rule.isBackward]).toEqual([true, move.to, move.isBackward])
      }
    })
  })

  test('what happens later changes no move before it', () => {
    holdsFor((given, rules) => {
      const whole = fold(given, rules)
      const until = 30 * STEP_MS
      const before = fold(
        {
          createdAt: given.createdAt,
          events: given.events.filter(({ at }) => at <= until),
          orders: given.orders
            .filter(({ placedAt }) => placedAt <= until)
            .map((one) => ({
              ...one,
              cancelledAt: one.cancelledAt !== null && one.cancelledAt <= until ? one.cancelledAt : null,
            })),
          moves: given.moves.filter(({ at }) => at <= until),
        },
        rules,
      )
      expect(whole.moves.filter(({ at }) => at <= until)).toEqual(before.moves)
    })
  })

  test('the order in which orders and decisions became known makes no difference', () => {
    holdsFor((given, rules) => {
      const turned = { ...given, orders: given.orders.toReversed(), moves: given.moves.toReversed() }
      expect(fold(turned, rules)).toEqual(fold(given, rules))
    })
  })

  test('what machines did makes no difference', () => {
    holdsFor((given, rules) => {
      const people = { ...given, events: given.events.filter(({ isBot }) => !isBot) }
      expect(fold(people, rules)).toEqual(fold(given, rules))
    })
  })

  test('asking a rule only at the events that can make it true makes no difference', () => {
    holdsFor((given, rules) => {
      const always = rules.map((one) => ({ ...one, triggers: null }))
      expect(fold(given, rules)).toEqual(fold(given, always))
    })
  })

  test('without rules a lead is where people put it', () => {
    holdsFor((given) => {
      const { moves, stage: now } = fold(given, [])
      expect(moves.every(({ rule }) => rule === null)).toBe(true)
      const reached = given.moves.reduce((far, { to }) => Math.max(far, rankOf(to)), 0)
      expect(rankOf(now)).toBeLessThanOrEqual(reached)
    })
  })
})
