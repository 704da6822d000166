// The way from the inbox to the log, held on real stores: once, whatever the batches, and the same again from the log.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serve } from '../test/deployment.ts'
import type { Served } from '../test/deployment.ts'
import { holdings } from '../test/promises.ts'
import { sendOpenBatches } from './events/index.ts'
import { SHARDS, openDoor, takeWaiting } from './ingest/index.ts'
import type { Message } from './ingest/contract.ts'
import { unpackProvenance } from './leads/provenance.ts'
import type { LeadRow } from './leads/record.ts'
import { newId } from './lib/ids.ts'
import { decideMessages } from './pipeline.ts'
import { ask } from './platform/clickhouse.ts'
import { rows, run, sql } from './platform/postgres.ts'
import { rebuildActivity, refoldActivity } from './projections/activity/index.ts'

const START = Date.UTC(2026, 0, 1)
const NOW = new Date(START + 86_400_000)
const EVERY_SHARD = Array.from({ length: SHARDS }, (_, shard) => shard)

type Sent = {
  message: Partial<Message> & Pick<Message, 'type'>
  trusted?: boolean
  minute: number
  id: string
}

let served: Served
beforeEach(async () => {
  served = await serve({ worker: false })
})
afterEach(() => served.stop())

function say(minute: number, message: Sent['message'], trusted = false): Sent {
  return { message, minute, trusted, id: newId() }
}

/** Puts messages into the inbox as they are, in their order. */
async function arrive(at: Served, sent: Sent[]): Promise<void> {
  await openDoor(at.services.db).accept(
    sent.map(({ message, trusted, minute, id }) => ({
      id,
      receivedAt: NOW,
      workspaceId: at.workspaceId,
      lane: 'live' as const,
      connection: 'tracking',
      source: 'tracker',
      messageId: id,
      sender: 'one',
      origin: trusted ? { trusted } : {},
      text: JSON.stringify({
        messageId: id,
        timestamp: new Date(START + minute * 60_000).toISOString(),
        ...message,
      }),
    })),
  )
}

async function decideAll(at: Served, batchSize: number): Promise<void> {
  const services = { ...at.services, clock: () => NOW }
  for (;;) {
    const waiting = await takeWaiting(services.db, 'live', EVERY_SHARD, batchSize)
    if (waiting.length === 0) return
    await decideMessages(services, waiting)
  }
}

async function logAll(at: Served): Promise<void> {
  while ((await sendOpenBatches(at.services.db, at.services.clickhouse)).closed > 0);
}

const activity = (at: Served) =>
  rows<{ lead_id: string; state: string }>(
    at.services.db,
    sql`select lead_id, version, first_seen_at, last_seen_at, event_count, session_count, state::text from lead_activity order by lead_id`,
  )

/** Every person as the stores hold them, without the ids that differ between two runs. */
async function people(at: Served, status = 'active'): Promise<unknown[]> {
  const found = await rows<{ person: { row: LeadRow } & Record<string, unknown> }>(
    at.services.db,
    sql`select jsonb_build_object(
          'row', to_jsonb(l) - 'id' - 'merged_into' - 'workspace_id' - 'revision' - 'updated_at',
          'identifiers', (select jsonb_agg(jsonb_build_array(kind, value, lead_count) order by kind, value) from identifiers i where i.lead_id = l.id),
          'consents', (select jsonb_agg(jsonb_build_array(purpose, state, acted_at) order by purpose) from consents c where c.lead_id = l.id),
          'orders', (select jsonb_agg(jsonb_build_array(external_id, status, total_minor, refunded_minor) order by external_id)
                     from orders o where o.lead_id = l.id),
          'activity', (select state from lead_activity a where a.lead_id = l.id)) as person
        from leads l where l.status = ${status}
        order by (select min(kind || '/' || value) from identifiers i where i.lead_id = l.id), l.created_at`,
  )
  return found.map(({ person }) => ({
    ...person,
    row: { ...person.row, provenance: unpackProvenance(person.row) },
  }))
}

