// The score: worked examples, and the laws that make late events, decay, merges and explanations agree.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAct } from '../../events/contract.ts'
import { leadFacts } from '../../leads/index.ts'
import type { LeadSubject } from '../../leads/index.ts'
import type { HistoryEvent, LeadHistory } from '../contract.ts'
import { DAY_MS, compileRules } from './compile.ts'
import { defaultScoreRules } from './defaults.ts'
import { explainScore } from './explain.ts'
import { foldScore } from './fold.ts'
import { readScore, readingOf } from './reading.ts'
import { defaultScale, scoreRulesSchema } from './rules.ts'
import { scaleOf } from './scale.ts'
import { hasSqlForm } from './sql-form.ts'
import type { ScoreRules } from './rules.ts'

const START = Date.UTC(2027, 0, 10, 12)
const facts = leadFacts({
  customFields: [{ key: 'employees', label: 'Employees', type: 'number' }],
  consentDefaults: {},
  currency: 'EUR',
})
const reading = readingOf(0, defaultScoreRules, defaultScale)
const compiled = compileRules(0, defaultScoreRules, facts)

function subject(
  record: Partial<LeadSubject['record']> = {},
  consents: LeadSubject['consents'] = {},
): LeadSubject {
  return {
    record: {
      id: 'lead',
      workspace_id: 'workspace',
      status: 'active',
      binned_at: null,
      is_known: true,
      email: null,
      phone: null,
      first_name: null,
      last_name: null,
      company: null,
      job_title: null,
      city: null,
      country: null,
      language: null,
      time_zone: null,
      source: 'api',
      owner_id: null,
      tags: [],
      fields: {},
      created_at: '2027-01-01T00:00:00.000Z',
      updated_at: '2027-01-01T00:00:00.000Z',
      ...record,
    },
    consents,
    activity: undefined,
    orders: undefined,
  }
}

function event(name: string, atMs: number, given: Partial<HistoryEvent> = {}): HistoryEvent {
  return {
    eventId: `e${atMs}`,
    at: atMs,
    receivedAt: atMs,
    day: Math.floor(atMs / DAY_MS),
    name,
    category: name === 'unsubscribed' ? 'consent' : name === 'page_viewed' ? 'page' : 'form',
    call: 'track',
    isBot: false,
    channel: '',
    source: 'http',
    utmSource: '',
    utmMedium: '',
    utmCampaign: '',
    sessionStart: false,
    pagePath: '/',
    device: '',
    country: '',
    valueMinor: 0,
    currency: '',
    asset: `/${atMs}`,
    ...given,
  }
}

function history(events: HistoryEvent[], who: LeadSubject = subject()): LeadHistory {
  const sorted = [...events].sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1))
  return {
    leadId: 'lead',
    workspaceId: 'workspace',
    createdAt: START,
    subject: who,
    events: sorted,
    orders: [],
    moves: [],
  }
}

function scored(events: HistoryEvent[], who: LeadSubject, now: number, rules = compiled) {
  return readScore(foldScore(history(events, who), rules).facts, reading, now)
}

