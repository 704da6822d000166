// Snapshots of leads: what was known at a moment, what counts as its outcome, and a model that learns from them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsByShape } from './feature-columns.ts'
import { countName, featuresAt } from './features.ts'
import type { FeatureEvent, LeadFacts } from './features.ts'
import { learn } from './learn.ts'
import { logOddsOf, reasonsOf } from './model.ts'
import { createSnapshots, firstPaidAt, horizonDays, landmarkDays, snapshotOf } from './snapshots.ts'
import type { LeadToLearn } from './snapshots.ts'

const day = 86_400_000
const start = Date.UTC(2024, 0, 1)

describe('features at a moment', () => {
  test('count acts of people in half-open windows', () => {
    const at = start + 100 * day
    const lead = leadWith([
      event('page_viewed', at - 30 * day),
      event('page_viewed', at - 30 * day - 1),
      event('page_viewed', at - 1),
      event('page_viewed', at),
      event('page_viewed', at - day, { isBot: true }),
      event('email_opened', at - day),
      event('email_sent', at - day),
    ])
    const { counts, numbers } = featuresAt(lead, at)
    expect([...counts]).toEqual([['page_viewed', [1, 2, 3]]])
    expect(numbers.get('Acts, ever')).toBe(3)
    expect(numbers.get('Active days, last 30 days')).toBe(2)
    expect(numbers.get('Days since the last act')).toBeCloseTo(1 / day, 12)
  })

  test('know a field from when it was on record, in the newest wording of that time', () => {
    const words = [
      { field: 'Job title', value: 'Student', knownFrom: start },
      { field: 'Job title', value: 'Buyer', knownFrom: start + 10 * day },
      { field: 'Company', value: 'Acme', knownFrom: start + 20 * day },
    ]
    const at = (days: number) =>
      Object.fromEntries(featuresAt({ ...leadWith([]), words }, start + days * day).words)
    expect(at(5)).toEqual({ 'Job title': 'Student' })
    expect(at(15)).toEqual({ 'Job title': 'Buyer' })
    expect(at(20)).toEqual({ 'Job title': 'Buyer', Company: 'Acme' })
  })

  test('are the same once later facts have come in, whatever they are', () => {
    const anyEvent = fc
      .record({
        name: fc.constantFrom(
          'page_viewed',
          'form_submitted',
          'email_bounced',
          'email_opened',
          'order_completed',
        ),
        days: fc.double({ min: -100, max: 100, noNaN: true }),
        lateDays: fc.double({ min: 0, max: 30, noNaN: true }),
        channel: fc.constantFrom('paid search', 'direct', ''),
      })
      .map(({ name, days, lateDays, channel }) =>
        event(name, start + days * day, { receivedAt: start + (days + lateDays) * day, channel }),
      )
    const anyWord = fc.record({
      field: fc.constantFrom('Company', 'City'),
      value: fc.constantFrom('a', 'b', 3, true),
      knownFrom: fc.integer({ min: -50, max: 50 }).map((days) => start + days * day),
    })
    fc.assert(
      fc.property(fc.array(anyEvent), fc.array(anyWord), (events, words) => {
        const ordered = [...events].sort((a, b) => a.at - b.at)
        const then = {
          ...leadWith(ordered.filter(({ receivedAt }) => receivedAt <= start)),
          words: words.filter(({ knownFrom }) => knownFrom <= start),
        }
        expect(featuresAt({ ...leadWith(ordered), words }, start)).toEqual(featuresAt(then, start))
      }),
    )
  })
})