// Merged leads have no identifiers to be told apart by.
function sorted(list: unknown[]): unknown[] {
  return list
    .map((person) => ({ person, key: JSON.stringify(person, Object.keys(flat(person)).sort()) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ person }) => person)
}

function flat(value: unknown): Record<string, true> {
  if (value === null || typeof value !== 'object') return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => [[key, true], ...Object.entries(flat(inner))]),
  ) as Record<string, true>
}

/** A reproducible stream of a small town: visits, logins on shared devices, servers that merge, late calls, orders, consents. */
function town(seed: number, count: number): Sent[] {
  let state = seed
  const below = (n: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * n)
  }
  const person = () => below(14)
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!
  return Array.from({ length: count }, (_, n) => {
    const minute = below(5) === 0 ? below(n + 1) : n
    const anonymousId = `device-${below(20)}`
    const who = person()
    const choice = {
      consent: { categoryPreferences: { analytics: below(3) > 0, ad_user_data: below(2) === 0 } },
      throughline: { consentAt: new Date(START + below(minute + 1) * 60_000).toISOString() },
    }
    switch (below(8)) {
      case 0:
      case 1:
        return say(minute, {
          type: 'page',
          anonymousId,
          context: {
            page: { url: `https://shop.example/?utm_source=${one(['news', 'ads'])}` },
            throughline: { sessionStart: true },
          },
        })
      case 2:
        return say(minute, {
          type: 'identify',
          anonymousId,
          userId: `u${who}`,
          traits: { firstName: one(['Ann', 'Bo', 'Cy']) },
          context: choice,
        })
      case 3:
        return say(minute, {
          type: 'identify',
          anonymousId,
          traits: { email: `p${who}@shop.example`, plan: one(['gold', 'free']) },
        })
      case 4:
        return say(
          minute,
          { type: 'identify', userId: `u${who}`, traits: { email: `p${who}@shop.example` } },
          true,
        )
      case 5:
        return say(
          minute,
          {
            type: 'track',
            event: 'Order Completed',
            userId: `u${who}`,
            properties: { order_id: `o${n}`, total: below(90) },
          },
          true,
        )
      case 6:
        return say(
          minute,
          {
            type: 'identify',
            userId: `u${who}`,
            traits: { phone: `+49301234${500 + person()}`, lastName: one(['Moore', 'Smith']) },
          },
          true,
        )
      default:
        return say(minute, { type: 'track', event: one(['Demo Requested', 'Clicked']), anonymousId })
    }
  })
}

describe('a batch of messages', () => {
  test('ends as leads, identifiers, activity, orders and rows of the log, each exactly once', async () => {
    const sent = [
      say(1, { type: 'page', anonymousId: 'a1', context: { page: { url: 'https://shop.example/' } } }),
      say(2, {
        type: 'identify',
        anonymousId: 'a1',
        userId: 'u1',
        traits: { email: 'ann@shop.example', firstName: 'Ann' },
      }),
      say(3, {
        type: 'track',
        event: 'Order Completed',
        userId: 'u1',
        properties: { order_id: '1', total: 12.5 },
      }),
      say(4, {
        type: 'track',
        event: 'Order Refunded',
        userId: 'u1',
        properties: { order_id: '1', total: 2.5 },
      }),
    ]
    await arrive(served, sent)
    await arrive(served, sent)
    await decideAll(served, 2_000)
    await logAll(served)
    const { services, workspaceId } = served
    expect(await people(served)).toMatchObject([
      {
        row: { email: 'ann@shop.example', first_name: 'Ann', is_known: true },
        identifiers: [
          [1, 'u1', 1],
          [3, 'ann@shop.example', 1],
          [4, 'a1', 1],
        ],
        orders: [['1', 'refunded', 1_250, 250]],
        activity: { eventCount: 4, pageCount: 1 },
      },
    ])
    expect(
      await holdings(
        services.db,
        services.clickhouse,
        workspaceId,
        sent.map(({ id }) => id),
      ),
    ).toEqual({
      lost: [],
      doubled: [],
      strays: 0,
      events: 4,
      rolledUp: 4,
    })
  })

  test('comes to the same people as its messages one by one', async () => {
    const other = await serve({ worker: false })
    try {
      const sent = town(7, 250)
      await arrive(served, sent)
      await arrive(other, sent)
      await decideAll(served, 2_000)
      await decideAll(other, 1)
      const whole = await people(served)
      expect(whole.length).toBeGreaterThan(5)
      expect(await people(other)).toEqual(whole)
      expect(sorted(await people(other, 'merged'))).toEqual(sorted(await people(served, 'merged')))
    } finally {
      await other.stop()
    }
  })

  test('that is decided while others decide the same people leaves each of them once', async () => {
    const { services } = served
    const sent = town(11, 300)
    await arrive(served, sent)
    const waiting = await takeWaiting(services.db, 'live', EVERY_SHARD, 2_000)
    const parts = [0, 1, 2].map((part) => waiting.filter((_, n) => n % 3 === part))
    await Promise.all(parts.map((part) => decideMessages({ ...services, clock: () => NOW }, part)))
    await logAll(served)
    const twice = await rows(
      services.db,
      sql`select 1 from identifiers i join leads l on l.id = i.lead_id where l.status <> 'active'`,
    )
    expect(twice).toEqual([])
    const held = await holdings(
      services.db,
      services.clickhouse,
      served.workspaceId,
      sent.map(({ id }) => id),
    )
    expect(held).toMatchObject({ lost: [], doubled: [], strays: 0 })
    expect(held.rolledUp).toBe(held.events)
    const before = await activity(served)
    await rebuildActivity(services.db, services.clickhouse, served.workspaceId)
    expect(await activity(served)).toEqual(before)
  })
})