describe('the score of one lead', () => {
  it('is worked out by hand: a director who requested a demo 14 days ago', () => {
    // Demographic: seniority 30 of 40, e-mail 20 of 20, consent not known: 100 * 50 / 60 = 83.333.
    // Behavioural: 40 points with a half-life of 90 days, after 14 days: 40 * 2^(-14/90) = 35.911; 100 * (1 - 2^(-S/30)) = 56.385.
    // Engagement: half-life 30 days: 28.946; 48.768. Intent: half-life 14 days: 20; 37.004.
    // Total: (0.15 * 83.333 + 0.2 * 56.385 + 0.2 * 48.768 + 0.25 * 37.004) / 0.8 = 53.477
    const who = subject({ job_title: 'Director of Sales', email: 'ada@engines.example' })
    const now = scored([event('demo_requested', START)], who, START + 14 * DAY_MS)
    expect(now.components.demographic).toBeCloseTo(83.3333, 3)
    expect(now.components.firmographic).toBeNull()
    expect(now.components.behavioural).toBeCloseTo(56.385, 2)
    expect(now.components.engagement).toBeCloseTo(48.768, 2)
    expect(now.components.intent).toBeCloseTo(37.0039, 3)
    expect(now.total).toBeCloseTo(53.477, 2)
    expect(now).toMatchObject({ grade: 'C', temperature: 'warm' })
    // Known: seniority and e-mail of demographic (60 of 75), nothing of firmographic, all of what was done.
    expect(now.confidence).toBeCloseTo((0.15 * (60 / 75) + 0.65) / 1, 9)
  })

  it('leaves out what is not known instead of taking it for nothing or for average', () => {
    const fit = scored([], subject({ email: 'ada@engines.example' }), START)
    expect(fit.components).toMatchObject({ behavioural: null, engagement: null, intent: null })
    expect(fit.total).toBe(100)
    expect(fit.confidence).toBeLessThan(0.1)
    expect(scored([], subject(), START)).toMatchObject({
      total: null,
      grade: null,
      temperature: 'cold',
      confidence: 0,
    })
  })

  it('counts 3 of a page and 20 of a kind in a day, and machines and openings not as a person', () => {
    const samePage = Array.from({ length: 9 }, (_, at) => event('page_viewed', START + at, { asset: '/a' }))
    const manyPages = Array.from({ length: 40 }, (_, at) =>
      event('page_viewed', START + at, { asset: `/${at}` }),
    )
    const sumOf = (events: HistoryEvent[]) => foldScore(history(events), compiled).earned.length / 2
    expect(sumOf(samePage)).toBe(3)
    expect(sumOf(manyPages)).toBe(20)
    expect(
      sumOf([...samePage, ...samePage.map((one) => event('page_viewed', one.at + DAY_MS, { asset: '/a' }))]),
    ).toBe(6)
    const machine = foldScore(history([event('page_viewed', START, { isBot: true })]), compiled).facts
    expect(machine).toMatchObject({ is_seen: false, last_human_at: null })
    const opened = foldScore(history([event('email_opened', START, { category: 'message' })]), compiled).facts
    expect(opened).toMatchObject({ is_seen: true, last_human_at: null })
  })

  it('is hot with a fresh demo, and neither hot nor warm where nobody may contact', () => {
    const who = subject({ job_title: 'CEO', email: 'ada@engines.example' })
    const events = [
      event('demo_requested', START),
      event('meeting_booked', START + 1),
      event('email_replied', START + 2, { category: 'message' }),
    ]
    expect(scored(events, who, START + DAY_MS).temperature).toBe('hot')
    expect(scored(events, who, START + 2 + 7 * DAY_MS).total).toBeGreaterThan(70)
    expect(scored(events, who, START + 2 + 7 * DAY_MS).temperature).toBe('hot')
    expect(scored(events, who, START + 3 + 7 * DAY_MS).temperature).toBe('warm')
    expect(scored(events, subject({ ...who.record, tags: ['do not contact'] }), START).temperature).toBe(
      'do_not_contact',
    )
  })

  it('loses 40 points and its engagement with an unsubscription, and gets both back with a new consent', () => {
    const events = [
      event('demo_requested', START),
      event('unsubscribed', START + 1000),
      event('unsubscribed', START + 2000),
    ]
    const who = subject({ email: 'ada@engines.example' }, { email_marketing: 'denied' })
    const after = scored(events, who, START + 3000)
    expect(after).toMatchObject({ deductions: -40 })
    expect(after.components.engagement).toBe(0)
    expect(scored(events, who, START + 900 * DAY_MS).deductions).toBe(-40)
    const again = scored(
      events,
      subject({ email: 'ada@engines.example' }, { email_marketing: 'granted' }),
      START + 3000,
    )
    expect(again.deductions).toBe(0)
    expect(again.components.engagement).toBeGreaterThan(50)
  })

  it('gives points when something was done so often within a time, and then counts anew', () => {
    const rules: ScoreRules = structuredClone(defaultScoreRules)
    const [page] = rules.dimensions.behavioural.rules.filter(({ id }) => id === 'behavioural_page')
    rules.dimensions.behavioural.rules = [{ ...page!, points: 10, repeats: { times: 3, withinDays: 2 } }]
    const days = [0, 1, 2, 2.5, 9, 10, 14]
    const events = days.map((day) => event('page_viewed', START + day * DAY_MS))
    const own = compileRules(1, rules, facts)
    const earned = foldScore(history(events), own).earned.filter(({ deed }) => deed.rule.points === 10)
    expect(earned.map(({ event: { at } }) => (at - START) / DAY_MS)).toEqual([2])
  })

  it('lets a rule sleep that asks for a custom field which the workspace does not have', () => {
    expect(compiled.asleep.map(({ id }) => id)).toEqual(['revenue_high'])
    const large = scored([], subject({ fields: { employees: 200 } }), START)
    expect(large.components.firmographic).toBe(100)
  })
})

describe('the scale', () => {
  it('is the median of the points that leads had gathered when they became opportunities', () => {
    // Points of intent at the moment: 40, 40 * 2^(-7/14) = 28.28 and 15 (prices viewed): the middle is 28.28.
    const reached = [
      {
        history: history([event('demo_requested', START), event('demo_requested', START + DAY_MS)]),
        at: START,
      },
      { history: history([event('demo_requested', START)]), at: START + 7 * DAY_MS },
      { history: history([event('page_viewed', START, { pagePath: '/pricing' })]), at: START },
    ]
    const scale = scaleOf(reached, compiled, reading)
    expect(scale.leads).toBe(3)
    expect(scale.s50.intent).toBeCloseTo(28.284, 3)
    expect(scaleOf([], compiled, reading).s50).toEqual(defaultScale.s50)
  })
})

