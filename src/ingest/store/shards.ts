// Shards among workers: PostgreSQL counts who works, and each holds its fair share by advisory locks.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { SHARDS, holdShards } from '../store.ts'

/**
 * Brings what this worker holds to its share of all shards: who comes finds some, who goes leaves some. What it holds is
 * asked of PostgreSQL each time, since a session that was lost and made anew holds nothing.
 * @param session a connection of the worker's own, which holds the locks for as long as it lives
 * @returns the shards that it holds from here on
 */
export async function shareShards(session: Db): Promise<number[]> {
  await rows(
    session,
    sql`select pg_try_advisory_lock_shared(7304, 0) where not exists (
          select 1 from pg_locks where locktype = 'advisory' and classid = 7304 and pid = pg_backend_pid())`,
  )
  const [counted] = await rows<{ workers: number; held: number[] }>(
    session,
    sql`select count(distinct pid) filter (where classid = 7304)::int as workers,
               coalesce(array_agg(objid::int order by objid) filter (where classid = 7302 and pid = pg_backend_pid()), '{}') as held
        from pg_locks
        where locktype = 'advisory' and granted
          and database = (select oid from pg_database where datname = current_database())`,
  )
  const held = counted?.held ?? []
  const fair = Math.ceil(SHARDS / Math.max(1, counted?.workers ?? 1))
  if (held.length > fair) {
    const given = held.slice(fair)
    await rows(session, sql`select pg_advisory_unlock(7302, shard) from unnest(${given}::int[]) as shard`)
    return held.slice(0, fair)
  }
  const others = Array.from({ length: SHARDS }, (_, shard) => shard).filter((shard) => !held.includes(shard))
  const more: number[] = []
  for (const shard of others) {
    if (held.length + more.length >= fair) break
    more.push(...(await holdShards(session, [shard])))
  }
  return [...held, ...more]
}

/** How many workers are at work on this database, in this process or elsewhere. */
export async function workersAtWork(db: Db): Promise<number> {
  const [counted] = await rows<{ workers: number }>(
    db,
    sql`select count(distinct pid)::int as workers from pg_locks
        where locktype = 'advisory' and classid = 7304 and granted
          and database = (select oid from pg_database where datname = current_database())`,
  )
  return counted?.workers ?? 0
}
