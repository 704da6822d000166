// The leads of a selection, counted and by id: in PostgreSQL, and in ClickHouse's copy.
import type { RawBuilder } from 'kysely'
import { chSql, written } from '../../conditions/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { firstRow, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { leadsThat } from './list.ts'
import type { ListQuestion } from './list.ts'
import { leadsThatInCopy } from './list-copy.ts'
import type { CopyQuestion } from './list-copy.ts'

type Scope = 'workspaceId' | 'status' | 'audience' | 'search' | 'filter'

/** Leads by name, or what they have in common. */
export type WantedRecords =
  { workspaceId: string; status: 'active' | 'binned'; ids: string[] } | Pick<ListQuestion, Scope>

export type WantedInCopy = Pick<CopyQuestion, Scope>

export async function countRecords(db: Db, wanted: WantedRecords): Promise<number> {
  const counted = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from leads l left join lead_activity a on a.lead_id = l.id where ${wantedLeads(wanted)}`,
  )
  return counted?.count ?? 0
}

/** The ids as PostgreSQL sorts them, 16 bytes each. */
export async function packRecords(db: Db, wanted: WantedRecords): Promise<Buffer> {
  const found = await firstRow<{ ids: Buffer | null }>(
    db,
    sql`select string_agg(uuid_send(l.id), ''::bytea order by l.id) as ids
        from leads l left join lead_activity a on a.lead_id = l.id where ${wantedLeads(wanted)}`,
  )
  return found?.ids ?? Buffer.alloc(0)
}

export async function countInCopy(clickhouse: ClickHouse, wanted: WantedInCopy): Promise<number> {
  const { text, params } = written(
    chSql`select count() as count from lead_facts final where ${leadsThatInCopy(wanted)}`,
  )
  const [counted] = await ask<{ count: number }>(clickhouse, text, params)
  return Number(counted?.count ?? 0)
}

/**
 * The same ids in the same order as `packRecords` gives them, which is not the order in which ClickHouse has UUIDs. One query,
 * so that every lead is decided on at one instant: a million come in one text of 21 MB.
 */
export async function packInCopy(clickhouse: ClickHouse, wanted: WantedInCopy): Promise<Buffer> {
  const { text, params } = written(
    chSql`select base64Encode(arrayStringConcat(arraySort(groupArray(unhex(replaceAll(toString(lead_id), '-', '')))))) as ids
      from lead_facts final where ${leadsThatInCopy(wanted)}`,
  )
  const [found] = await ask<{ ids: string }>(clickhouse, text, params)
  return Buffer.from(found?.ids ?? '', 'base64')
}

function wantedLeads(wanted: WantedRecords): RawBuilder<unknown> {
  if ('ids' in wanted)
    return sql`l.id = any(${wanted.ids}::uuid[]) and l.workspace_id = ${wanted.workspaceId} and l.status = ${wanted.status}`
  return leadsThat(wanted)
}