describe('rules', () => {
  it('have a SQL form unless something counts only so often within a time', () => {
    expect(hasSqlForm(compiled)).toBe(true)
    const rules: ScoreRules = structuredClone(defaultScoreRules)
    rules.dimensions.intent.rules[0]!.repeats = { times: 3, withinDays: 7 }
    expect(hasSqlForm(compileRules(1, rules, facts))).toBe(false)
  })

  it('of every workspace at its beginning are such as may be adopted', () => {
    expect(scoreRulesSchema.safeParse(defaultScoreRules).error).toBeUndefined()
  })

  it.each([
    [
      'take points off outside of deductions',
      (rules: ScoreRules) => (rules.dimensions.intent.rules[0]!.points = -1),
    ],
    ['fall from B to A', (rules: ScoreRules) => (rules.grades.b = 95)],
    ['bear an id twice', (rules: ScoreRules) => (rules.deductions[0]!.id = 'intent_demo')],
    [
      'count each time without an event',
      (rules: ScoreRules) => (rules.dimensions.intent.rules[0]!.when = { fact: 'email', op: 'is_set' }),
    ],
    [
      'count each time about who somebody is',
      (rules: ScoreRules) => (rules.dimensions.demographic.rules[0]!.counts = 'each_time'),
    ],
  ])('that %s are refused', (_what, spoil) => {
    const rules: ScoreRules = structuredClone(defaultScoreRules)
    spoil(rules)
    expect(scoreRulesSchema.safeParse(rules).success).toBe(false)
  })
})

const names = [
  'page_viewed',
  'demo_requested',
  'product_added',
  'email_opened',
  'unsubscribed',
  'email_bounced',
  'email_complained',
]
const anyEvent = fc
  .record({
    minute: fc.nat(200_000),
    name: fc.constantFrom(...names),
    asset: fc.constantFrom('/a', '/b'),
    suffix: fc.nat(9),
  })
  .map(({ minute, name, asset, suffix }) =>
    event(name, START + minute * 60_000, {
      eventId: `e${minute}-${suffix}`,
      asset,
      category: isAct(name, 'message') ? 'form' : 'message',
      pagePath: suffix > 6 ? '/pricing' : '/',
      properties: { type: 'hard' },
    }),
  )
const anyEvents = fc.uniqueArray(anyEvent, { selector: ({ eventId }) => eventId, maxLength: 60 })
const anySubject = fc
  .record({
    title: fc.constantFrom(null, 'CEO', 'Student assistant'),
    email: fc.constantFrom(null, 'a@engines.example', 'a@gmail.com'),
    consent: fc.constantFrom<'granted' | 'denied' | undefined>('granted', 'denied', undefined),
    tag: fc.constantFrom('vip', 'competitor'),
  })
  .map(({ title, email, consent, tag }) =>
    subject({ job_title: title, email, tags: [tag] }, consent ? { email_marketing: consent } : {}),
  )
const END = START + 200_000 * 60_000
const anyNow = fc.nat(400).map((days) => END + days * DAY_MS)

describe('laws of the score', () => {
  it('it stays within 0 and 100, and falls with silence', () => {
    fc.assert(
      fc.property(anyEvents, anySubject, anyNow, fc.nat(400), (events, who, now, days) => {
        const earlier = scored(events, who, now)
        const later = scored(events, who, now + days * DAY_MS)
        expect(later.total === null).toBe(earlier.total === null)
        if (earlier.total === null || later.total === null) return
        expect(earlier.total).toBeGreaterThanOrEqual(0)
        expect(earlier.total).toBeLessThanOrEqual(100)
        expect(later.total).toBeLessThanOrEqual(earlier.total + 1e-9)
        for (const value of Object.values(later.components)) expect(value ?? 0).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('what explains it adds up to it exactly, and events to their line', () => {
    fc.assert(
      fc.property(anyEvents, anySubject, anyNow, (events, who, now) => {
        const explained = explainScore(foldScore(history(events, who), compiled), reading, now)
        if (explained.total === null) return
        const micros = (points: number) => Math.round(points * 1e6)
        const sum = explained.lines.reduce((total, { points }) => total + micros(points), 0)
        expect(sum).toBe(micros(explained.total))
        expect(explained.total).toBeCloseTo(scored(events, who, now).total!, 6)
        for (const line of explained.lines) {
          if (line.eventCount === 0 || line.eventCount > line.events.length) continue
          expect(line.events.reduce((total, { points }) => total + micros(points), 0)).toBe(
            micros(line.points),
          )
        }
      }),
    )
  })

  it('a late event gives the same state as one on time, byte for byte', () => {
    fc.assert(
      fc.property(anyEvents, anySubject, fc.infiniteStream(fc.nat()), (events, who, keys) => {
        const shuffled = events
          .map((one) => ({ one, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one)
        expect(JSON.stringify(foldScore(history(shuffled, who), compiled).facts)).toBe(
          JSON.stringify(foldScore(history(events, who), compiled).facts),
        )
      }),
    )
  })

  it('merging adds the histories, and taking the merge back restores both scores', () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, anySubject, anyNow, (a, b, who, now) => {
        const others = b.map((one) => ({ ...one, eventId: `b${one.eventId}` }))
        const alone = scored(a, who, now)
        scored([...a, ...others], who, now)
        expect(
          scored(
            [...a, ...others].filter(({ eventId }) => !eventId.startsWith('b')),
            who,
            now,
          ),
        ).toEqual(alone)
      }),
    )
  })
})
