// The score against real stores: it follows what comes in, reads the same in memory and in ClickHouse, and is recomputed by other rules.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { serve } from '../../../test/deployment.ts'
import type { Served } from '../../../test/deployment.ts'
import { written } from '../../conditions/index.ts'
import { feedLeadFacts } from '../../leads/index.ts'
import { factsLine } from '../../leads/fact-row.ts'
import { insertFacts } from '../../leads/store/lead-facts.ts'
import { newId } from '../../lib/ids.ts'
import { ask } from '../../platform/clickhouse.ts'
import { rows, sql } from '../../platform/postgres.ts'
import { understanding } from '../../understand.ts'
import { defaultScoreRules } from './defaults.ts'
import { readScore, readingOf, scoreSql } from './reading.ts'
import { defaultScale } from './rules.ts'
import type { Score } from './contract.ts'

let served: Served

beforeAll(async () => {
  served = await serve()
}, 60_000)
afterAll(() => served.stop())

async function understood(): Promise<void> {
  await served.settled()
  await vi.waitFor(
    async () =>
      expect(await rows(served.services.db, sql`select 1 from lead_facts_owed limit 1`)).toEqual([]),
    { timeout: 20_000 },
  )
}

async function leadOf(email: string): Promise<string> {
  const found = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where email = ${email} and status = 'active'`,
  )
  return found[0]!.id
}

async function scoreOf(id: string): Promise<Score> {
  const reply = await served.call('GET', `/api/lead-tracking/scoring/${id}`)
  expect(reply.status, reply.text).toBe(200)
  return reply.body as Score
}

async function visitor(email: string, title: string): Promise<string> {
  await served.post('/v1/identify', { userId: email, traits: { email, title } })
  await served.post('/v1/track', { userId: email, event: 'Demo Requested', messageId: newId() })
  await served.post('/v1/page', {
    userId: email,
    properties: { url: 'https://shop.example/pricing', path: '/pricing' },
    messageId: newId(),
  })
  await understood()
  return leadOf(email)
}

describe('a lead that does something', () => {
  test('is scored with its reasons, which add up, and is found by its score in lists and filters', async () => {
    const id = await visitor('ada@engines.example', 'CEO')
    const score = await scoreOf(id)
    expect(score).toMatchObject({ temperature: 'hot', ruleVersion: 0, leadId: id })
    expect(score.total).toBeGreaterThan(70)
    const sum = score.reasons.reduce((total, { points }) => total + Math.round(points * 1e6), 0)
    expect(sum).toBe(Math.round(score.total! * 1e6))
    const demo = score.reasons.find(({ rule }) => rule.id === 'intent_demo')
    expect(demo).toMatchObject({ place: 'intent', eventCount: 1, rule: { version: 0 } })
    const filter = JSON.stringify({
      and: [
        { fact: 'score', op: 'at_least', value: 70 },
        { fact: 'temperature', op: 'is', value: 'hot' },
      ],
    })
    const list = await served.call('GET', `/api/leads?filter=${encodeURIComponent(filter)}`)
    expect((list.body.items as { id: string }[]).map((lead) => lead.id)).toEqual([id])
    expect(list.body.items).toMatchObject([{ standing: { grade: score.grade, temperature: 'hot' } }])
  })

  test('has a history of its score with the cause of each change, and the line of the rules of today', async () => {
    const id = await leadOf('ada@engines.example')
    await served.post('/v1/track', {
      userId: 'ada@engines.example',
      event: 'Meeting Booked',
      messageId: newId(),
    })
    await understood()
    const { body } = await served.call('GET', `/api/lead-tracking/scoring/${id}/history`)
    const items = body.items as { cause: { name: string }; kind: string; total: number }[]
    expect(items[0]).toMatchObject({ kind: 'live', cause: { kind: 'event', name: 'meeting_booked' } })
    const line = body.recomputed as { total: number }[]
    expect(line.at(-1)!.total).toBeCloseTo((await scoreOf(id)).total!, 3)
  })

  test('is scored by a call at once, also where the worker has not come to it', async () => {
    const id = await visitor('eve@engines.example', 'Director')
    const reply = await served.call('POST', `/api/lead-tracking/scoring/${id}/calculate`)
    expect(reply.status, reply.text).toBe(200)
    expect(reply.body.total).toBeCloseTo((await scoreOf(id)).total!, 3)
    expect((await served.call('GET', `/api/lead-tracking/scoring/${newId()}`)).status).toBe(404)
  })

  test('comes to the same score after a merge as if it had been one all along, and both are restored when it is taken back', async () => {
    const a = await visitor('one@engines.example', 'CEO')
    const b = await visitor('two@engines.example', 'Manager')
    const state = async (id: string) => {
      await understood()
      return (
        await rows<{ facts: object }>(
          served.services.db,
          sql`select facts from lead_states where lead_id = ${id}`,
        )
      )[0]?.facts
    }
    const before = [await state(a), await state(b)]
    const merged = await served.call('POST', '/api/leads/merge', { winnerId: a, loserId: b })
    expect(merged.status, merged.text).toBeLessThan(300)
    const whole = (await state(a)) as { score_sums: number[] }
    expect(await state(b)).toBeUndefined()
    expect(whole.score_sums[0]).toBeGreaterThan((before[0] as typeof whole).score_sums[0]!)
    const mergeId = merged.body.mergeId
    const undone = await served.call('POST', '/api/leads/unmerge', { mergeId })
    expect(undone.status, undone.text).toBeLessThan(300)
    await vi.waitFor(async () => expect([await state(a), await state(b)]).toEqual(before), {
      timeout: 10_000,
    })
  })
})

describe('other rules', () => {
  test('are tried on real leads, adopted, and score every lead anew; the history says so', async () => {
    const id = await leadOf('ada@engines.example')
    const rules = structuredClone(defaultScoreRules)
    rules.dimensions.intent.rules = rules.dimensions.intent.rules.filter((rule) => rule.id !== 'intent_demo')
    rules.deductions[3]!.when = { fact: 'jobTitle', op: 'is', value: 'CEO' }
    const tried = await served.call('POST', '/api/lead-tracking/scoring-rules/simulate', rules)
    expect(tried.status, tried.text).toBe(200)
    expect((tried.body.examples as { leadId: string }[]).map((one) => one.leadId)).toContain(id)
    expect(await served.call('PUT', '/api/lead-tracking/scoring-rules/draft', rules)).toMatchObject({
      status: 200,
    })
    const adopted = await served.call('POST', '/api/lead-tracking/scoring-rules/adopt', {
      rules,
      basedOn: 0,
      note: 'Bosses are no buyers',
    })
    expect(adopted.status, adopted.text).toBe(200)
    expect(adopted.body).toMatchObject({ version: 1 })
    const run = adopted.body.run as { id: string }
    await vi.waitFor(
      async () =>
        expect(
          (await served.call('GET', `/api/lead-tracking/scoring/bulk-calculate/${run.id}`)).body,
        ).toMatchObject({ status: 'done' }),
      { timeout: 20_000 },
    )
    const before = tried.body.examples as { leadId: string; then: number }[]
    const score = await scoreOf(id)
    expect(score.ruleVersion).toBe(1)
    expect(score.total).toBeCloseTo(before.find((one) => one.leadId === id)!.then, 1)
    expect(score.reasons.map(({ rule }) => rule.id)).not.toContain('intent_demo')
    const { body } = await served.call('GET', `/api/lead-tracking/scoring/${id}/history`)
    expect((body.items as object[])[0]).toMatchObject({
      kind: 'recomputed',
      ruleVersion: 1,
      cause: { kind: 'rules' },
    })
    const stale = await served.call('POST', '/api/lead-tracking/scoring-rules/adopt', {
      rules,
      basedOn: 0,
      note: '',
    })
    expect(stale).toMatchObject({ status: 409, body: { code: 'rules_changed' } })
    const states = await rows<{ version: number }>(
      served.services.db,
      sql`select distinct score_version as version from lead_states`,
    )
    expect(states).toEqual([{ version: 1 }])
  })

  test('are refused where a condition would come true by waiting, or asks for the score itself', async () => {
    const rules = structuredClone(defaultScoreRules)
    rules.deductions[3]!.when = { fact: 'lastSeenAt', op: 'in_last', value: { count: 7, unit: 'days' } }
    const waiting = await served.call('PUT', '/api/lead-tracking/scoring-rules/draft', rules)
    expect(waiting).toMatchObject({ status: 400, body: { code: 'rule_moves_with_time' } })
    rules.deductions[3]! = {
      ...rules.deductions[3]!,
      id: 'own',
      when: { fact: 'grade', op: 'is', value: 'A' },
    }
    const circle = await served.call('PUT', '/api/lead-tracking/scoring-rules/draft', rules)
    expect(circle.status).toBe(400)
  })
})

describe('scoring many leads', () => {
  test('in one statement comes to the states that the fold of each lead comes to, to 1e-9', async () => {
    const { db, clickhouse } = served.services
    const names = [
      'Demo Requested',
      'Product Viewed',
      'Product Added',
      'Unsubscribed',
      'Email Bounced',
      'Form Submitted',
      'Email Opened',
    ]
    const people = Array.from({ length: 40 }, (_, at) => `p${at}@many.example`)
    for (const [at, email] of people.entries()) {
      const title = ['CEO', 'Student assistant', 'Head of sales', undefined][at % 4]
      await served.post('/v1/identify', { userId: email, traits: { email, ...(title ? { title } : {}) } })
      for (let event = 0; event < 12; event++) {
        const seed = (at * 7919 + event * 104_729) % 1_000
        const timestamp = new Date(Date.now() - seed * 3_600_000).toISOString()
        await served.post('/v1/track', {
          userId: email,
          event: names[(seed + event) % names.length],
          properties: { type: 'hard', product_id: `p${seed % 2}` },
          timestamp,
          messageId: newId(),
        })
        for (let visit = 0; visit < event % 3; visit++) {
          await served.post('/v1/page', {
            userId: email,
            properties: { path: seed % 2 ? '/pricing' : '/a' },
            timestamp,
            messageId: newId(),
          })
        }
      }
    }
    await understood()
    const states = async () =>
      rows<{ lead_id: string; facts: Record<string, unknown> }>(
        db,
        sql`select lead_id, facts from lead_states order by lead_id`,
      )
    const folded = await states()
    expect(folded.length).toBeGreaterThan(40)
    const reply = await served.call('POST', '/api/lead-tracking/scoring/bulk-calculate', {})
    expect(reply.status, reply.text).toBe(202)
    await vi.waitFor(
      async () =>
        expect(
          (await served.call('GET', `/api/lead-tracking/scoring/bulk-calculate/${String(reply.body.id)}`))
            .body,
        ).toMatchObject({ status: 'done' }),
      { timeout: 30_000 },
    )
    const scored = await states()
    expect(scored.map(({ lead_id }) => lead_id)).toEqual(folded.map(({ lead_id }) => lead_id))
    for (const [at, { facts }] of scored.entries()) expectClose(facts, folded[at]!.facts)
    const copied = await ask<{ id: string; sums: number[] }>(
      clickhouse,
      `select lead_id as id, score_sums as sums from lead_facts final where state != 'gone'`,
    )
    const sums = new Map(copied.map((row) => [row.id, row.sums]))
    for (const { lead_id, facts } of folded) expectClose(sums.get(lead_id), facts.score_sums)
  }, 90_000)
})

function expectClose(found: unknown, expected: unknown): void {
  if (typeof expected === 'number') expect(Math.abs(Number(found) - expected)).toBeLessThan(1e-9)
  else if (Array.isArray(expected)) {
    expect(found).toHaveLength(expected.length)
    expected.forEach((one, at) => expectClose((found as unknown[])[at], one))
  } else if (expected !== null && typeof expected === 'object') {
    for (const [key, value] of Object.entries(expected))
      expectClose((found as Record<string, unknown>)[key], value)
  } else expect(found).toEqual(expected)
}

test('an erased lead leaves nothing behind of its score', async () => {
  const id = await visitor('gone@engines.example', 'CEO')
  await served.call('POST', `/api/leads/${id}/erase`)
  await vi.waitFor(
    async () => {
      expect(await rows(served.services.db, sql`select 1 from lead_states where lead_id = ${id}`)).toEqual([])
      expect(
        await ask(served.services.clickhouse, `select 1 from score_history where lead_id = {id:UUID}`, {
          id,
        }),
      ).toEqual([])
    },
    { timeout: 20_000 },
  )
})

test('ClickHouse reads the score of a row as memory does, to 1e-9', async () => {
  const workspaceId = newId()
  const reading = readingOf(0, defaultScoreRules, defaultScale)
  const START = Date.UTC(2027, 0, 1)
  const states = fc.sample(
    fc.record({
      score_version: fc.constantFrom(0, 0, 0, 7),
      score_at: fc.nat(3e9).map((ms) => new Date(START + ms).toISOString()),
      score_sums: fc.tuple(...reading.slots.map(() => fc.double({ min: -80, max: 400, noNaN: true }))),
      score_demographic: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      score_firmographic: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      known_demographic: fc.double({ min: 0, max: 1, noNaN: true }),
      known_firmographic: fc.double({ min: 0, max: 1, noNaN: true }),
      is_seen: fc.boolean(),
      do_not_contact: fc.boolean(),
      last_human_at: fc.option(fc.nat(3e9).map((ms) => new Date(START + ms).toISOString())),
      last_intent_at: fc.option(fc.nat(3e9).map((ms) => new Date(START + ms).toISOString())),
    }),
    { numRuns: 2_000, seed: 11 },
  )
  const byId = new Map(states.map((state) => [newId(), state]))
  await insertFacts(
    served.services.clickhouse,
    [...byId].map(([id, state]) =>
      factsLine(
        {
          record: {
            id,
            workspace_id: workspaceId,
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
          },
          consents: {},
          activity: undefined,
          orders: undefined,
          state,
        },
        1,
      ),
    ),
  )
  for (const now of [START, START + 2e9, START + 4e9, START + 4e10]) {
    const score = scoreSql([reading], now)
    const { total, grade, temperature, confidence, deductions } = score
    const parts = [total, grade, temperature, confidence, deductions, ...Object.values(score.components)].map(
      (part, at) => written(part, `p${at}_`),
    )
    const names = [
      'total',
      'grade',
      'temperature',
      'confidence',
      'deductions',
      ...Object.keys(score.components),
    ]
    const found = await ask<Record<string, unknown> & { id: string }>(
      served.services.clickhouse,
      `select lead_id as id, ${parts.map(({ text }, at) => `${text} as r_${names[at]!}`).join(', ')} from lead_facts final where workspace_id = {workspace:UUID}`,
      Object.assign({ workspace: workspaceId }, ...parts.map(({ params }) => params)) as Record<
        string,
        unknown
      >,
    )
    expect(found).toHaveLength(states.length)
    for (const row of found) {
      const state = byId.get(row.id)!
      if (state.score_version !== 0) {
        expect([row.r_total, row.r_grade]).toEqual([null, ''])
        continue
      }
      const memory = readScore(state, reading, now)
      const close = (value: unknown, expected: number | null) =>
        expected === null
          ? expect(value).toBeNull()
          : expect(Math.abs(Number(value) - expected)).toBeLessThan(1e-9)
      close(row.r_total, memory.total)
      close(row.r_confidence, memory.confidence)
      close(row.r_deductions, memory.deductions)
      for (const [dimension, value] of Object.entries(memory.components)) close(row[`r_${dimension}`], value)
      expect([row.r_grade, row.r_temperature]).toEqual([memory.grade ?? '', memory.temperature])
    }
  }
})

test('a feed without anything to do leaves the states alone', async () => {
  await understood()
  expect(await feedLeadFacts(served.services, 'live', understanding(served.services))).toBe(false)
})
