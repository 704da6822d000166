// What leads themselves hold of a person, deleted; and the list of erasures, which names nobody.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

export interface ErasureRow {
  id: string
  workspaceId: string
  kind: 'erased' | 'purged'
  leadIds: string[]
  people: number
  actor: string
  erasedAt: Date
  /** by PostgreSQL's clock */
  notedAt: Date
  logClearedAt: Date | null
}

/** The leads and all that are part of them. */
export async function familiesOf(tx: Db, workspaceId: string, leadIds: string[]): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`with recursive family as (
          select id, 0 as depth from leads where id = any(${leadIds}::uuid[]) and workspace_id = ${workspaceId}
          union
          select l.id, f.depth + 1 from leads l join family f on l.merged_into = f.id where f.depth < 50
        ) select distinct id from family`,
  )
  return found.map((row) => row.id)
}

/** Addresses and numbers by which messages and files may name the leads. */
export async function namesOf(tx: Db, workspaceId: string, leadIds: string[]): Promise<string[]> {
  const found = await rows<{ value: string }>(
    tx,
    sql`select distinct value from (
          select value from identifiers where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])
          union all
          select unnest(array[email, phone]) from leads where id = any(${leadIds}::uuid[])
        ) known where length(value) >= 5`,
  )
  return found.map((row) => row.value)
}

/** Deletes all that leads hold of these, and the leads. */
export async function deleteLeads(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  const these = sql`workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`
  await run(tx, sql`delete from consents where ${these}`)
  await run(tx, sql`delete from consent_history where ${these}`)
  await run(tx, sql`delete from notes where ${these}`)
  await run(
    tx,
    sql`delete from merges where workspace_id = ${workspaceId}
          and (winner_id = any(${leadIds}::uuid[]) or loser_id = any(${leadIds}::uuid[]))`,
  )
  await run(tx, sql`delete from leads where workspace_id = ${workspaceId} and id = any(${leadIds}::uuid[])`)
}

/** Bulk work that was asked for by a name keeps what it did, not the name. */
export async function forgetQuestions(tx: Db, workspaceId: string, names: string[]): Promise<void> {
  const patterns = names.map((name) => `%${name.replaceAll(/[\\%_]/g, '\\$&')}%`)
  await run(
    tx,
    sql`update bulk_jobs set selection = '{}' where workspace_id = ${workspaceId} and selection::text ilike any(${patterns}::text[])`,
  )
}

export async function insertErasure(
  tx: Db,
  erasure: Omit<ErasureRow, 'notedAt' | 'logClearedAt'>,
): Promise<void> {
  await run(
    tx,
    sql`insert into erasures (id, workspace_id, kind, lead_ids, people, actor, erased_at)
        values (${erasure.id}, ${erasure.workspaceId}, ${erasure.kind}, ${erasure.leadIds}::uuid[], ${erasure.people},
          ${erasure.actor}, ${erasure.erasedAt})`,
  )
}

export async function readErasure(db: Db, id: string): Promise<ErasureRow | undefined> {
  return firstRow(db, sql`select ${erasureColumns} from erasures where id = ${id}`)
}

export async function readErasures(db: Db, workspaceId: string): Promise<ErasureRow[]> {
  return rows(
    db,
    sql`select ${erasureColumns} from erasures where workspace_id = ${workspaceId} order by id desc limit 200`,
  )
}

export async function noteCleared(db: Db, id: string, at: Date): Promise<void> {
  await run(db, sql`update erasures set log_cleared_at = ${at} where id = ${id}`)
}

/** Leads that have lain in the bin since before `until`, oldest first, of one workspace. */
export async function readForgotten(
  db: Db,
  until: Date,
  limit: number,
): Promise<{ workspaceId: string; teamId: string; leadIds: string[] } | undefined> {
  return firstRow(
    db,
    sql`with oldest as (
          select workspace_id from leads where status = 'binned' and binned_at < ${until} order by binned_at limit 1
        )
        select w.id as "workspaceId", w.team_id as "teamId", array(
          select l.id from leads l where l.workspace_id = w.id and l.status = 'binned' and l.binned_at < ${until}
          order by l.binned_at, l.id limit ${limit}) as "leadIds"
        from workspaces w join oldest on oldest.workspace_id = w.id`,
  )
}

const erasureColumns = sql.raw(
  `id, workspace_id as "workspaceId", kind, lead_ids as "leadIds", people, actor, erased_at as "erasedAt", noted_at as "notedAt",
   log_cleared_at as "logClearedAt"`,
)
