// Identity in PostgreSQL: two writers at one person, merged leads, values seen on too many, and the dictionary of aliases.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import { ask, openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { inTransaction, openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Db, Postgres } from '../platform/postgres.ts'
import type { Claims } from './index.ts'
import {
  IdentityRace,
  detachIdentifier,
  feedAliases,
  identify,
  leadFamily,
  lockLeads,
  moveIdentifiers,
  releaseIdentifiers,
  returnIdentifiers,
} from './index.ts'

let postgres: Postgres
let clickhouse: ClickHouse
const workspaceId = newId()
const NOW = new Date('2026-03-01T00:00:00.000Z')

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
})
afterAll(async () => {
  await Promise.all([postgres.close(), clickhouse.close()])
})

function claims(given: Partial<Claims>): Claims {
  return { workspaceId, mayMerge: false, at: NOW, source: 'tracking', ...given }
}

/** Decides and makes the leads, as far as identity reads them. */
async function decide(tx: Db, items: Partial<Claims>[]): Promise<(string | undefined)[]> {
  const { decided, changes } = await identify(tx, items.map(claims), NOW)
  for (const { lead, source } of changes.newLeads) await makeLead(tx, lead.id, source, lead.isKnown)
  return decided.map((one) => one?.leadId)
}

async function makeLead(db: Db, id: string, source = 'tracking', isKnown = true): Promise<string> {
  await run(
    db,
    sql`insert into leads (id, workspace_id, source, is_known, created_at, updated_at)
        values (${id}, ${workspaceId}, ${source}, ${isKnown}, ${NOW}, ${NOW})`,
  )
  return id
}

async function mergeInto(winnerId: string, loserId: string): Promise<void> {
  await run(
    postgres.db,
    sql`update leads set status = 'merged', merged_into = ${winnerId} where id = ${loserId}`,
  )
  await moveIdentifiers(postgres.db, [{ winnerId, loserId }])
  await run(
    postgres.db,
    sql`insert into merges (id, workspace_id, winner_id, loser_id, reason, evidence, before, actor, merged_at)
        values (${newId()}, ${workspaceId}, ${winnerId}, ${loserId}, 'test', '{}', '{}', '', ${new Date()})`,
  )
}

test('two writers that meet one new e-mail at once make one lead: the second is told to decide again', async () => {
  const item = { email: 'race@shop.example' }
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  let firstWrote: () => void = () => undefined
  const written = new Promise<void>((resolve) => (firstWrote = resolve))
  const first = inTransaction(postgres.db, async (tx) => {
    const [leadId] = await decide(tx, [item])
    firstWrote()
    await held
    return leadId
  })
  await written
  const second = inTransaction(postgres.db, (tx) => decide(tx, [item]))
  const refused = expect(second).rejects.toThrow(IdentityRace)
  // The second has read that nobody has the address, and waits where it would write it.
  await expect
    .poll(() =>
      rows(
        postgres.db,
        sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      ),
    )
    .toHaveLength(1)
  release()
  const leadId = await first
  await refused
  expect(await inTransaction(postgres.db, (tx) => decide(tx, [item]))).toEqual([leadId])
  expect(
    await rows(postgres.db, sql`select 1 from identifiers where value = 'race@shop.example'`),
  ).toHaveLength(1)
})

test('writers that lock the same leads in opposite orders wait for each other instead of failing', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => makeLead(postgres.db, newId())))
  const lockAll = (list: string[]) =>
    inTransaction(postgres.db, async (tx) => (await lockLeads(tx, list)).size)
  const counted = await Promise.all(
    Array.from({ length: 12 }, (_, n) => lockAll(n % 2 === 0 ? ids : [...ids].reverse())),
  )
  expect(counted).toEqual(Array.from({ length: 12 }, () => 20))
})

