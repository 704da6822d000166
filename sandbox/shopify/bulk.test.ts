// Bulk operations: what may be asked, how the file is written, and how it is fetched.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox } from '../../test/sandbox.ts'
import { ask, connect } from '../../test/sandbox-shop.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'
import { openWebhookSink } from '../../test/webhook-sink.ts'

let sandbox: SandboxUnderTest
let token: string
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.call('POST', '/control/reset', {})
  await sandbox.call('POST', '/control/shopify/generate', { customers: 300, orders: 900 })
  token = (await connect(sandbox)).access_token
})

interface Operation {
  id: string
  status: string
  errorCode: string | null
  objectCount: string
  rootObjectCount: string
  fileSize: string | null
  url: string | null
}

interface Line {
  id: string
  __parentId?: string
}

const ORDERS =
  '{ orders { edges { node { id customer { id } lineItems { edges { node { id title quantity } } } } } } }'

async function start(query: string, { isGrouped = false, given = token } = {}) {
  const { json } = await ask(
    sandbox,
    given,
    `mutation ($query: String!, $isGrouped: Boolean!) {
      bulkOperationRunQuery(query: $query, groupObjects: $isGrouped) {
        bulkOperation { id status url } userErrors { code message } } }`,
    { query, isGrouped },
  )
  return (
    json as {
      data: {
        bulkOperationRunQuery: {
          bulkOperation: Operation | null
          userErrors: { code: string; message: string }[]
        }
      }
    }
  ).data.bulkOperationRunQuery
}

async function look(id: string): Promise<Operation> {
  const { json } = await ask(
    sandbox,
    token,
    `query ($id: ID!) { bulkOperation(id: $id) {
      id status errorCode objectCount rootObjectCount fileSize url } }`,
    { id },
  )
  return (json as { data: { bulkOperation: Operation } }).data.bulkOperation
}

async function finish(id: string | undefined): Promise<Operation> {
  for (;;) {
    const operation = await look(id ?? '')
    if (!['CREATED', 'RUNNING', 'CANCELING'].includes(operation.status)) return operation
  }
}