describe('a snapshot', () => {
  const now = start + 400 * day

  test('lies at an age that the outcome has no say in', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.option(fc.integer({ min: -10, max: 500 })), (leadId, days) => {
        const lead = { leadId, leadSince: start }
        const plain = snapshotOf(lead, null, now)
        const found = snapshotOf(lead, days === null ? null : start + days * day, now)
        if (plain.is !== 'open' || found.is !== 'open') return
        expect(found.at).toBe(plain.at)
        expect(landmarkDays).toContain((found.at - start) / day)
      }),
    )
  })

  test('is censored while its 90 days are not over, converted or not', () => {
    const leadSince = now - (horizonDays - 1) * day
    for (const convertedAt of [null, now - 1])
      for (const leadId of ['a', 'b', 'c', 'd'])
        expect(snapshotOf({ leadId, leadSince }, convertedAt, now).is).not.toBe('open')
  })

  test('of who converted before it is none, and a conversion after the 90 days is none either', () => {
    const lead = { leadId: 'lead', leadSince: start }
    const open = snapshotOf(lead, null, now)
    if (open.is !== 'open') throw new Error('the lead of this test has an open snapshot')
    expect(snapshotOf(lead, open.at, now)).toEqual({ is: 'converted' })
    expect(snapshotOf(lead, open.at + 1, now)).toMatchObject({ outcome: 1 })
    expect(snapshotOf(lead, open.at + horizonDays * day, now)).toMatchObject({ outcome: 1 })
    expect(snapshotOf(lead, open.at + horizonDays * day + 1, now)).toMatchObject({ outcome: 0 })
  })

  test('takes the first order that was paid and kept for the conversion', () => {
    const order = { placedAt: start, cancelledAt: null, isTest: false, totalMinor: 100, refundedMinor: 0 }
    expect(
      firstPaidAt([
        { ...order, isTest: true },
        { ...order, cancelledAt: start + 1 },
        { ...order, totalMinor: 0 },
        { ...order, refundedMinor: 100 },
        { ...order, placedAt: start + 9 },
        { ...order, placedAt: start + 5, refundedMinor: 40 },
      ]),
    ).toBe(start + 5)
    expect(firstPaidAt([])).toBeNull()
  })
})

describe('a model of leads', () => {
  const now = start + 700 * day
  const leads = Array.from({ length: 4000 }, (_, at) => shopper(at, now))
  const { table, shape } = gather(leads)
  const { report, learnt } = learnFrom(table)

  test('finds what makes leads order, tested on newer leads', () => {
    expect(report.leaks).toEqual([])
    // Most of those who order ask for their demo after the snapshot, which nothing can know.
    expect(report.temporal?.auc).toBeGreaterThan(0.65)
    expect(
      report.model.coefficients
        .slice(0, 8)
        .map(({ column }) => column)
        .join(),
    ).toContain('Requested a demo')
    expect(report.order).toEqual({ by: 'column', column: 'moment' })
  })

  test('gives a lead the same log odds from the table and from its facts, with reasons that add up', () => {
    const snapshots = leads.flatMap((lead) => {
      const snapshot = snapshotOf(lead, lead.convertedAt, now)
      return snapshot.is === 'open' ? [{ lead, at: snapshot.at }] : []
    })
    const all = logOddsOf(
      learnt.model,
      learnt.columns,
      Int32Array.from(snapshots, (_, row) => row),
    )
    for (const row of [0, 7, 99, 500]) {
      const { lead, at } = snapshots[row] as (typeof snapshots)[number]
      const columns = columnsByShape([featuresAt(lead, at)], at, shape)
      const [alone] = logOddsOf(learnt.model, columns, Int32Array.of(0))
      expect(alone).toBeCloseTo(all[row] as number, 9)
      const { base, contributions } = reasonsOf(learnt.model, columns, 0)
      expect(contributions.reduce((sum, one) => sum + one.logOdds, base)).toBeCloseTo(alone as number, 9)
    }
  })

  test('stays the same as plain data', () => {
    const model = JSON.parse(JSON.stringify(learnt.model)) as typeof learnt.model
    expect(logOddsOf(model, learnt.columns, Int32Array.of(3))).toEqual(
      logOddsOf(learnt.model, learnt.columns, Int32Array.of(3)),
    )
  })

  test('leaves out a field that was written after conversions', () => {
    const told = leads.map((lead) => ({
      ...lead,
      words: [
        ...lead.words,
        {
          field: 'Contract',
          value: 'basic',
          knownFrom: lead.convertedAt === null ? lead.leadSince : lead.convertedAt + day,
        },
      ],
    }))
    expect(learnFrom(gather(told).table).report.leaks.map(({ column }) => column)).toEqual(['Contract'])
  })

  test('is drawn towards the score by rules, the more the fewer conversions there are', () => {
    const scored = leads.map((lead) => ({ ...lead, ruleScore: 50 }))
    const { model } = learnFrom(gather(scored).table).learnt
    expect(model.rule?.modelShare).toBeCloseTo(model.conversions / (model.conversions + 120), 12)
    expect(learnt.model.rule).toBeNull()
  })

  test('counts whom it left aside', () => {
    const snapshots = createSnapshots(now, 'order')
    for (const lead of leads) snapshots.add(lead)
    const { open, censored, converted } = snapshots.counted()
    expect(open + censored + converted).toBe(4000)
    expect([open, censored, converted].every((count) => count > 100)).toBe(true)
    expect(snapshots.finish().table.outcomes).toHaveLength(open)
  })

  function gather(list: readonly LeadToLearn[]) {
    const snapshots = createSnapshots(now, 'order')
    for (const lead of list) snapshots.add(lead)
    return snapshots.finish()
  }
})

