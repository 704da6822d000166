// Events of erased or purged leads leave the log, and the sums that were made of them are set right.
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/** Whether every batch that was decided by then is in the log. */
export async function isLogWhole(db: Db, until: Date): Promise<boolean> {
  const open = await rows(
    db,
    sql`select 1 from batches where closed_at is null and opened_at <= ${until} limit 1`,
  )
  return open.length === 0
}

/** Forgets events of leads that ClickHouse had refused. */
export async function forgetRefused(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  await run(
    tx,
    sql`delete from refused_events where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
  )
}

/** Leads in one statement: their ids travel in its address, of which a server takes 16 kB. */
const LEADS_AT_ONCE = 200

/**
 * Takes leads out of the log: first the sums, by rows of the opposite sign that count once however often this is called under
 * one token, then the events, for good: when this returns the files hold them no more.
 */
export async function forgetLogged(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
  token: string,
): Promise<void> {
  for (let at = 0; at < leadIds.length; at += LEADS_AT_ONCE) {
    await forgetSome(clickhouse, workspaceId, leadIds.slice(at, at + LEADS_AT_ONCE), `${token}:${at}`)
  }
}

async function forgetSome(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
  token: string,
): Promise<void> {
  const scope = 'workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}'
  await forgetScope(clickhouse, scope, { workspace: workspaceId, leads: leadIds }, token)
}

/** Orders that an import told of as new. */
export interface ToldOrders {
  importId: string
  /** the instants between which it wrote */
  from: Date
  until: Date
  /** external ids of those that stay */
  kept: string[]
}

/** Ids of orders in one statement: up to 200 letters each, in an address of which a server takes 16 kB. */
const ORDERS_AT_ONCE = 40

/** Takes the orders of an import that was taken back out of the log and its sums, as `forgetLogged` does; safe to call again. */
export async function forgetToldOrders(
  clickhouse: ClickHouse,
  workspaceId: string,
  { importId, from, until, kept }: ToldOrders,
): Promise<void> {
  const params = { workspace: workspaceId, import: importId, from: instant(from), until: instant(until) }
  const sorted = [...new Set(kept)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  // Between one handful of kept ids and the next, in the order of their bytes.
  for (let at = 0; at === 0 || at < sorted.length; at += ORDERS_AT_ONCE) {
    const stay = sorted.slice(at, at + ORDERS_AT_ONCE)
    const above = sorted[at - 1]
    const upTo = at + ORDERS_AT_ONCE < sorted.length ? stay.at(-1) : undefined
    const scope = `${TOLD} and ${ORDER_ID} not in {stay:Array(String)}
      ${above === undefined ? '' : `and ${ORDER_ID} > {above:String}`}
      ${upTo === undefined ? '' : `and ${ORDER_ID} <= {upTo:String}`}`
    const some = {
      ...params,
      stay,
      ...(above === undefined ? {} : { above }),
      ...(upTo === undefined ? {} : { upTo }),
    }
    await forgetScope(clickhouse, scope, some, `${importId}:${at}`)
  }
}

const ORDER_ID = `JSONExtractString(properties, 'order_id')`
const TOLD = `workspace_id = {workspace:UUID} and name = 'order_completed' and call = 'import'
  and received_at >= parseDateTime64BestEffort({from:String}, 3, 'UTC')
  and received_at <= parseDateTime64BestEffort({until:String}, 3, 'UTC')
  and JSONExtractString(properties, 'importId') = {import:String}`

function instant(at: Date): string {
  return at.toISOString()
}

async function forgetScope(
  clickhouse: ClickHouse,
  scope: string,
  params: Record<string, unknown>,
  token: string,
): Promise<void> {
  await clickhouse.command({
    query: `insert into event_quarters
            select workspace_id,
              toStartOfFifteenMinutes(toDateTime(
                least(greatest(occurred_at, toDateTime64('1970-01-01 00:00:00', 3, 'UTC')), toDateTime64('2106-01-01 00:00:00', 3, 'UTC')),
                'UTC')) as quarter,
              name, category, channel, source, device, country, is_bot, currency,
              -toInt64(count()), -toInt64(sum(session_start)), -sum(value_minor)
            from events where ${scope}
            group by workspace_id, quarter, name, category, channel, source, device, country, is_bot, currency`,
    query_params: params,
    clickhouse_settings: {
      insert_deduplication_token: token,
      insert_deduplicate: 1,
      // One block, which is what the token is about.
      max_insert_threads: '1',
      max_threads: 1,
      min_insert_block_size_rows: '10000000',
    },
  })
  const [found] = await ask<{ events: number }>(
    clickhouse,
    `select count() as events from events where ${scope}`,
    params,
  )
  if (Number(found?.events ?? 0) === 0) return
  await clickhouse.command({
    query: `alter table events delete where ${scope}`,
    query_params: params,
    clickhouse_settings: { mutations_sync: '1' },
  })
}