test('what names a merged lead names the lead that it is part of, through any number of merges', async () => {
  const [first] = await decide(postgres.db, [{ userId: 'chain-1' }])
  const [second] = await decide(postgres.db, [{ userId: 'chain-2' }])
  const [third] = await decide(postgres.db, [{ userId: 'chain-3' }])
  await mergeInto(second!, first!)
  // An identifier that still stands under a merged lead is followed as well.
  await run(postgres.db, sql`update identifiers set lead_id = ${first} where value = 'chain-1'`)
  await mergeInto(third!, second!)
  expect(await decide(postgres.db, [{ userId: 'chain-1' }, { userId: 'chain-2' }])).toEqual([third, third])
  const locked = await lockLeads(postgres.db, [first!])
  expect(locked.get(first!)?.id).toBe(third)
  expect(await leadFamily(postgres.db, workspaceId, third!)).toEqual([third, second, first])
  expect(await leadFamily(postgres.db, newId(), third!)).toEqual([])
})

test('identifiers go over with a merge and come back with its end, except those that moved on', async () => {
  const [winner] = await decide(postgres.db, [{ userId: 'keeps' }])
  const [loser] = await decide(postgres.db, [{ userId: 'goes', anonymousId: 'device-goes' }])
  const moved = (await moveIdentifiers(postgres.db, [{ winnerId: winner!, loserId: loser! }])).get(loser!)
  expect(moved).toHaveLength(2)
  const [other] = await decide(postgres.db, [{ userId: 'stranger', anonymousId: 'device-goes' }])
  await returnIdentifiers(postgres.db, workspaceId, winner!, loser!, moved ?? [])
  const owner = async (value: string) =>
    (
      await rows<{ lead_id: string }>(
        postgres.db,
        sql`select lead_id from identifiers where value = ${value}`,
      )
    )[0]?.lead_id
  expect([await owner('goes'), await owner('device-goes')]).toEqual([loser, other])
})

test.each(['moved to another lead', 'taken from its lead'])(
  'a writer that waited for a lead while its identifier was %s is told to decide again',
  async (how) => {
    const value = `waits-${how}`
    const [leadId] = await decide(postgres.db, [{ userId: value }])
    const otherId = await makeLead(postgres.db, newId())
    let deciding: Promise<unknown> | undefined
    await inTransaction(postgres.db, async (tx) => {
      await lockLeads(tx, [leadId!, otherId])
      deciding = inTransaction(postgres.db, (second) => decide(second, [{ userId: value }]))
      deciding.catch(() => undefined)
      await expect
        .poll(() =>
          rows(
            postgres.db,
            sql`select 1 as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          ),
        )
        .toEqual([{ waits: 1 }])
      await run(
        tx,
        how === 'taken from its lead'
          ? sql`delete from identifiers where value = ${value}`
          : sql`update identifiers set lead_id = ${otherId} where value = ${value}`,
      )
    })
    await expect(deciding).rejects.toThrow(IdentityRace)
    const [again] = await inTransaction(postgres.db, (tx) => decide(tx, [{ userId: value }]))
    expect(again === otherId).toBe(how === 'moved to another lead')
    expect(again).not.toBe(leadId)
  },
)

test('a writer that waited for a lead which was merged meanwhile goes on with the lead it is part of', async () => {
  const [loser] = await decide(postgres.db, [{ userId: 'waits-for-merge' }])
  const winner = await makeLead(postgres.db, newId())
  let deciding: Promise<(string | undefined)[]> | undefined
  await inTransaction(postgres.db, async (tx) => {
    await lockLeads(tx, [loser!, winner])
    deciding = inTransaction(postgres.db, (second) => decide(second, [{ userId: 'waits-for-merge' }]))
    await expect
      .poll(() =>
        rows(
          postgres.db,
          sql`select 1 as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        ),
      )
      .toEqual([{ waits: 1 }])
    await run(tx, sql`update leads set status = 'merged', merged_into = ${winner} where id = ${loser}`)
    await moveIdentifiers(tx, [{ winnerId: winner, loserId: loser! }])
  })
  expect(await deciding).toEqual([winner])
})

