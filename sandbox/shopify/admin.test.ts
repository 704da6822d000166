// What the Admin API refuses of queries, what they cost, and what it answers.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox } from '../../test/sandbox.ts'
import { ask, connect } from '../../test/sandbox-shop.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'

let sandbox: SandboxUnderTest
let token: string
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.call('POST', '/control/reset', {})
  token = (await connect(sandbox)).access_token
})

interface Result {
  data?: Record<string, never>
  errors?: { message: string; path?: string[]; extensions?: { code?: string } }[]
  extensions?: {
    cost: {
      requestedQueryCost: number
      actualQueryCost: number | null
      throttleStatus: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number }
    }
  }
}

async function query(text: string, variables: Record<string, unknown> = {}, given = token) {
  const answer = await ask(sandbox, given, text, variables)
  expect(answer.status).toBe(200)
  return answer.json as Result
}

const PERSON = 'gid://shopify/Customer/7000000000000'

describe('what is refused, with status 200', () => {
  test.each([
    ['a query that is none', '{ shop { name }'],
    ['a field that does not exist', '{ shop { colour } }'],
    ['a deprecated field that is not played', '{ customers(first: 1) { nodes { email } } }'],
    ['an argument of the wrong type', '{ customers(first: "1") { nodes { id } } }'],
    ['a variable that is missing', 'query ($id: ID!) { customer(id: $id) { id } }'],
    ['a list without first or last', '{ customers { nodes { id } } }'],
    ['a page of 251', '{ customers(first: 251) { nodes { id } } }'],
  ])('%s', async (_name, text) => {
    const { errors, data } = await query(text)
    expect(errors?.length).toBeGreaterThan(0)
    expect(data).toBeUndefined()
  })

  test('a query that costs more than 1,000 points', async () => {
    const { errors, extensions } = await query(
      '{ orders(first: 100) { nodes { id lineItems(first: 20) { nodes { id } } } } }',
    )
    expect(errors).toMatchObject([{ extensions: { code: 'MAX_COST_EXCEEDED' } }])
    expect(extensions?.cost).toMatchObject({ requestedQueryCost: 100 * (1 + 20), actualQueryCost: null })
  })

  test('queries that empty the bucket are throttled, and it fills by the second', async () => {
    await sandbox.call('POST', '/control/shopify/app', { bucketPoints: 250, pointsPerSecond: 100 })
    const page = '{ customers(first: 100) { nodes { id } } }'
    expect((await query(page)).errors).toBeUndefined()
    expect((await query(page)).errors).toBeUndefined()
    const throttled = await query(page)
    expect(throttled.errors).toMatchObject([{ message: 'Throttled', extensions: { code: 'THROTTLED' } }])
    expect(throttled.data).toBeUndefined()
    expect(throttled.extensions?.cost).toMatchObject({
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 250, currentlyAvailable: 50, restoreRate: 100 },
    })
    await sandbox.call('POST', '/control/clock', { advanceMs: 500 })
    expect((await query(page)).errors).toBeUndefined()
    await sandbox.call('POST', '/control/clock', { advanceMs: -500 })
  })

  test.each([
    ['read_orders', '{ customers(first: 1) { nodes { id } } }', 'customers'],
    ['read_customers', '{ orders(first: 1) { nodes { id } } }', 'orders'],
    ['read_customers', '{ customers(first: 1) { nodes { lastOrder { id } } } }', 'lastOrder'],
    ['read_customers', `mutation { tagsAdd(id: "${PERSON}", tags: ["x"]) { node { id } } }`, 'tagsAdd'],
    ['read_orders', '{ products(first: 1) { nodes { id } } }', 'products'],
  ])('with %s alone: %s', async (scope, text, field) => {
    const { access_token: limited } = await connect(sandbox, scope)
    const { errors } = await query(text, {}, limited)
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'ACCESS_DENIED' } })
    expect(errors?.[0]?.message).toContain(`Access denied for ${field} field`)
  })
})

test('objects cost one, a list as many as are asked for; what was not used is given back', async () => {
  await sandbox.call('POST', '/control/shopify/generate', { customers: 4, orders: 8 })
  const { extensions } = await query(
    '{ shop { name } customers(first: 50) { nodes { amountSpent { amount } } } }',
  )
  expect(extensions?.cost).toMatchObject({
    requestedQueryCost: 1 + 50 * 2,
    actualQueryCost: 1 + 4 * 2,
    throttleStatus: { currentlyAvailable: 2000 - 9 },
  })
})

test('the answer says which version it is of, whichever was asked for', async () => {
  const { headers } = await sandbox.call(
    'POST',
    '/shopify/sandbox-shop.myshopify.com/admin/api/2024-01/graphql.json',
    { query: '{ shop { name } }' },
    { 'x-shopify-access-token': token },
  )
  expect(headers.get('x-shopify-api-version')).toBe('2026-10')
})

