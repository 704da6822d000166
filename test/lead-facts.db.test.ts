// Whatever happens to leads, ClickHouse's copy of them comes to say what PostgreSQL says.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rebuild } from '../src/cli/stores.ts'
import { fold } from '../src/conditions/index.ts'
import { SHARDS, takeWaiting } from '../src/ingest/index.ts'
import { feedLeadFacts, markBulk, oweWorkspace, owedState } from '../src/leads/index.ts'
import { purposes } from '../src/leads/contract.ts'
import { newId } from '../src/lib/ids.ts'
import { decideMessages } from '../src/pipeline.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { inTransaction, rows, run, sql } from '../src/platform/postgres.ts'
import { refoldActivity } from '../src/projections/activity/index.ts'
import { sendOpenBatches } from '../src/events/index.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let served: Served
beforeEach(async () => {
  served = await serve({ worker: false })
})
afterEach(() => served.stop())

const EVERY_SHARD = Array.from({ length: SHARDS }, (_, shard) => shard)

async function decide(): Promise<void> {
  for (;;) {
    const waiting = await takeWaiting(served.services.db, 'live', EVERY_SHARD, 7)
    if (waiting.length === 0) return
    await decideMessages(served.services, waiting)
  }
}

async function logAll(): Promise<void> {
  while ((await sendOpenBatches(served.services.db, served.services.clickhouse)).closed > 0);
}

async function feedAll(): Promise<void> {
  while ((await feed()) || (await owedState(served.services.db)).leads > 0);
}

/** Each lead that is not part of another, as the copy should have it; read with no code of the feed. */
async function expected(): Promise<unknown[]> {
  const found = await rows<Record<string, unknown>>(
    served.services.db,
    sql`with recursive family as (
          select id as root, id from leads where status <> 'merged'
          union all select f.root, l.id from family f join leads l on l.merged_into = f.id
        )
        select l.id, l.status, l.is_known, l.email, l.phone, l.first_name, l.last_name, l.company, l.job_title, l.city, l.country,
          l.language, l.time_zone, l.source, l.owner_id, l.tags, l.fields, l.search_text,
          (extract(epoch from date_trunc('milliseconds', l.created_at)) * 1000)::bigint as created,
          (extract(epoch from date_trunc('milliseconds', l.updated_at)) * 1000)::bigint as updated,
          (extract(epoch from date_trunc('milliseconds', l.binned_at)) * 1000)::bigint as binned,
          (extract(epoch from a.first_seen_at) * 1000)::bigint as first_seen,
          (extract(epoch from a.last_seen_at) * 1000)::bigint as last_seen,
          coalesce(a.event_count, 0) as events, coalesce(a.session_count, 0) as sessions,
          coalesce((a.state->>'pageCount')::int, 0) as pages,
          coalesce(a.first_channel, '') as first_channel, coalesce(a.last_channel, '') as last_channel,
          (select coalesce(jsonb_object_agg(c.purpose, c.state), '{}') from consents c where c.lead_id = l.id) as consents,
          (select jsonb_build_object('count', count(*), 'first', (extract(epoch from min(o.placed_at)) * 1000)::bigint,
                    'last', (extract(epoch from max(o.placed_at)) * 1000)::bigint)
           from family f join orders o on o.lead_id = f.id
           where f.root = l.id and o.cancelled_at is null and not o.is_test) as orders,
          (select coalesce(jsonb_object_agg(currency, net), '{}') from (
             select o.currency, sum(greatest(o.total_minor - o.refunded_minor, 0)) as net
             from family f join orders o on o.lead_id = f.id
             where f.root = l.id and o.cancelled_at is null and not o.is_test group by o.currency) sums) as revenue
        from leads l left join lead_activity a on a.lead_id = l.id
        where l.status <> 'merged' order by l.id`,
  )
  const lower = (value: unknown) => (typeof value === 'string' ? fold(value) : '')
  return found.map((row) => {
    const orders = row.orders as { count: number; first: number | null; last: number | null }
    return {
      id: row.id,
      state: row.status,
      is_known: row.is_known,
      texts: ['email', 'phone', 'first_name', 'last_name', 'company', 'job_title', 'city', 'language'].map(
        (name) => lower(row[name]),
      ),
      kept: ['country', 'time_zone', 'source', 'owner_id'].map((name) => row[name] ?? ''),
      tags: row.tags,
      fields: expectedFields(row.fields as Record<string, unknown>),
      consents: purposes.map((purpose) => (row.consents as Record<string, string>)[purpose] ?? 'unknown'),
      instants: [
        row.created,
        row.updated,
        row.binned,
        row.first_seen,
        row.last_seen,
        orders.first,
        orders.last,
      ],
      counts: [row.events, row.sessions, row.pages, orders.count],
      channels: [row.first_channel, row.last_channel],
      revenue: row.revenue,
      search_text: row.search_text,
    }
  })
}