async function linesOf(query: string, isGrouped = false): Promise<Line[]> {
  const { url } = await finish((await start(query, { isGrouped })).bulkOperation?.id)
  const file = await (await fetch(url ?? '')).text()
  return file
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

describe('what is refused', () => {
  const nested = (depth: number): string =>
    depth === 0 ? 'id' : `id orders { edges { node { customer { ${nested(depth - 1)} } } } }`
  test.each([
    ['a query that is not valid', '{ customers { edges { node { colour } } } }'],
    ['a query without a list', '{ shop { id } }'],
    ['two lists side by side', '{ customers { edges { node { id } } } orders { edges { node { id } } } }'],
    ['lists three deep', `{ customers { edges { node { ${nested(3)} } } } }`],
    [
      'more than five lists',
      `{ orders { edges { node { id ${['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: lineItems { edges { node { id } } }`).join(' ')} } } } }`,
    ],
    ['a mutation', 'mutation { appUninstall { app { id } } }'],
  ])('%s', async (_name, query) => {
    const { bulkOperation, userErrors } = await start(query)
    expect(bulkOperation).toBeNull()
    expect(userErrors).toMatchObject([{ code: 'INVALID' }])
  })

  test('a sixth operation while five are in progress', async () => {
    const started = await Promise.all(Array.from({ length: 6 }, () => start(ORDERS)))
    const refused = started.filter(({ bulkOperation }) => bulkOperation === null)
    expect(refused).toMatchObject([{ userErrors: [{ code: 'LIMIT_REACHED' }] }])
    for (const { bulkOperation } of started) if (bulkOperation) await finish(bulkOperation.id)
  })

  test('a scope that is missing fails the operation, not the call', async () => {
    const { access_token: limited } = await connect(sandbox, 'read_customers')
    const { bulkOperation } = await start(ORDERS, { given: limited })
    expect(await finish(bulkOperation?.id)).toMatchObject({
      status: 'FAILED',
      errorCode: 'ACCESS_DENIED',
      url: null,
    })
  })
})

describe('the file', () => {
  test('begins as created, ends as completed, and holds as many lines as it says', async () => {
    const { bulkOperation } = await start(ORDERS)
    expect(bulkOperation).toMatchObject({ status: 'CREATED', url: null })
    const done = await finish(bulkOperation?.id)
    const file = await (await fetch(done.url ?? '')).text()
    expect(done).toMatchObject({
      status: 'COMPLETED',
      rootObjectCount: '900',
      fileSize: String(Buffer.byteLength(file)),
    })
    expect(file.trim().split('\n')).toHaveLength(Number(done.objectCount))
  })

  test('names the parent of every line below another; grouped, lines follow their parent', async () => {
    const loose = await linesOf(ORDERS)
    const grouped = await linesOf(ORDERS, true)
    const byId = (a: Line, b: Line) => a.id.localeCompare(b.id)
    expect([...loose].sort(byId)).toEqual([...grouped].sort(byId))
    let parent = ''
    for (const line of grouped) {
      if (line.__parentId === undefined) parent = line.id
      else expect(line.__parentId).toBe(parent)
    }
    const first = loose.findIndex((line) => line.__parentId !== undefined)
    expect(loose[first - 1]?.id).not.toBe(loose[first]?.__parentId)
  })

  test('says the same as the query itself', async () => {
    const fields = `id displayName tags note createdAt defaultEmailAddress { emailAddress marketingState }
      defaultPhoneNumber { phoneNumber smsMarketingConsent { state } } amountSpent { amount currencyCode } numberOfOrders`
    const [line] = await linesOf(`{ customers { edges { node { ${fields} } } } }`)
    const { json } = await ask(sandbox, token, `{ customers(first: 1) { nodes { ${fields} } } }`)
    expect(line).toEqual((json as { data: { customers: { nodes: Line[] } } }).data.customers.nodes[0])
  })

  test('can be searched', async () => {
    const { url } = await finish(
      (await start('{ orders(query: "created_at:>=\'2030-01-01\'") { edges { node { id } } } }'))
        .bulkOperation?.id,
    )
    expect(url).toBeNull()
    const refunded = await linesOf('{ orders(query: "financial_status:refunded") { edges { node { id } } } }')
    expect(refunded.length).toBeGreaterThan(5)
    expect(refunded.length).toBeLessThan(100)
  })

  test('can be fetched from the middle, for seven days', async () => {
    const { url } = await finish((await start(ORDERS)).bulkOperation?.id)
    const whole = Buffer.from(await (await fetch(url ?? '')).arrayBuffer())
    const rest = await fetch(url ?? '', { headers: { range: 'bytes=1000-' } })
    expect([rest.status, rest.headers.get('content-range')]).toEqual([
      206,
      `bytes 1000-${whole.length - 1}/${whole.length}`,
    ])
    expect(whole.subarray(1000).equals(Buffer.from(await rest.arrayBuffer()))).toBe(true)
    await sandbox.call('POST', '/control/clock', { advanceMs: 7 * 86_400_000 + 1 })
    expect((await fetch(url ?? '')).status).toBe(403)
    await sandbox.call('POST', '/control/clock', { advanceMs: -7 * 86_400_000 - 1 })
  })

  test('is cut off in the middle by a fault, and can be resumed', async () => {
    const { url } = await finish((await start(ORDERS)).bulkOperation?.id)
    await sandbox.call('POST', '/control/faults', {
      vendor: 'shopify',
      kind: 'cut_off',
      path: '/bulk/',
      times: 1,
    })
    const parts: Uint8Array[] = []
    const reading = (async () => {
      const { body } = await fetch(url ?? '')
      const reader = body!.getReader()
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
        parts.push(value!)
    })()
    await expect(reading).rejects.toThrow()
    const got = Buffer.concat(parts)
    const rest = await fetch(url ?? '', { headers: { range: `bytes=${got.length}-` } })
    const whole = Buffer.concat([got, Buffer.from(await rest.arrayBuffer())])
    expect(whole.equals(Buffer.from(await (await fetch(url ?? '')).arrayBuffer()))).toBe(true)
  })
})

test('an operation can be cancelled while it runs', async () => {
  await sandbox.call('POST', '/control/shopify/generate', { customers: 2000, orders: 20_000 })
  const { bulkOperation } = await start(ORDERS)
  await ask(
    sandbox,
    token,
    'mutation ($id: ID!) { bulkOperationCancel(id: $id) { userErrors { message } } }',
    {
      id: bulkOperation?.id,
    },
  )
  expect(await finish(bulkOperation?.id)).toMatchObject({ status: 'CANCELED', url: null })
})

test('the end of an operation is told to who subscribed to it', async () => {
  const sink = await openWebhookSink()
  await ask(
    sandbox,
    token,
    `mutation ($uri: String!) { webhookSubscriptionCreate(topic: BULK_OPERATIONS_FINISH,
      webhookSubscription: {uri: $uri}) { userErrors { message } } }`,
    { uri: sink.url },
  )
  const { bulkOperation } = await start(ORDERS)
  const [told] = await sink.until(1)
  expect(JSON.parse(told?.body.toString() ?? '')).toMatchObject({
    admin_graphql_api_id: bulkOperation?.id,
    status: 'completed',
    error_code: null,
  })
  await sink.close()
})
