// The timeline in the whole product: events with how stage and score moved between them, on pages of any size.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { getTimeline } from '../src/leads/contract.ts'
import { newId } from '../src/lib/ids.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let served: Served
let leadId: string

beforeAll(async () => {
  served = await serve()
  const base = { userId: 'ada@engines.example' }
  await served.post('/v1/identify', { ...base, traits: { email: base.userId, title: 'CEO' } })
  for (const event of ['Content Downloaded', 'Demo Requested', 'Meeting Booked', 'Checkout Started']) {
    await served.post('/v1/track', { ...base, event, messageId: newId() })
    await understood()
  }
  const [found] = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where email = ${base.userId}`,
  )
  leadId = found!.id
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

async function page(query: string) {
  const reply = await served.call('GET', `/api/leads/${leadId}/timeline?${query}`)
  expect(reply.status, reply.text).toBe(200)
  return getTimeline.reply!.parse(reply.body)
}

async function paged(limit: number, more = '') {
  const items = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const next = await page(`limit=${limit}${more}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    items.push(...next.items)
    cursor = next.nextCursor
  }
  return items
}

test('a timeline has moves of the stage and changes of the score among the events, each with its cause', async () => {
  const { items, counts } = await page('limit=500')
  const events = items.filter(({ category }) => category !== 'standing')
  const moves = items.filter(({ name, category }) => name === 'stage_moved' && category === 'standing')
  const scores = items.filter(({ name }) => name === 'score_changed')
  expect(moves.length).toBeGreaterThan(0)
  for (const move of moves) {
    const cause = events.find(({ id }) => id === move.properties.cause_id)
    expect(cause?.occurredAt).toBe(move.occurredAt)
    expect(items.indexOf(move)).toBeLessThan(items.indexOf(cause!))
  }
  expect(scores.map(({ properties }) => properties.cause)).toContain('demo_requested')
  const [last, before] = scores
  // Silence of a second takes next to nothing.
  expect(Number(last!.properties.before)).toBeCloseTo(Number(before!.properties.score), 1)
  expect(counts.standing).toBe(moves.length + scores.length)
  const instants = items.map(({ occurredAt }) => occurredAt)
  expect(instants).toEqual([...instants].sort().reverse())
})

test.each([1, 2, 3, 7])('pages of %i show each item once, in the same order', async (limit) => {
  const whole = (await page('limit=500')).items.map(({ id }) => id)
  expect((await paged(limit)).map(({ id }) => id)).toEqual(whole)
})

test('stage and score can be read by themselves', async () => {
  const whole = (await page('limit=500')).items.filter(({ category }) => category === 'standing')
  expect(await paged(2, '&category=standing')).toEqual(whole)
  const pages = await paged(2, '&category=conversation')
  expect(pages.every(({ category }) => category === 'conversation')).toBe(true)
})
