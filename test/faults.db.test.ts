// The product killed at random: what was acknowledged is in the log once, under a lead that exists, and no process lives on.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WriteKey } from '../src/accounts/contract.ts'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import { isAlive } from '../src/platform/embedded/processes.ts'
import { firstRow, openPostgres, rows, sql } from '../src/platform/postgres.ts'
import { ask, basic, signUp } from './deployment.ts'
import { startProduct } from './product.ts'
import type { Part, Product } from './product.ts'
import { drained, holdings } from './promises.ts'

/** More is asked for by `FAULT_EVENTS`, for a long run by hand. */
const EVENTS = Number(process.env.FAULT_EVENTS ?? 20_000)
const ROWS = Math.round(EVENTS / 2)
const BATCH = 50

let product: Product
let owner: { cookie: string; workspaceId: string }
let writeKey: string

beforeAll(async () => {
  product = await startProduct()
  owner = await signUp(product.url)
  const keys = await ask(`${product.url}/api/write-keys`, 'GET', undefined, { cookie: owner.cookie })
  writeKey = (keys.body.items as WriteKey[])[0]!.key
})
afterAll(async () => {
  expect(await product.stop()).toEqual([])
})

/** Does it until the product answers well: as an SDK does, the same message under the same id. */
async function untilDone(work: () => Promise<{ status: number }>): Promise<void> {
  for (;;) {
    const reply = await work().catch(() => undefined)
    if (reply && reply.status < 300) return
    if (reply && reply.status < 500 && reply.status !== 429) throw new Error(`refused with ${reply.status}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function sendAll(acknowledged: Set<string>, isCalm: () => boolean): Promise<void> {
  let next = 0
  const sender = async () => {
    // The last tenth waits for the end of the storm, so that every kill meets events on their way.
    while (next < EVENTS) {
      while (next > EVENTS * 0.9 && !isCalm()) await new Promise((resolve) => setTimeout(resolve, 20))
      const batch = Array.from({ length: BATCH }, (_, k) => messageOf(next + k))
      next += BATCH
      await untilDone(() =>
        ask(`${product.url}/v1/batch`, 'POST', { batch }, { authorization: basic(writeKey) }),
      )
      for (const message of batch) acknowledged.add(message.messageId)
    }
  }
  await Promise.all(Array.from({ length: 4 }, sender))
}

// Two browsers to a person, so that identify calls merge leads; one browser never names two people.
function messageOf(n: number): Record<string, unknown> & { messageId: string } {
  const browser = n % 997
  const person = browser >> 1
  const who = { anonymousId: `anon-${browser}`, messageId: `m-${n}` }
  if (n % 7 === 0)
    return {
      ...who,
      type: 'identify',
      userId: `user-${person}`,
      traits: { email: `p${person}@shop.example` },
    }
  if (n % 5 === 0) {
    const properties = { order_id: `o-${n}`, total: 12.5, currency: 'EUR' }
    return { ...who, type: 'track', event: 'Order Completed', properties }
  }
  return { ...who, type: 'page', properties: { url: `https://shop.example/${n % 50}` } }
}

/** A file of contacts, uploaded whole before the storm; its id. */
async function startImport(): Promise<string> {
  const lines = Array.from({ length: ROWS }, (_, n) => `row${n}@import.example,Name${n},Last${n % 100}`)
  const body = ['Email,First Name,Last Name', ...lines].join('\n')
  const reply = await ask(`${product.url}/api/lead-sources/csv/import?fileName=people.csv`, 'POST', body, {
    cookie: owner.cookie,
    'sec-fetch-site': 'same-origin',
    'content-type': 'text/csv',
  })
  expect(reply.status, reply.text).toBe(202)
  return (reply.body.import as { id: string }).id
}

test(
  'through kill -9 of the server, of PostgreSQL and of ClickHouse everything acknowledged and every row of an import arrives exactly once',
  { timeout: 600_000 },
  async () => {
    const importId = await startImport()
    const acknowledged = new Set<string>()
    let calm = false
    const sending = sendAll(acknowledged, () => calm)
    const round: Part[] = ['clickhouse', 'postgres', 'server', 'postgres', 'clickhouse', 'server']
    const rounds = Math.ceil(EVENTS / 20_000)
    for (const part of Array.from({ length: rounds }, () => round).flat()) {
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800))
      await product.kill(part)
    }
    calm = true
    await sending
    expect(acknowledged.size).toBe(EVENTS)

    const { databaseUrl, clickhouseUrl } = await product.facts()
    const postgres = openPostgres(databaseUrl!)
    const clickhouse = openClickHouse(clickhouseUrl!)
    try {
      const imported = () =>
        firstRow<{ status: string }>(
          postgres.db,
          sql`select status from imports where id = ${importId}`,
        ).catch(() => undefined)
      await expect.poll(imported, { timeout: 120_000 }).toEqual({ status: 'done' })
      await drained(postgres.db, 120_000)
      // An event for each message, each row, and each merge that they caused.
      const [merged] = await rows<{ count: number }>(
        postgres.db,
        sql`select count(*)::int as count from merges`,
      )
      const events = EVENTS + ROWS + merged!.count
      expect(await holdings(postgres.db, clickhouse, owner.workspaceId, acknowledged)).toEqual({
        lost: [],
        doubled: [],
        strays: 0,
        events,
        rolledUp: events,
      })
      const [people] = await rows<{ leads: number; orders: number; named: number }>(
        postgres.db,
        sql`select (select count(distinct lead_id)::int from identifiers where value like '%@import.example') as leads,
                   (select count(*)::int from orders) as orders,
                   (select count(*)::int from leads where status = 'active' and first_name like 'Name%') as named`,
      )
      const orders = Array.from({ length: EVENTS }, (_, n) => n).filter(
        (n) => n % 7 !== 0 && n % 5 === 0,
      ).length
      expect(people).toEqual({ leads: ROWS, orders, named: ROWS })
    } finally {
      await Promise.all([postgres.close(), clickhouse.close()])
    }
  },
)

test(
  'when the server is killed its stores end by themselves, and the next start goes on',
  { timeout: 60_000 },
  async () => {
    const { postgresPid, clickhousePid } = await product.facts()
    await product.killServer()
    await expect
      .poll(() => [isAlive(postgresPid!), isAlive(clickhousePid!)], { timeout: 20_000 })
      .toEqual([false, false])
    await product.start()
    expect((await ask(`${product.url}/readyz`, 'GET')).body).toMatchObject({ status: 'ready' })
  },
)
