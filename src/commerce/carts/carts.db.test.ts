// Carts in PostgreSQL: abandoned after the time of the settings and told of once, matched with their orders, and the sums of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { newId } from '../../lib/ids.ts'
import { inTransaction, openPostgres, rows, run, sql } from '../../platform/postgres.ts'
import type { Postgres } from '../../platform/postgres.ts'
import type { CartWord } from './cart.ts'
import { listCarts, lookAtCarts } from './index.ts'
import { saveCartSettings, writeCarts } from './store/carts.ts'

let postgres: Postgres
let now = new Date()
const clock = () => now
const START = Date.parse('2026-03-10T12:00:00.000Z')
const MINUTE_MS = 60_000
const at = (minutes: number) => new Date(START + minutes * MINUTE_MS)

beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 3 })
})
afterAll(() => postgres.close())

const look = (workspaceId: string, minutes: number) => {
  now = at(minutes)
  return lookAtCarts({ db: postgres.db, clock }, workspaceId)
}

const list = (workspaceId: string, minutes: number) => {
  now = at(minutes)
  return listCarts({ db: postgres.db, clock }, workspaceId, {
    state: undefined,
    people: 'all',
    days: 90,
    limit: 50,
  })
}

async function person(workspaceId: string, mergedInto: string | null = null): Promise<string> {
  const id = newId()
  await run(
    postgres.db,
    sql`insert into leads (id, workspace_id, status, merged_into, is_known, email, source, created_at, updated_at)
        values (${id}, ${workspaceId}, ${mergedInto ? 'merged' : 'active'}, ${mergedInto}, true, ${`${id}@shop.example`}, 'tracking', now(), now())`,
  )
  return id
}

function cart(workspaceId: string, leadId: string, minutes: number, more: Partial<CartWord> = {}): CartWord {
  return {
    workspaceId,
    leadId,
    eventId: newId(),
    externalId: null,
    kind: 'whole',
    at: at(minutes).toISOString(),
    currency: 'EUR',
    totalMinor: 5_000,
    lines: [{ name: 'Pot', quantity: 2, priceMinor: 2_500 }],
    recoveryUrl: null,
    ...more,
  }
}

const told = (...words: CartWord[]) => inTransaction(postgres.db, (tx) => writeCarts(tx, words, at(0)))

async function order(
  workspaceId: string,
  leadId: string,
  minutes: number,
  { source = 'tracking', token = null as string | null, refundedMinor = 0 } = {},
): Promise<string> {
  const id = newId()
  await run(
    postgres.db,
    sql`insert into orders (id, workspace_id, lead_id, source, external_id, status, currency, total_minor, subtotal_minor,
          shipping_minor, tax_minor, refunded_minor, placed_at, updated_at, last_word, cart_token)
        values (${id}, ${workspaceId}, ${leadId}, ${source}, ${id}, 'paid', 'EUR', 5500, 5000, 500, 0, ${refundedMinor},
          ${at(minutes)}, now(), 'order/set', ${token})`,
  )
  return id
}

/** Events that wait for the log, of all workspaces. */
async function tellings(): Promise<number> {
  const [found] = await rows<{ count: number }>(
    postgres.db,
    sql`select coalesce(sum(row_count), 0)::int as count from batches`,
  )
  return found!.count
}