test('what is taken at once is bounded in bytes as well as in messages, and nothing is left behind', async () => {
  const note = 'x'.repeat(31_000)
  const sent = Array.from({ length: 600 }, (_, n) =>
    say(n, { type: 'track', event: 'Noted', anonymousId: `a${n}`, properties: { note } }),
  )
  await arrive(served, sent)
  const taken = await takeWaiting(served.services.db, 'live', EVERY_SHARD, 2_000)
  expect(taken.map(({ id }) => id)).toEqual(sent.slice(0, taken.length).map(({ id }) => id))
  expect(taken.length).toBeGreaterThan(250)
  expect(taken.length).toBeLessThan(300)
  await decideAll(served, 2_000)
  expect((await served.inbox()).every((line) => line.status === 1)).toBe(true)
})

describe('activity', () => {
  test('is the same to the byte when it is folded anew from the log: merges, late calls and many batches', async () => {
    const { services, workspaceId } = served
    await arrive(served, town(3, 400))
    await decideAll(served, 37)
    await logAll(served)
    const before = await activity(served)
    expect(before.length).toBeGreaterThan(5)
    const merged = await rows<{ id: string }>(services.db, sql`select id from leads where status = 'merged'`)
    expect(merged.length).toBeGreaterThan(5)

    await run(services.db, sql`delete from lead_activity`)
    await rebuildActivity(services.db, services.clickhouse, workspaceId)
    expect(await activity(served)).toEqual(before)

    const everyone = await rows<{ id: string }>(services.db, sql`select id from leads`)
    expect(
      await refoldActivity(
        services.db,
        services.clickhouse,
        workspaceId,
        everyone.map(({ id }) => id),
      ),
    ).toBe(true)
    expect(await activity(served)).toEqual(before)
  })

  test('is not refolded while a batch waits for the log', async () => {
    const { services, workspaceId } = served
    await arrive(served, [say(1, { type: 'page', anonymousId: 'a1' })])
    await decideAll(served, 10)
    const before = await activity(served)
    const ids = before.map((row) => row.lead_id)
    expect(await refoldActivity(services.db, services.clickhouse, workspaceId, ids)).toBe(false)
    expect(await activity(served)).toEqual(before)
    await logAll(served)
    expect(await refoldActivity(services.db, services.clickhouse, workspaceId, ids)).toBe(true)
    expect(await activity(served)).toEqual(before)
  })
})

