// A server container takes what a client of it claims, and shows to a tester what carries the preview header.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSandbox } from '../../test/sandbox.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'

const PREVIEW = 'ZW52LTN8c2FuZGJveHxwcmV2aWV3LXRva2Vu'
const BODY = { client_id: '1.2', events: [{ name: 'purchase', params: { transaction_id: 'order-1' } }] }

let sandbox: SandboxUnderTest
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.call('POST', '/control/reset', {}))

const books = async () => (await sandbox.call('GET', '/control/books/gtm?keys=true')).json

test('the Measurement Protocol client answers 204, a JSON client 200, and both are counted', async () => {
  expect(await sandbox.call('POST', '/gtm/mp/collect?measurement_id=G-1', BODY)).toMatchObject({
    status: 204,
  })
  expect(await sandbox.call('POST', '/gtm/data', { event_name: 'lead', event_id: 'e1' })).toMatchObject({
    status: 200,
  })
  expect(await books()).toMatchObject({
    clients: { '/mp/collect': { requests: 1, events: 1 }, '/data': { requests: 1, events: 1 } },
    conversions: [
      { eventName: 'purchase', id: 'order-1', times: 1 },
      { eventName: 'lead', id: 'e1', times: 1 },
    ],
  })
})

test('the web protocol of GA4 is claimed, too', async () => {
  const path = '/gtm/g/collect?v=2&tid=G-1&cid=1.2&en=page_view'
  expect(await sandbox.call('GET', path)).toMatchObject({ status: 204 })
})

test('a path that no client claims is refused until one does', async () => {
  expect(await sandbox.call('POST', '/gtm/collect', BODY)).toMatchObject({ status: 400 })
  expect(await books()).toMatchObject({ unclaimed: 1 })
  await sandbox.call('POST', '/control/gtm/clients', { path: '/collect' })
  expect(await sandbox.call('POST', '/gtm/collect', BODY)).toMatchObject({ status: 200 })
})

test('the container tells nobody that it got a conversion twice, but its books do', async () => {
  await sandbox.call('POST', '/gtm/mp/collect', BODY)
  await sandbox.call('POST', '/gtm/mp/collect', BODY)
  expect(await books()).toMatchObject({ conversions: [{ id: 'order-1', times: 2 }] })
})

test('the preview shows what carries its header, and a header that is no longer valid fails the request', async () => {
  await sandbox.call('POST', '/gtm/mp/collect', BODY)
  await sandbox.call('POST', '/gtm/mp/collect', BODY, { 'x-gtm-server-preview': PREVIEW })
  expect(await books()).toMatchObject({ previewed: 1 })
  const wrong = await sandbox.call('POST', '/gtm/mp/collect', BODY, {
    'x-gtm-server-preview': 'ZW52LTF8b2xk',
  })
  expect(wrong.status).toBe(400)
})

test('the container says that it is well', async () => {
  expect(await sandbox.call('GET', '/gtm/healthy')).toMatchObject({ status: 200, text: 'ok' })
})
