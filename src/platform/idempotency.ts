// Idempotency-Key on writes: the first reply is kept for a day and given again to whoever repeats the request.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../lib/refusal.ts'
import { firstRow, run, sql } from './postgres.ts'
import type { Db } from './postgres.ts'
import type { Caller } from './server.ts'

interface Keyed {
  key: string
  caller: Caller
  request: FastifyRequest
  reply: FastifyReply
}

/** A request that did not end by then died with its process: nobody will ever answer it, and its key is free. */
const ABANDONED = '10 minutes'

/**
 * Runs `work` once per key and caller. A repeat gets the stored reply with `Idempotency-Replayed: true`; the same key with
 * another request is refused (422), one still in work as well (409). A failed request frees its key.
 */
export async function rememberReplies<R>(db: Db, keyed: Keyed, work: () => Promise<R>): Promise<R> {
  const { key, caller, request, reply } = keyed
  if (key.length > 255)
    throw new Refusal('idempotency_key_invalid', 400, 'An Idempotency-Key has at most 255 characters.')
  const digest = createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
    .digest('hex')
  const mine = await run(
    db,
    sql`insert into idempotency_keys (workspace_id, actor, key, digest)
        values (${caller.workspaceId}, ${caller.actor}, ${key}, ${digest})
        on conflict (workspace_id, actor, key) do update set digest = excluded.digest, created_at = now()
        where idempotency_keys.status is null and idempotency_keys.created_at < now() - ${ABANDONED}::interval`,
  )
  if (mine === 0) {
    const earlier = await firstRow<{ digest: string; status: number | null; reply: R }>(
      db,
      sql`select digest, status, reply from idempotency_keys
          where workspace_id = ${caller.workspaceId} and actor = ${caller.actor} and key = ${key}`,
    )
    if (earlier && earlier.digest !== digest) {
      throw new Refusal(
        'idempotency_key_reused',
        422,
        'This Idempotency-Key came with another request. Use a fresh key.',
      )
    }
    if (!earlier || earlier.status === null) {
      throw new Refusal(
        'request_in_progress',
        409,
        'The first request with this Idempotency-Key is still in work.',
      )
    }
    reply.status(earlier.status).header('idempotency-replayed', 'true')
    return earlier.reply
  }
  const where = sql`workspace_id = ${caller.workspaceId} and actor = ${caller.actor} and key = ${key}`
  try {
    const result = await work()
    await run(
      db,
      sql`update idempotency_keys set status = ${reply.statusCode}, reply = ${JSON.stringify(result ?? null)}::jsonb where ${where}`,
    )
    return result
  } catch (error) {
    await run(db, sql`delete from idempotency_keys where ${where}`)
    throw error
  }
}

/** Forgets replies past keeping. */
export async function forgetReplies(db: Db, days: number): Promise<number> {
  return run(db, sql`delete from idempotency_keys where created_at < now() - make_interval(days => ${days})`)
}

/** Forgets every reply of a workspace. */
export async function forgetRepliesOf(db: Db, workspaceId: string): Promise<void> {
  await run(db, sql`delete from idempotency_keys where workspace_id = ${workspaceId}`)
}

/** Forgets replies that name any of these ids, as those about a lead do. */
export async function forgetRepliesAbout(tx: Db, workspaceId: string, ids: string[]): Promise<void> {
  await run(
    tx,
    sql`delete from idempotency_keys
        where workspace_id = ${workspaceId} and reply::text like any(${ids.map((id) => `%${id}%`)}::text[])`,
  )
}
