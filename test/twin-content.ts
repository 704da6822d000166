// All that a test twin holds in both stores, in a form that two installations can be compared by.
import { dataTables } from '../src/emptying/store.ts'
import { feedAliases } from '../src/identity/index.ts'
import { feedLeadFacts } from '../src/leads/index.ts'
import { unpackProvenance } from '../src/leads/provenance.ts'
import type { LeadRow } from '../src/leads/record.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import type { Services } from '../src/platform/services.ts'
import { understanding } from '../src/understand.ts'

/** By table its rows as texts, in order, ids of chance replaced by what they stand for. */
export type Content = Record<string, string[]>

/** What stands on the way only: messages and batches are gone once they are done, what is owed once it is paid. */
const onTheWay = ['batches', 'inbox', 'inbox_keys', 'lead_facts_owed', 'refused_events']
/** Columns of chance, or of how often a batch touched a row. */
const unlike: Record<string, string[]> = {
  leads: ['revision'],
  // What becomes of a cart is looked at by the clock.
  carts: ['abandoned_at', 'order_id', 'bought_at', 'updated_at'],
  consent_history: ['id'],
  merge_proposals: ['id'],
  custom_fields: ['created_at'],
  events: ['batch_id'],
  lead_facts: ['version'],
  lead_aliases: ['version'],
  lead_states: ['computed_at'],
}

/** The content of a workspace in both stores; what its installation still owes to ClickHouse is sent first. */
export async function contentOf({ services, twin }: { services: Services; twin: string }): Promise<Content> {
  const { db, clickhouse } = services
  for (const lane of ['live', 'bulk'] as const)
    while (await feedLeadFacts(services, lane, understanding(services))) continue
  await feedAliases(db, clickhouse, services.clock())
  const tables: Record<string, Record<string, unknown>[]> = {}
  for (const name of await dataTables(db)) {
    if (onTheWay.includes(name)) continue
    const found = await rows<{ row: Record<string, unknown> }>(
      db,
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
      clickhouse,
      `select * from ${name} ${name === 'events' ? '' : 'final'} where workspace_id = {workspace:UUID}`,
      scope,
    )
  }
  tables.lead_aliases = await ask(clickhouse, 'select * from lead_aliases final')
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

// Objects by their keys, without digests, which are of ids; the identifiers that a merge handed over by their text.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value === 'string' && /^[{[]/.test(value)) return sorted(JSON.parse(value))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'digest')
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
