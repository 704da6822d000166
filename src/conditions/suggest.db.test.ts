// What builders are offered of a workspace's events, on the real ClickHouse.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { suggestEvents, suggestProperties, suggestPropertyValues } from './suggest.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const workspaceId = newId()

let clickhouse: ClickHouse
beforeAll(async () => {
  clickhouse = openClickHouse((await freshDatabase()).clickhouseUrl)
  const order = (properties: object, more: object = {}) => ({
    workspace_id: workspaceId,
    lead_id: newId(),
    event_id: newId(),
    batch_id: newId(),
    received_at: '2026-06-29T10:00:00.000Z',
    occurred_at: '2026-06-29T10:00:00.000Z',
    name: 'order_completed',
    channel: 'Email',
    properties: JSON.stringify(properties),
    ...more,
  })
  await clickhouse.insert({
    table: 'events',
    values: [
      order({ total: 12.5, coupon: 'SUMMER', gift: true, products: [{ sku: 'A1' }, { sku: 'B2' }] }),
      order({ total: '9.90', coupon: 'Summer sale', shipOn: '2026-07-01', products: [{ sku: 'A1' }] }),
      order({ coupon: 'WINTER', address: { city: 'Ulm' }, 'odd.key': 1 }),
      order({ coupon: 'MACHINE' }, { is_bot: 1 }),
      order({ coupon: 'FOREIGN' }, { workspace_id: newId(), name: 'foreign_event' }),
      order({}, { name: 'Quiz Finished', received_at: '2020-01-01T00:00:00.000Z', channel: '' }),
    ],
    format: 'JSONEachRow',
  })
})
afterAll(() => clickhouse.close())

test('the events of a workspace are offered with their words, the most frequent first', async () => {
  expect(await suggestEvents(clickhouse, workspaceId)).toEqual({
    items: [
      { name: 'order_completed', label: 'Placed an order', count: 3 },
      { name: 'Quiz Finished', label: 'Quiz Finished', count: 1 },
    ],
  })
})

test('the properties of an event are offered with their types and values, those within lists too', async () => {
  const { items } = await suggestProperties(clickhouse, workspaceId, { event: 'order_completed' }, now)
  const types = Object.fromEntries(items.map(({ property, type }) => [property, type]))
  expect(types).toEqual({
    coupon: 'text',
    'products[].sku': 'text',
    total: 'number',
    gift: 'boolean',
    shipOn: 'date',
    'address.city': 'text',
    $channel: 'text',
  })
  expect(items.find(({ property }) => property === 'products[].sku')?.values).toEqual(['A1', 'B2'])
  expect(items.find(({ property }) => property === '$channel')).toMatchObject({
    label: 'Channel',
    values: ['Email'],
  })
  // An event that was last seen years ago is still known.
  expect(await suggestProperties(clickhouse, workspaceId, { event: 'Quiz Finished' }, now)).toEqual({
    items: [],
  })
})

test('values of a property are found by any part of them, without regard to case', async () => {
  const values = (property: string, search: string) =>
    suggestPropertyValues(clickhouse, workspaceId, { event: 'order_completed', property, search })
  expect(await values('coupon', 'umm')).toEqual({ items: ['SUMMER', 'Summer sale'] })
  expect(await values('products[].sku', '')).toEqual({ items: ['A1', 'B2'] })
  expect(await values('$channel', 'EM')).toEqual({ items: ['Email'] })
  expect(await values("x') or 1=1 --", "' or 1=1")).toEqual({ items: [] })
  await expect(values('a[].b[].c', '')).rejects.toMatchObject({ code: 'property_unknown' })
})