function expectedFields(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: [string, unknown][] = []
  for (const [key, value] of Object.entries(fields)) {
    const path = key.replace('.', '$2e$').replace(' ', '$20$')
    if (typeof value === 'string') {
      kept.push([`t_${path}`, fold(value)])
      if (/^\d{4}-\d\d-\d\d$/.test(value)) kept.push([`d_${path}`, value])
    } else kept.push([`${typeof value === 'number' ? 'n' : 'b'}_${path}`, value])
  }
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function copied(): Promise<unknown[]> {
  const found = await ask<Record<string, unknown>>(
    served.services.clickhouse,
    `select toString(lead_id) as id, toString(state) as state, is_known,
       [email, phone, first_name, last_name, company, job_title, city, language] as texts,
       [country, time_zone, source, owner_id] as kept, tags, fields,
       [${purposes.map((purpose) => `toString(consent_${purpose})`).join(', ')}] as consents,
       [${[
         'created_at',
         'updated_at',
         'binned_at',
         'first_seen_at',
         'last_seen_at',
         'first_order_at',
         'last_order_at',
       ]
         .map((name) => `toUnixTimestamp64Milli(${name})`)
         .join(', ')}] as instants,
       [event_count, session_count, page_count, order_count] as counts,
       [first_channel, last_channel] as channels, revenue_minor as revenue, search_text
     from lead_facts final where state != 'gone' order by id`,
  )
  return found.map((row) => ({
    ...row,
    fields: Object.fromEntries(
      Object.entries(row.fields as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  }))
}

async function leadIds(status = 'active'): Promise<string[]> {
  const found = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where status = ${status} order by id`,
  )
  return found.map((row) => row.id)
}

/** One random thing that a visitor, a shop or a member does. */
async function something(below: (n: number) => number, step: number): Promise<void> {
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!
  const lead = async () => one(await leadIds())
  const at = new Date(Date.UTC(2026, 0, 1) + below(10_000) * 60_000).toISOString()
  const who = below(8)
  switch (below(13)) {
    case 0:
    case 1:
      await served.post('/v1/page', {
        anonymousId: `d${below(10)}`,
        timestamp: at,
        context: {
          page: { url: `https://shop.example/?utm_source=${one(['news', 'ads'])}&utm_medium=email` },
          throughline: { sessionStart: true },
        },
      })
      return
    case 2:
      await served.post('/v1/identify', {
        anonymousId: `d${below(10)}`,
        userId: `u${who}`,
        timestamp: at,
        traits: {
          email: `P${who}@Shop.example`,
          firstName: one(['Émile', 'Ann', 'ΣΑΣ']),
          plan: one(['Gold', 'free']),
          seats: one([3, 2.5, 1e21]),
          'renewal day': one(['2026-03-01', '2026-02-31', 'soon']),
          'a.b': one([true, 'yes', 4]),
        },
        context: {
          consent: { categoryPreferences: { analytics: below(2) === 0, ad_user_data: below(2) === 0 } },
        },
      })
      return
    case 3:
    case 4:
      await served.post('/v1/track', {
        event: one(['Order Completed', 'Order Refunded', 'Order Cancelled']),
        userId: `u${who}`,
        timestamp: at,
        properties: { order_id: `o${below(12)}`, total: below(90), currency: one(['EUR', 'USD']) },
      })
      return
    case 5:
      await served.call('POST', '/api/leads', {
        email: `m${below(6)}@firm.example`,
        company: one(['ACME', 'Büro & Söhne']),
        tags: [one(['vip', 'VIP', 'a,b'])],
        consents: { email_marketing: one(['granted', 'denied']) },
      })
      return
    case 6:
    case 7:
      await served.call('PATCH', `/api/leads/${await lead()}`, {
        jobTitle: `Head ${step}`,
        country: one(['DE', 'FR', null]),
        fields: { plan: one(['silver', null]), seats: one([7, null]) },
        tags: one([[], ['vip', `t${below(3)}`]]),
      })
      return
    case 8:
      await served.call('POST', '/api/leads/merge', { winnerId: await lead(), loserId: await lead() })
      return
    case 9: {
      const merges = await rows<{ id: string }>(
        served.services.db,
        sql`select id from merges where undone_at is null order by id`,
      )
      if (merges.length > 0) await served.call('POST', '/api/leads/unmerge', { mergeId: one(merges).id })
      return
    }
    case 10:
      await served.call('POST', `/api/leads/${await lead()}/consent`, {
        purpose: one(purposes),
        state: one(['granted', 'denied']),
        proof: 'said so on the phone',
      })
      return
    case 11:
      await served.call('DELETE', `/api/leads/${await lead()}`)
      return
    default: {
      const binned = await leadIds('binned')
      if (binned.length === 0) return
      if (below(2) === 0) await served.call('POST', `/api/leads/${one(binned)}/restore`)
      // As an erasure leaves it: nothing of the lead in PostgreSQL.
      else {
        const id = one(binned)
        for (const table of ['lead_activity', 'consents', 'orders', 'identifiers'])
          await run(served.services.db, sql`delete from ${sql.table(table)} where lead_id = ${id}`)
        await run(served.services.db, sql`delete from leads where id = ${id}`)
      }
    }
  }
}