describe('a cart that tracking tells of', () => {
  test('is young for an hour, abandoned after it and told of once', async () => {
    const workspaceId = newId()
    const leadId = await person(workspaceId)
    await told(cart(workspaceId, leadId, 0))
    expect(await look(workspaceId, 59)).toEqual({ abandoned: 0, recovered: 0, bought: 0 })
    expect((await list(workspaceId, 59)).items).toMatchObject([{ state: 'open' }])
    const before = await tellings()
    expect(await look(workspaceId, 60)).toEqual({ abandoned: 1, recovered: 0, bought: 0 })
    expect(await look(workspaceId, 61)).toEqual({ abandoned: 0, recovered: 0, bought: 0 })
    expect((await tellings()) - before).toBe(1)
    const { items, sums } = await list(workspaceId, 61)
    expect(items).toMatchObject([
      { leadId, state: 'abandoned', totalMinor: 5_000, itemCount: 2, abandonedAt: at(60).toISOString() },
    ])
    expect(sums).toEqual({
      abandoned: 1,
      recovered: 0,
      rate: 0,
      lying: [{ currency: 'EUR', minor: 5_000 }],
      recoveredRevenue: [],
    })
  })

  test('that is bought after it was abandoned is recovered, with the revenue of its order net of refunds', async () => {
    const workspaceId = newId()
    const leadId = await person(workspaceId)
    await told(cart(workspaceId, leadId, 0))
    await look(workspaceId, 90)
    await order(workspaceId, leadId, 200, { refundedMinor: 1_500 })
    expect(await look(workspaceId, 201)).toEqual({ abandoned: 0, recovered: 1, bought: 0 })
    const { items, sums } = await list(workspaceId, 201)
    expect(items).toMatchObject([{ state: 'recovered', order: { netMinor: 4_000 } }])
    expect(sums).toEqual({
      abandoned: 1,
      recovered: 1,
      rate: 1,
      lying: [],
      recoveredRevenue: [{ currency: 'EUR', minor: 4_000 }],
    })
  })

  test('whose order comes in late and was placed in time was never abandoned', async () => {
    const workspaceId = newId()
    const leadId = await person(workspaceId)
    await told(cart(workspaceId, leadId, 0))
    await look(workspaceId, 90)
    await order(workspaceId, leadId, 30)
    expect(await look(workspaceId, 91)).toEqual({ abandoned: 0, recovered: 0, bought: 1 })
    expect((await list(workspaceId, 91)).items).toMatchObject([{ state: 'bought', abandonedAt: null }])
  })

  test('is recovered by an order under the lead that its person was merged into', async () => {
    const workspaceId = newId()
    const winner = await person(workspaceId)
    const loser = await person(workspaceId, winner)
    await told(cart(workspaceId, loser, 0))
    await look(workspaceId, 90)
    await order(workspaceId, winner, 100)
    expect(await look(workspaceId, 101)).toMatchObject({ recovered: 1 })
    expect((await list(workspaceId, 101)).items).toMatchObject([{ leadId: winner, state: 'recovered' }])
  })

  test('is not recovered by an order after the days of the settings, or before it was begun', async () => {
    const workspaceId = newId()
    const leadId = await person(workspaceId)
    await told(cart(workspaceId, leadId, 0))
    await look(workspaceId, 90)
    await order(workspaceId, leadId, -10)
    await order(workspaceId, leadId, 60 + 7 * 24 * 60 + 1)
    expect(await look(workspaceId, 60 + 7 * 24 * 60 + 2)).toMatchObject({ recovered: 0, bought: 0 })
  })

  test('is abandoned after the time that the workspace says', async () => {
    const workspaceId = newId()
    const leadId = await person(workspaceId)
    const settings = { abandonedAfterMinutes: 180, recoveredWithinDays: 1 }
    await saveCartSettings(postgres.db, workspaceId, settings, 'user:1', at(0))
    await told(cart(workspaceId, leadId, 0))
    expect(await look(workspaceId, 179)).toMatchObject({ abandoned: 0 })
    expect(await look(workspaceId, 180)).toMatchObject({ abandoned: 1 })
  })

  test('with nothing in it is nobody’s loss', async () => {
    const workspaceId = newId()
    await told(cart(workspaceId, await person(workspaceId), 0, { lines: [], totalMinor: 0 }))
    expect(await look(workspaceId, 90)).toMatchObject({ abandoned: 0 })
  })
})

describe('a checkout of a connected shop', () => {
  const connectionId = newId()
  const source = `shop:${connectionId}`

  async function checkout(
    workspaceId: string,
    leadId: string,
    minutes: number,
    completed: number | null = null,
  ) {
    const token = newId()
    await run(
      postgres.db,
      sql`insert into shop_checkouts (workspace_id, connection_id, checkout_id, token, lead_id, currency, total_minor, lines,
            recovery_url, started_at, updated_at, completed_at)
          values (${workspaceId}, ${connectionId}, ${token}, ${token}, ${leadId}, 'EUR', 7000,
            '[{"name":"Pot","quantity":1,"priceMinor":7000}]', 'https://shop.example/recover', ${at(minutes)}, ${at(minutes)},
            ${completed === null ? null : at(completed)})`,
    )
    return token
  }

  test('is abandoned with the address at which it is recovered, and stands for the cart that tracking saw of it', async () => {
    const workspaceId = newId()
    const leadId = await person(workspaceId)
    await told(cart(workspaceId, leadId, 5))
    await checkout(workspaceId, leadId, 10)
    expect(await look(workspaceId, 90)).toEqual({ abandoned: 1, recovered: 0, bought: 0 })
    const { items } = await list(workspaceId, 90)
    expect(items).toMatchObject([
      { state: 'abandoned', recoveryUrl: 'https://shop.example/recover', totalMinor: 7_000 },
    ])
  })

  test('is recovered by the order that bears its token, whoever placed it', async () => {
    const workspaceId = newId()
    const token = await checkout(workspaceId, await person(workspaceId), 0)
    await look(workspaceId, 90)
    const id = await order(workspaceId, await person(workspaceId), 20 * 24 * 60, { source, token })
    expect(await look(workspaceId, 20 * 24 * 60 + 1)).toMatchObject({ recovered: 1 })
    expect((await list(workspaceId, 20 * 24 * 60 + 1)).items).toMatchObject([
      { state: 'recovered', order: { id } },
    ])
  })

  test('that was completed is not abandoned, though its order has not come in yet', async () => {
    const workspaceId = newId()
    await checkout(workspaceId, await person(workspaceId), 0, 10)
    expect(await look(workspaceId, 500)).toMatchObject({ abandoned: 0 })
  })

  test('and another cart that one order emptied are one recovery', async () => {
    const workspaceId = newId()
    const leadId = await person(workspaceId)
    await checkout(workspaceId, leadId, 0)
    await checkout(workspaceId, leadId, 1)
    await look(workspaceId, 90)
    await order(workspaceId, leadId, 100)
    expect(await look(workspaceId, 101)).toMatchObject({ recovered: 2 })
    expect((await list(workspaceId, 101)).sums).toMatchObject({
      abandoned: 1,
      recovered: 1,
      recoveredRevenue: [{ currency: 'EUR', minor: 5_500 }],
    })
  })
})