describe('a merge undone', () => {
  // Both leads are made, told things and merged within the batch, or each in its own.
  test.each([2_000, 1])('gives both people all that was theirs, in batches of %i', async (batchSize) => {
    const { services, workspaceId } = served
    const refused = { consent: { categoryPreferences: { analytics: false } } }
    const agreed = { consent: { categoryPreferences: { analytics: true } } }
    await arrive(served, [
      say(
        1,
        {
          type: 'identify',
          userId: 'u1',
          traits: { email: 'ann@shop.example', firstName: 'Ann' },
          context: agreed,
        },
        true,
      ),
      say(
        2,
        { type: 'track', event: 'Order Completed', userId: 'u1', properties: { order_id: '1', total: 10 } },
        true,
      ),
      say(
        3,
        { type: 'identify', userId: 'u2', traits: { firstName: 'Annie', city: 'Bonn' }, context: refused },
        true,
      ),
      say(4, { type: 'page', userId: 'u2', anonymousId: 'a2' }, true),
      say(
        5,
        { type: 'track', event: 'Order Completed', userId: 'u2', properties: { order_id: '2', total: 20 } },
        true,
      ),
    ])
    await decideAll(served, batchSize)
    const before = await people(served)
    expect(before).toHaveLength(2)
    await arrive(served, [
      say(6, { type: 'identify', userId: 'u2', traits: { email: 'ann@shop.example' } }, true),
    ])
    await decideAll(served, batchSize)
    await logAll(served)
    expect(await people(served)).toMatchObject([
      {
        row: { first_name: 'Annie', city: 'Bonn' },
        consents: [['analytics', 'denied', expect.anything()]],
      },
    ])
    const [merge] = await rows<{ id: string; winner: string; loser: string }>(
      services.db,
      sql`select id, winner_id as winner, loser_id as loser from merges`,
    )
    const undone = await served.call('POST', '/api/leads/unmerge', { mergeId: merge!.id })
    expect(undone.status).toBe(200)
    await logAll(served)
    expect(
      await refoldActivity(services.db, services.clickhouse, workspaceId, [merge!.winner, merge!.loser]),
    ).toBe(true)
    const after = (await people(served)) as { row: object; activity: { eventCount: number } }[]
    // The call that merged came to the winner and stays with it.
    expect(after[0]?.activity.eventCount).toBe(3)
    expect(after[1]).toEqual(before[1])
    expect({ ...after[0], activity: null, row: null }).toEqual({
      ...(before[0] as object),
      activity: null,
      row: null,
    })
  })

  test('in the batch that made both leads gives the visitor back the device and the visit', async () => {
    const { services, workspaceId } = served
    await arrive(served, [
      say(1, { type: 'identify', userId: 'u1', traits: { email: 'ann@shop.example' } }, true),
      say(2, { type: 'page', anonymousId: 'a1' }),
      say(3, { type: 'identify', anonymousId: 'a1', userId: 'u1' }),
    ])
    await decideAll(served, 2_000)
    await logAll(served)
    const [merge] = await rows<{ id: string; winner: string; loser: string }>(
      services.db,
      sql`select id, winner_id as winner, loser_id as loser from merges`,
    )
    expect((await served.call('POST', '/api/leads/unmerge', { mergeId: merge!.id })).status).toBe(200)
    await logAll(served)
    await refoldActivity(services.db, services.clickhouse, workspaceId, [merge!.winner, merge!.loser])
    expect(await people(served)).toMatchObject([
      {
        row: { email: 'ann@shop.example' },
        identifiers: [
          [1, 'u1', 1],
          [3, 'ann@shop.example', 1],
        ],
        activity: { eventCount: 2 },
      },
      { row: { is_known: false }, identifiers: [[4, 'a1', 1]], activity: { eventCount: 1, pageCount: 1 } },
    ])
    const [told] = await ask<{ events: number; rolled: number }>(
      services.clickhouse,
      `select (select count() from events where workspace_id = {w:UUID}) as events,
              (select sum(events) from event_quarters where workspace_id = {w:UUID}) as rolled`,
      { w: workspaceId },
    )
    expect(told?.rolled).toBe(told?.events)
  })
})
