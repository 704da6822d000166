// A demo written as rows against the same demo through the inbox: the same content in every table of both stores.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { createOwner } from '../accounts/index.ts'
import { sendOpenBatches } from '../events/index.ts'
import { turnInboxDays } from '../ingest/index.ts'
import { feedAliases } from '../identity/index.ts'
import { feedLeadFacts } from '../leads/index.ts'
import { unpackProvenance } from '../leads/provenance.ts'
import type { LeadRow } from '../leads/record.ts'
import { ask, openClickHouse } from '../platform/clickhouse.ts'
import { createLog } from '../platform/log.ts'
import { openPostgres, rows, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { readSettings } from '../platform/settings.ts'
import { startWorker } from '../worker.ts'
import { seedDemo } from './index.ts'
import { dataTables } from '../emptying/store.ts'

const wish = { seed: 3, leads: 500, days: 60, events: 15_000, endOn: '2025-06-30' }
/** One instant for everything that both ways date. */
const now = new Date()

interface Installation {
  postgres: Postgres
  services: Services
  databaseUrl: string
  live: string
  twin: string
}

const opened: Installation[] = []

async function install(): Promise<Installation> {
  const stores = await freshDatabase()
  const postgres = openPostgres(stores.databaseUrl)
  const services: Services = {
    db: postgres.db,
    clickhouse: openClickHouse(stores.clickhouseUrl),
    clock: () => now,
    settings: readSettings({ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl }),
    log: createLog('silent'),
  }
  await turnInboxDays(postgres.db, now, { payloadDays: 14, keyDays: 30 })
  const owner = await createOwner(services, {
    email: 'olive@shop.example',
    password: 'correct horse battery',
    name: 'Olive',
    workspaceName: 'Shop',
    timeZone: 'Europe/Berlin',
  })
  const made = {
    postgres,
    services,
    databaseUrl: stores.databaseUrl,
    live: owner.live.id,
    twin: owner.test.id,
  }
  opened.push(made)
  return made
}

afterAll(async () => {
  for (const { services, postgres } of opened) {
    await services.clickhouse.close()
    await postgres.close()
  }
})

describe('500 leads', () => {
  let byInbox: Content
  let byRows: Content

  beforeAll(async () => {
    const inbox = await install()
    const worker = await startWorker(inbox.services, inbox.postgres.pool, inbox.databaseUrl)
    try {
      await seedDemo(inbox.services, inbox.live, { ...wish, way: 'inbox' })
      while ((await sendOpenBatches(inbox.services.db, inbox.services.clickhouse)).closed > 0) continue
    } finally {
      await worker.stop()
    }
    byInbox = await contentOf(inbox)
    const direct = await install()
    await seedDemo(direct.services, direct.live, { ...wish, way: 'rows' })
    byRows = await contentOf(direct)
  }, 120_000)

  test('come to the same content in every table of PostgreSQL and of the log, whichever way they came in', () => {
    expect(Object.keys(byRows)).toEqual(Object.keys(byInbox))
    for (const table of Object.keys(byInbox)) {
      expect([table, byRows[table]!.length]).toEqual([table, byInbox[table]!.length])
      const differs = byInbox[table]!.findIndex((row, place) => row !== byRows[table]![place])
      expect(byRows[table]![differs]).toEqual(byInbox[table]![differs])
    }
  })

  test('bring something of every kind: merges, shared devices, refunds, machines, consents taken back', () => {
    const has = (table: string, words: string) => byRows[table]?.some((row) => row.includes(words))
    for (const table of ['merges', 'identifier_shares', 'consent_history'])
      expect([table, byRows[table]?.length ?? 0]).not.toEqual([table, 0])
    expect(has('orders', '"status":"refunded"')).toBe(true)
    expect(has('lead_facts', '"state":"gone"')).toBe(true)
    expect(has('events', '"is_bot":1')).toBe(true)
    expect(has('consents', '"state":"denied"')).toBe(true)
  })
})

/** By table its rows as texts, in order, ids of chance replaced by what they stand for. */
type Content = Record<string, string[]>

/** What stands on the way only: messages and batches are gone once they are done, what is owed once it is paid. */
const onTheWay = ['batches', 'inbox', 'inbox_keys', 'lead_facts_owed', 'refused_events']
/** Columns of chance, or of how often a batch touched a row. */
const unlike: Record<string, string[]> = {
  leads: ['revision'],
  consent_history: ['id'],
  merge_proposals: ['id'],
  custom_fields: ['created_at'],
  events: ['batch_id'],
  lead_facts: ['version'],
  lead_aliases: ['version'],
}

async function contentOf({ services, postgres, twin }: Installation): Promise<Content> {
  for (const lane of ['live', 'bulk'] as const) while (await feedLeadFacts(services, lane)) continue
  await feedAliases(services.db, services.clickhouse, now)
  const tables: Record<string, Record<string, unknown>[]> = {}
  for (const name of await dataTables(postgres.db)) {
    if (onTheWay.includes(name)) continue
    const found = await rows<{ row: Record<string, unknown> }>(
      postgres.db,
      sql`select to_jsonb(t) as row from ${sql.table(name)} t where workspace_id = ${twin}`,
    )
    tables[name] = found.map(({ row }) => row)
  }
  // How it is packed depends on the order of its keys; what it says does not.
  tables.leads = tables.leads!.map((row) => ({
    ...row,
    provenance: unpackProvenance(row as Pick<LeadRow, 'fields' | 'provenance'>),
  }))
  const scope = { workspace: twin }
  for (const name of ['events', 'event_quarters', 'lead_facts']) {
    tables[name] = await ask(
      services.clickhouse,
      `select * from ${name} ${name === 'events' ? '' : 'final'} where workspace_id = {workspace:UUID}`,
      scope,
    )
  }
  tables.lead_aliases = await ask(services.clickhouse, 'select * from lead_aliases final')
  const names = namesOf(tables, twin)
  const content: Content = {}
  for (const [name, found] of Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1))) {
    content[name] = found.map((row) => told(row, unlike[name] ?? [], names)).sort()
  }
  return content
}