describe('lists', () => {
  interface Nodes {
    nodes: { id: string; updatedAt: string }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  }
  const page = async (after: string | null, more = '') => {
    const { data, errors } = await query(
      `query ($after: String) { orders(first: 40, after: $after, sortKey: UPDATED_AT ${more}) {
        nodes { id updatedAt } pageInfo { hasNextPage endCursor } } }`,
      { after },
    )
    expect(errors).toBeUndefined()
    return data?.orders as unknown as Nodes
  }
  const all = async (more?: string) => {
    const nodes: Nodes['nodes'] = []
    for (let after: string | null = null; ;) {
      const { nodes: found, pageInfo } = await page(after, more)
      nodes.push(...found)
      if (!pageInfo.hasNextPage) return nodes
      after = pageInfo.endCursor
    }
  }

  test('a walk by cursor finds every order once, in order, also one that changes on the way', async () => {
    const { nodes, pageInfo } = await page(null)
    await sandbox.call('POST', '/control/clock', { advanceMs: 1000 })
    await sandbox.call('POST', '/control/shopify/orders/act', { act: 'update', orderId: 5_500_000_000_123 })
    const rest: Nodes['nodes'] = []
    for (let after = pageInfo.endCursor; ;) {
      const next = await page(after)
      rest.push(...next.nodes)
      if (!next.pageInfo.hasNextPage) break
      after = next.pageInfo.endCursor
    }
    const found = [...nodes, ...rest]
    expect(new Set(found.map(({ id }) => id)).size).toBe(300)
    expect(found.map(({ updatedAt }) => updatedAt)).toEqual(found.map(({ updatedAt }) => updatedAt).sort())
    expect(found.at(-1)?.id).toBe('gid://shopify/Order/5500000000123')
  })

  test('a search by updated_at finds what changed since', async () => {
    const since = '2026-11-01T00:00:00Z'
    const every = await all()
    const wanted = every.filter(({ updatedAt }) => updatedAt >= since)
    expect(wanted.length).toBeGreaterThan(0)
    expect(await all(`query: "updated_at:>='${since}'"`)).toEqual(wanted)
  })

  test('reverse walks backwards', async () => {
    const forwards = await all()
    const backwards = await all('reverse: true')
    expect(backwards.map(({ id }) => id)).toEqual(forwards.map(({ id }) => id).reverse())
  })

  test('a term that a list does not search by is passed over and told of', async () => {
    const { data, extensions } = await query('{ orders(first: 1, query: "colour:red") { nodes { id } } }')
    expect(data?.orders).toMatchObject({ nodes: [{}] })
    expect(extensions).toMatchObject({ search: ['orders is not searched by colour'] })
  })
})

describe('what adds up', () => {
  test('what a customer spent is the sum of the orders kept, refunds taken off', async () => {
    const { data } = await query(
      `{ customer(id: "${PERSON}") { numberOfOrders amountSpent { amount }
        orders(first: 50) { nodes { test cancelledAt
          totalPriceSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } }
          currentTotalPriceSet { shopMoney { amount } } } } } }`,
    )
    interface Money {
      shopMoney: { amount: string }
    }
    interface Order {
      test: boolean
      cancelledAt: string | null
      totalPriceSet: Money
      totalRefundedSet: Money
      currentTotalPriceSet: Money
    }
    const customer = data?.customer as unknown as {
      numberOfOrders: string
      amountSpent: { amount: string }
      orders: { nodes: Order[] }
    }
    const cents = ({ shopMoney }: Money) => Math.round(Number(shopMoney.amount) * 100)
    const kept = customer.orders.nodes.filter((order) => !order.test && order.cancelledAt === null)
    expect(kept.length).toBeGreaterThan(2)
    expect(Number(customer.numberOfOrders)).toBe(kept.length)
    const spent = kept.reduce(
      (sum, order) => sum + cents(order.totalPriceSet) - cents(order.totalRefundedSet),
      0,
    )
    expect(Math.round(Number(customer.amountSpent.amount) * 100)).toBe(spent)
    for (const order of customer.orders.nodes)
      expect(cents(order.currentTotalPriceSet)).toBe(
        cents(order.totalPriceSet) - cents(order.totalRefundedSet),
      )
  })

  test('the same seed makes the same shop, another seed another', async () => {
    const look = async (seed: number) => {
      await sandbox.call('POST', '/control/shopify/generate', { customers: 20, orders: 60, seed })
      return JSON.stringify(
        (
          await query(
            '{ orders(first: 20) { nodes { id name createdAt totalPriceSet { shopMoney { amount } } } } }',
          )
        ).data,
      )
    }
    const first = await look(5)
    expect(await look(6)).not.toBe(first)
    expect(await look(5)).toBe(first)
  })
})