describe('the copy of the leads', () => {
  test.each([3, 8, 21])(
    'is true after anything that may happen to leads, run %i',
    async (seed) => {
      let state = seed
      const below = (n: number): number => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
        return Math.floor((state / 2_147_483_648) * n)
      }
      for (let step = 0; step < 12; step++)
        await served.call('POST', '/api/leads', { firstName: 'Ann', lastName: `No ${step}` })
      for (let step = 0; step < 160; step++) {
        await something(below, step)
        if (below(4) === 0) await decide()
        if (below(6) === 0) await feed()
      }
      await decide()
      await logAll()
      await refoldActivity(
        served.services.db,
        served.services.clickhouse,
        served.workspaceId,
        await leadIds(),
      )
      await feedAll()
      const [inPostgres, inClickHouse] = [await expected(), await copied()]
      expect(inPostgres.length).toBeGreaterThan(10)
      expect(inClickHouse).toEqual(inPostgres)
      expect(served.errors).toEqual([])
    },
    120_000,
  )

  test('is filled anew where it lacks leads or holds some that are no more', async () => {
    for (let n = 0; n < 5; n++) await served.call('POST', '/api/leads', { firstName: `Ann ${n}` })
    await feedAll()
    const { clickhouse, db } = served.services
    await clickhouse.command({ query: `delete from lead_facts where first_name in ('ann 1', 'ann 2')` })
    await clickhouse.insert({
      table: 'lead_facts',
      format: 'JSONEachRow',
      values: [{ workspace_id: served.workspaceId, lead_id: newId(), version: 1, state: 'active' }],
    })
    await oweWorkspace(db, served.workspaceId)
    while ((await owedState(db)).workspaces > 0) await feed()
    expect(await copied()).toEqual(await expected())
  })

  test('is filled anew by a rebuild, also where it holds newer rows than PostgreSQL knows of', async () => {
    const made = await served.call('POST', '/api/leads', { firstName: 'Ann' })
    await feedAll()
    const { clickhouse, db } = served.services
    // As it stands beside a PostgreSQL that was restored from an older backup.
    await clickhouse.insert({
      table: 'lead_facts',
      format: 'JSONEachRow',
      values: [made.body.id, newId()].map((lead_id) => ({
        workspace_id: served.workspaceId,
        lead_id,
        version: 1_000_000,
        state: 'active',
        first_name: 'bea',
      })),
    })
    await logAll()
    expect(await rebuild(served.services, undefined)).toHaveLength(2)
    while ((await owedState(db)).workspaces > 0) await feed()
    expect(await copied()).toEqual(await expected())
  })

  test('hears of what people did before it hears of bulk work that came first', async () => {
    await feedAll()
    const { db, clickhouse } = served.services
    const add = (name: string) => sql`
      insert into leads (id, workspace_id, is_known, email, first_name, source, created_at, updated_at)
      select gen_random_uuid(), ${served.workspaceId}, true, ${name} || n || '@shop.example', ${name}, 'manual', now(), now()
      from generate_series(1, 700) n`
    await inTransaction(db, async (tx) => {
      await markBulk(tx)
      await run(tx, add('imported'))
    })
    await run(db, add('tracked'))
    const told = async (name: string) =>
      (
        await ask<{ n: number }>(
          clickhouse,
          `select count() as n from lead_facts final where workspace_id = {workspace:UUID} and first_name = {name:String}`,
          { workspace: served.workspaceId, name },
        )
      )[0]!.n
    await feedLeadFacts(served.services, 'live')
    expect([await told('tracked'), await told('imported')]).toEqual([700, 0])
    await feedLeadFacts(served.services, 'bulk')
    expect(await told('imported')).toBe(700)
  })

  test('lets go of any number of leads that are erased at once', async () => {
    const { db, clickhouse } = served.services
    await run(
      db,
      sql`insert into leads (id, workspace_id, is_known, email, source, created_at, updated_at)
          select gen_random_uuid(), ${served.workspaceId}, true, 'gone' || n || '@shop.example', 'manual', now(), now()
          from generate_series(1, 3000) n`,
    )
    await feedAll()
    await run(db, sql`delete from leads where email like 'gone%'`)
    await feedAll()
    const held = () =>
      ask(clickhouse, `select count()::Int32 as held from lead_facts where startsWith(email, 'gone')`)
    await expect.poll(held, { timeout: 20_000 }).toEqual([{ held: 0 }])
  })

  test('holds nothing of a lead that was erased', async () => {
    const made = await served.call('POST', '/api/leads', { firstName: 'Ann', email: 'ann@shop.example' })
    const id = made.body.id as string
    await feedAll()
    await run(served.services.db, sql`delete from leads where id = ${id}`)
    await feedAll()
    await served.services.clickhouse.command({ query: 'optimize table lead_facts final' })
    const left = await ask(
      served.services.clickhouse,
      `select toString(state) as state, email, search_text from lead_facts where lead_id = {id:UUID}`,
      { id },
    )
    expect(left).toEqual([{ state: 'gone', email: '', search_text: '' }])
  })
})

async function feed(): Promise<boolean> {
  const hasMore = await feedLeadFacts(served.services, 'live')
  return (await feedLeadFacts(served.services, 'bulk')) || hasMore
}