// An event is known by when and where it happened, a lead by its first event, a merge by its leads, an order by its number.
function namesOf(tables: Record<string, Record<string, unknown>[]>, twin: string): Map<string, string> {
  const names = new Map([[twin, 'twin']])
  const events = [...tables.events!].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  for (const event of events) {
    const { lead_id: leadId, call } = event
    if (call !== 'system' && !names.has(String(leadId))) names.set(String(leadId), `lead of ${keyOf(event)}`)
  }
  for (const merge of tables.merges!) {
    const pair = [merge.winner_id, merge.loser_id].map((id) => names.get(String(id)))
    names.set(String(merge.id), `merge of ${pair.join(' and ')}`)
  }
  for (const order of tables.orders!) names.set(String(order.id), `order ${String(order.external_id)}`)
  for (const event of events) names.set(String(event.event_id), `event ${keyOf(event)}`)
  return names
}

function keyOf(event: Record<string, unknown>): string {
  const { occurred_at, anonymous_id, name, page_path, call, properties } = event
  const { order_id, purpose } = JSON.parse(String(properties)) as Record<string, unknown>
  return [occurred_at, anonymous_id, call, name, page_path, order_id, purpose].join(' ')
}

function told(row: Record<string, unknown>, without: string[], names: Map<string, string>): string {
  const kept = Object.entries(row).filter(([column]) => !without.includes(column))
  const text = JSON.stringify(sorted(Object.fromEntries(kept)))
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
    return names.get(id) ?? 'an id that nothing bears'
  })
}

// Objects by their keys; the identifiers that a merge handed over by their text.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value === 'string' && /^[{[]/.test(value)) return sorted(JSON.parse(value))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, held]): [string, unknown] => [
        key,
        key === 'identifiers' ? sorted([...(held as unknown[])].sort(byText)) : sorted(held),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
