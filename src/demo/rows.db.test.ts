// A demo written as rows against the same demo through the inbox: the same content in every table of both stores.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newInstallation } from '../../test/installation.ts'
import type { Installation } from '../../test/installation.ts'
import { contentOf } from '../../test/twin-content.ts'
import type { Content } from '../../test/twin-content.ts'
import { sendOpenBatches } from '../events/index.ts'
import { owedState } from '../leads/index.ts'
import { inTransaction, run, sql } from '../platform/postgres.ts'
import { startWorker } from '../worker.ts'
import { cancelSeed, demoOf, seedDemo } from './index.ts'

const wish = { seed: 3, leads: 500, days: 60, events: 15_000, endOn: '2025-06-30' }
/** One instant for everything that both ways date. */
const now = new Date()

const opened: Installation[] = []

async function install(): Promise<Installation> {
  const installation = await newInstallation(() => now)
  opened.push(installation)
  return installation
}

afterAll(() => Promise.all(opened.map((installation) => installation.close())))

describe('500 leads', () => {
  let byInbox: Content
  let byRows: Content
  let owed: { leads: number }

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
    owed = await owedState(direct.services.db)
    byRows = await contentOf(direct)
  }, 120_000)

  test('come to the same content in every table of PostgreSQL and of the log, whichever way they came in', () => {
    expectSame(byRows, byInbox)
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

  test('owe the copy of the leads in ClickHouse, which was written beside them, no more than that each is understood once', () => {
    expect(owed.leads).toBe(byRows.lead_states?.length)
  })

  test('come to the same content where PostgreSQL failed after ClickHouse had its part, and the seed was asked for again', async () => {
    const broken = await install()
    const { db } = broken.services
    await run(
      db,
      sql`create function refuse_third() returns trigger language plpgsql as $$
          begin
            if (select count(*) from lead_activity) > 60 then raise exception 'disk on fire'; end if;
            return null;
          end $$`,
    )
    await run(
      db,
      sql`create trigger refuse_third after insert on lead_activity for each statement execute function refuse_third()`,
    )
    const seeding = () => seedDemo(broken.services, broken.live, { ...wish, way: 'rows' })
    await expect(seeding()).rejects.toThrow('disk on fire')
    const { job } = await demoOf(db, broken.live)
    expect(job).toMatchObject({ state: 'failed', problem: 'disk on fire' })
    expect(job!.done).toBeGreaterThan(0)
    await run(db, sql`drop trigger refuse_third on lead_activity`)
    await seeding()
    expectSame(await contentOf(broken), byInbox)
  }, 120_000)

  test('come to the same content where the seed was stopped and asked for again', async () => {
    const stopped = await install()
    const { db } = stopped.services
    let stopping: Promise<unknown> | undefined
    const demo = await seedDemo(stopped.services, stopped.live, { ...wish, way: 'rows' }, ({ done }) => {
      if (done > 0) stopping ??= inTransaction(db, (tx) => cancelSeed(tx, now, stopped.live))
    })
    await stopping
    expect(demo.job).toMatchObject({ state: 'cancelled' })
    expect(demo.job!.done).toBeLessThan(wish.events / 2)
    const { job } = await seedDemo(stopped.services, stopped.live, { ...wish, way: 'rows' })
    expect(job).toMatchObject({ state: 'done' })
    expectSame(await contentOf(stopped), byInbox)
  }, 120_000)
})

function expectSame(found: Content, expected: Content): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const table of Object.keys(expected)) {
    expect([table, found[table]!.length]).toEqual([table, expected[table]!.length])
    const differs = expected[table]!.findIndex((row, place) => row !== found[table]![place])
    expect(found[table]![differs]).toEqual(expected[table]![differs])
  }
}