test('counts of acts are named as a marketer reads them', () => {
  expect(countName('demo_requested', 30)).toBe('Requested a demo, last 30 days')
})

function learnFrom(table: Parameters<typeof learn>[0]) {
  const run = learn(table)
  for (;;) {
    const step = run.next()
    if (step.done) return step.value
  }
}

function leadWith(events: FeatureEvent[]): LeadFacts {
  return { leadId: 'lead', leadSince: start - 90 * day, words: [], events }
}

function event(name: string, at: number, more: Partial<FeatureEvent> = {}): FeatureEvent {
  const category = name.startsWith('email') ? 'message' : name === 'page_viewed' ? 'page' : 'form'
  return {
    at,
    receivedAt: at,
    day: Math.floor(at / day),
    name,
    category,
    isBot: false,
    channel: 'direct',
    source: '',
    device: 'desktop',
    country: 'SE',
    pagePath: '/',
    ...more,
  }
}

/** A lead that views pages, perhaps asks for a demo, and orders some weeks later: sooner and likelier after a demo. */
function shopper(at: number, now: number): LeadToLearn {
  let state = (at * 7919 + 13) % 2147483647
  const draw = () => (state = (state * 48271) % 2147483647) / 2147483647
  for (let warm = 0; warm < 5; warm++) draw()
  const leadSince = start + draw() * 680 * day
  const isKeen = draw() < 0.3
  const events: FeatureEvent[] = []
  const channel = draw() < 0.5 ? 'paid search' : 'email'
  for (let visit = 0; visit < 2 + draw() * 6; visit++)
    events.push(
      event('page_viewed', leadSince + draw() * 40 * day, {
        channel,
        pagePath: `/p${Math.floor(draw() * 9)}`,
      }),
    )
  const demoAt = leadSince + draw() * 60 * day
  if (isKeen) events.push(event('demo_requested', demoAt, { channel }))
  const orders = draw() < (isKeen ? 0.6 : 0.08)
  const convertedAt = orders ? (isKeen ? demoAt : leadSince) + (1 + draw() * 80) * day : null
  return {
    leadId: `lead-${at}`,
    leadSince,
    words: [
      { field: 'Country', value: draw() < 0.5 ? 'SE' : 'DE', knownFrom: leadSince },
      { field: 'Seats', value: Math.floor(draw() * 50), knownFrom: leadSince },
    ],
    events: events.filter((one) => one.at < now).sort((a, b) => a.at - b.at),
    convertedAt: convertedAt !== null && convertedAt < now ? convertedAt : null,
  }
}