test('a device seen on eleven people names nobody any more, and stays with whom it was seen last', async () => {
  for (let n = 1; n <= 11; n++) await decide(postgres.db, [{ anonymousId: 'kiosk', userId: `visitor-${n}` }])
  const standing = () =>
    rows<{ lead_id: string; lead_count: number }>(
      postgres.db,
      sql`select lead_id, lead_count from identifiers where value = 'kiosk'`,
    )
  const [before] = await standing()
  expect(before?.lead_count).toBe(11)
  expect(await decide(postgres.db, [{ anonymousId: 'kiosk' }])).toEqual([undefined])
  await decide(postgres.db, [{ anonymousId: 'kiosk', userId: 'visitor-12' }])
  expect(await standing()).toEqual([before])
})

test('two people who share a device for a year are two leads on it, in any number of batches', async () => {
  const turns: (string | undefined)[] = []
  for (let n = 0; n < 30; n++) {
    turns.push(
      ...(await decide(postgres.db, [{ anonymousId: 'tablet', userId: n % 2 === 0 ? 'mum' : 'dad' }])),
    )
  }
  expect(new Set(turns).size).toBe(2)
  const [tablet] = await rows<{ lead_count: number }>(
    postgres.db,
    sql`select lead_count from identifiers where value = 'tablet'`,
  )
  expect(tablet?.lead_count).toBe(2)
})

test("a value that two of three leads let go is the third's alone", async () => {
  const phone = '+46701112277'
  const named = (email: string, surname: string) => ({ email, phone, surname, mayMerge: true })
  const [one, two, three] = (await decide(postgres.db, [
    named('one@shared.org', 'Ek'),
    named('two@shared.org', 'Lind'),
    named('three@shared.org', 'Berg'),
  ])) as [string, string, string]
  const owner = () =>
    rows(
      postgres.db,
      sql`select lead_id, lead_count::int as leads,
            (select count(*)::int from identifier_shares s where s.value = identifiers.value) as shares
          from identifiers where workspace_id = ${workspaceId} and value = ${phone}`,
    )
  expect(await owner()).toEqual([{ lead_id: one, leads: 3, shares: 2 }])
  await releaseIdentifiers(postgres.db, workspaceId, [one, two])
  expect(await owner()).toEqual([{ lead_id: three, leads: 1, shares: 0 }])
  await detachIdentifier(postgres.db, workspaceId, three, 'phone', phone)
  expect(await owner()).toEqual([])
})

test('the dictionary resolves merged leads, follows a winner that is merged on, and forgets a merge undone', async () => {
  const [a, b, c] = await Promise.all([1, 2, 3].map(() => makeLead(postgres.db, newId())))
  const resolved = async (id: string) => {
    const [row] = await ask<{ root: string }>(
      clickhouse,
      `select dictGetOrDefault('lead_alias', 'target_id', toUUID({id:String}), toUUID({id:String})) as root`,
      { id },
    )
    return row?.root
  }
  await mergeInto(b!, a!)
  await feedAliases(postgres.db, clickhouse, new Date())
  expect([await resolved(a!), await resolved(b!)]).toEqual([b, b])
  await mergeInto(c!, b!)
  await feedAliases(postgres.db, clickhouse, new Date(Date.now() + 1))
  expect([await resolved(a!), await resolved(b!)]).toEqual([c, c])
  await feedAliases(postgres.db, clickhouse, new Date(Date.now() + 2))
  expect(await resolved(a!)).toBe(c)

  await run(postgres.db, sql`update leads set status = 'active', merged_into = null where id = ${b}`)
  await run(postgres.db, sql`update merges set undone_at = ${new Date()} where loser_id = ${b}`)
  await feedAliases(postgres.db, clickhouse, new Date(Date.now() + 3))
  expect([await resolved(a!), await resolved(b!), await resolved(c!)]).toEqual([b, b, c])
})
