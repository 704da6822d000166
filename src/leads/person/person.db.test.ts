// What is held about a person, told whole, and gone whole.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../../test/deployment.ts'
import type { Served } from '../../../test/deployment.ts'
import { newId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import { personTables } from './store.ts'

let served: Served
beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.stop())

interface Told {
  person: { id: string; email: string; identifiers: { value: string }[] }
  tables: Record<string, Record<string, unknown>[]>
  events: { name: string }[]
}

async function buyer(email: string): Promise<string> {
  const call = { userId: email, context: { consent: { categoryPreferences: { analytics: true } } } }
  await served.post('/v1/identify', { ...call, messageId: newId(), traits: { email, firstName: 'Ada' } })
  await served.post('/v1/track', {
    ...call,
    messageId: newId(),
    event: 'Order Completed',
    properties: { order_id: email, total: 31, currency: 'EUR' },
  })
  await served.settled()
  const found = await firstRow<{ id: string }>(
    served.services.db,
    sql`select id from leads where email = ${email}`,
  )
  return found!.id
}

async function told(id: string): Promise<Told> {
  const reply = await served.call('POST', `/api/leads/${id}/export`, {})
  expect(reply.status, reply.text).toBe(200)
  expect(reply.headers['content-disposition']).toContain(`person-${id}.json`)
  return JSON.parse(reply.text) as Told
}

test('a person is told the record, orders, consents, notes, deliveries and every event, and nothing of others', async () => {
  const { db } = served.services
  const id = await buyer('ada@told.example')
  await buyer('bob@told.example')
  await served.call('POST', `/api/leads/${id}/notes`, { body: 'Likes tea' })
  await run(
    db,
    sql`insert into deliveries (id, workspace_id, connection_id, kind, key, lead_id, event, occurred_at, item, next_at, waiting_since, created_at)
        values (${newId()}, ${served.workspaceId}, ${newId()}, 'conversion', 'k', ${id}, 'order_completed', now(), '{"said":"to a vendor"}',
          now(), now(), now())`,
  )
  const found = await told(id)
  expect(found.person).toMatchObject({ id, email: 'ada@told.example' })
  expect(found.tables.orders).toMatchObject([{ external_id: 'ada@told.example', total_minor: 3100 }])
  expect(found.tables.consents).toMatchObject([{ purpose: 'analytics', state: 'granted' }])
  expect(found.tables.notes).toMatchObject([{ body: 'Likes tea' }])
  expect(found.tables.deliveries).toMatchObject([{ item: { said: 'to a vendor' } }])
  expect(found.events.map(({ name }) => name)).toContain('order_completed')
  expect(JSON.stringify(found)).not.toContain('bob@told.example')
  const audit = await rows(db, sql`select subject from audit_log where action = 'person_exported'`)
  expect(audit).toEqual([{ subject: `lead:${id}` }])
})

test('every row and event is there once, however many pages they take', async () => {
  const id = await buyer('many@told.example')
  await run(
    served.services.db,
    sql`insert into notes (id, workspace_id, lead_id, body, author, created_at)
        select gen_random_uuid(), ${served.workspaceId}, ${id}, 'note ' || n, 'user:x', now() from generate_series(1, 1200) n`,
  )
  const calls = Array.from({ length: 700 }, (_, nth) => ({
    type: 'track',
    userId: 'many@told.example',
    messageId: `m-${nth}`,
    event: 'Product Viewed',
    properties: { product_id: String(nth) },
  }))
  await served.post('/v1/batch', { batch: calls })
  await served.settled()
  const { tables, events } = await told(id)
  expect(new Set(tables.notes!.map(({ body }) => body)).size).toBe(1200)
  expect(tables.notes).toHaveLength(1200)
  expect(events.filter(({ name }) => name === 'product_viewed')).toHaveLength(700)
})

test('after an erasure no table that an export reads names the person any more', async () => {
  const { db } = served.services
  const id = await buyer('gone@told.example')
  await run(
    db,
    sql`insert into deliveries (id, workspace_id, connection_id, kind, key, event, occurred_at, item, payload, status, settled_at, next_at,
          waiting_since, created_at)
        values (${newId()}, ${served.workspaceId}, ${newId()}, 'conversion_by_hand', 'k2', 'Purchase', now(),
          '{"event":{"name":"Purchase"},"person":{"email":"Gone@told.example"}}', '{"user_data":{"em":["abc"]}}', 'refused', now(), now(),
          now(), now())`,
  )
  expect((await served.call('POST', `/api/leads/${id}/erase`)).status).toBe(200)
  expect((await served.call('POST', `/api/leads/${id}/export`, {})).status).toBe(404)
  for (const table of await personTables(db)) {
    const left = await rows(db, sql`select 1 from ${sql.table(table)} where lead_id = ${id}`)
    expect(left, table).toEqual([])
  }
  const sentByHand = await rows(db, sql`select * from deliveries where key = 'k2'`)
  expect(JSON.stringify(sentByHand)).not.toMatch(/gone@told|abc/i)
})
