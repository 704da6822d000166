// Emptying a workspace while something else holds its rows.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { openDoor, turnInboxDays } from '../ingest/index.ts'
import { newId } from '../lib/ids.ts'
import { firstRow, openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { emptyPostgres } from './store.ts'

let postgres: Postgres

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl)
  await turnInboxDays(postgres.db, new Date(), { payloadDays: 14, keyDays: 30 })
})

afterAll(async () => {
  await postgres.close()
})

test('emptying that deadlocks with a worker over the waiting messages tries again and succeeds', async () => {
  const { db } = postgres
  const workspaceId = newId()
  const ids = [newId(), newId(), newId()]
  await openDoor(db).accept(
    ids.map((id) => ({
      id,
      receivedAt: new Date(),
      workspaceId,
      lane: 'live' as const,
      connection: 'tracking',
      source: 'http' as const,
      messageId: id,
      sender: id,
      origin: {},
      text: '{}',
    })),
  )
  const lock = (id: string) => sql`select 1 from inbox where id = ${id}::uuid for update`
  let reset: Promise<void> | undefined
  await db.transaction().execute(async (worker) => {
    // Only the reset looks for deadlocks, so that it is the one which is told to give way.
    await run(worker, sql`set local deadlock_timeout = '60s'`)
    await run(worker, lock(ids[1]!))
    reset = emptyPostgres(db, workspaceId, () => Promise.resolve())
    reset.catch(() => undefined)
    await expect
      .poll(() =>
        firstRow(
          db,
          sql`select 1 as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        ),
      )
      .toEqual({ waits: 1 })
    // Whichever end it came from, it holds one of these.
    await run(worker, lock(ids[0]!))
    await run(worker, lock(ids[2]!))
  })
  await reset
  expect(
    await firstRow(db, sql`select count(*)::int as left from inbox where workspace_id = ${workspaceId}`),
  ).toEqual({ left: 0 })
})
