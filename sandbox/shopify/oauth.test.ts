// Installing the app in a shop: the signed way back, tokens that expire, and refresh tokens that are used up.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contractTest } from '../../test/contracts.ts'
import { openSandbox, SANDBOX_NOW } from '../../test/sandbox.ts'
import { ask, CLIENT, connect, exchange, install, SHOP } from '../../test/sandbox-shop.ts'
import type { Pair } from '../../test/sandbox-shop.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'
import { signQuery } from './oauth.ts'
import { signWebhook } from './webhooks.ts'

const DAY_MS = 86_400_000

let sandbox: SandboxUnderTest
let moved = 0
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.call('POST', '/control/reset', {})
  await sandbox.call('POST', '/control/clock', { advanceMs: -moved })
  moved = 0
})

async function advance(advanceMs: number) {
  moved += advanceMs
  await sandbox.call('POST', '/control/clock', { advanceMs })
}

async function refresh(token: string | undefined) {
  return exchange(sandbox, { grant_type: 'refresh_token', refresh_token: token })
}

const works = async (pair: Pair) => (await ask(sandbox, pair.access_token, '{ shop { name } }')).status

describe('the screen', () => {
  const path = (changes: Record<string, string> = {}) =>
    `/shopify/${SHOP}/admin/oauth/authorize?${new URLSearchParams({
      client_id: CLIENT.client_id,
      scope: 'read_orders,read_customers',
      redirect_uri: 'https://app.example/callback',
      state: 's',
      ...changes,
    }).toString()}`

  test('names the shop and what the app asks for', async () => {
    const { status, text } = await sandbox.call('GET', path())
    expect(status).toBe(200)
    for (const words of [SHOP, 'read orders', 'read customers', 'Install app']) expect(text).toContain(words)
  })

  test('sends the owner back with code, state, shop, host and a timestamp, signed', async () => {
    const query = Object.fromEntries((await install(sandbox)).searchParams)
    expect(query).toMatchObject({
      state: 'nonce-1',
      shop: SHOP,
      timestamp: String(SANDBOX_NOW / 1000),
      code: expect.any(String),
      host: expect.any(String),
    })
    expect(query.hmac).toBe(signQuery(CLIENT.client_secret, query))
  })

  test('sends nobody back to the app who cancels', async () => {
    const { headers } = await sandbox.call('POST', path(), 'answer=cancel', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(headers.get('location')).not.toContain('app.example')
  })

  test.each([
    ['an unknown app', { client_id: 'other' }],
    ['a way back that is no address', { redirect_uri: 'nowhere' }],
    ['a scope that does not exist', { scope: 'everything' }],
  ])('refuses %s', async (_name, changes) => {
    expect((await sandbox.call('GET', path(changes))).status).toBe(400)
  })

  test('refuses a shop whose name is none', async () => {
    expect((await sandbox.call('GET', '/shopify/-bad_name/admin/oauth/authorize')).status).toBe(404)
  })
})

describe('tokens', () => {
  test('come as a pair that lives an hour and ninety days, with the scopes granted', async () => {
    const pair = await connect(sandbox, 'read_orders')
    expect(pair).toEqual({
      access_token: expect.stringMatching(/^shpat_/),
      scope: 'read_orders',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^shprt_/),
      refresh_token_expires_in: 7_776_000,
    })
    expect(await works(pair)).toBe(200)
  })

  test('a code is good once, and only with the right secret', async () => {
    const code = (await install(sandbox)).searchParams.get('code')
    expect((await exchange(sandbox, { code, expiring: 1, client_secret: 'wrong' })).status).toBe(400)
    expect((await exchange(sandbox, { code, expiring: 1 })).status).toBe(200)
    expect((await exchange(sandbox, { code, expiring: 1 })).status).toBe(400)
  })

  test('an access token of an hour ago is refused with 401, and its refresh token brings another', async () => {
    const pair = await connect(sandbox)
    await advance(3_600_000)
    expect(await works(pair)).toBe(401)
    const next = (await refresh(pair.refresh_token)).json as Pair
    expect(await works(next)).toBe(200)
  })

  test('an unknown token is refused with 401', async () => {
    expect(await works({ access_token: 'shpat_other', scope: '' })).toBe(401)
  })

  test('without expiring=1 the token never expires, and an app of today is refused with it', async () => {
    const code = (await install(sandbox)).searchParams.get('code')
    const pair = (await exchange(sandbox, { code })).json as Pair
    expect(pair).not.toHaveProperty('refresh_token')
    expect(await works(pair)).toBe(403)
  })

  test('a refresh token works again until its successor is used, and then no more', async () => {
    const first = await connect(sandbox)
    const lost = await refresh(first.refresh_token)
    expect(lost.status).toBe(200)
    const second = (await refresh(first.refresh_token)).json as Pair
    const third = await refresh(second.refresh_token)
    expect(third.status).toBe(200)
    const retired = await refresh(first.refresh_token)
    expect(retired).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect((await refresh((lost.json as Pair).refresh_token)).status).toBe(400)
  })

  test('a refresh token that was used is good for another 30 days, one that was not for 90', async () => {
    const used = await connect(sandbox)
    const idle = await connect(sandbox)
    await refresh(used.refresh_token)
    await advance(30 * DAY_MS)
    expect((await refresh(used.refresh_token)).status).toBe(400)
    await advance(59 * DAY_MS)
    expect((await refresh(idle.refresh_token)).status).toBe(200)
    const late = await connect(sandbox)
    await advance(90 * DAY_MS)
    expect((await refresh(late.refresh_token)).status).toBe(400)
  })

  test('tokens can be expired by command', async () => {
    const pair = await connect(sandbox)
    await sandbox.call('POST', '/control/shopify/tokens/expire', { shop: SHOP })
    expect(await works(pair)).toBe(401)
    await sandbox.call('POST', '/control/shopify/tokens/expire', { shop: SHOP, which: 'refresh' })
    expect((await refresh(pair.refresh_token)).status).toBe(400)
  })
})

contractTest(
  'queries and webhooks are signed as in the recorded cases',
  'webhook-signatures/vectors.json',
  (text) => {
    const { self_made: cases } = JSON.parse(text) as {
      self_made: {
        shopify_oauth_query: { secret: string; params: Record<string, string>; hmac: string }
        shopify_webhook: { secret: string; raw_body_utf8: string; value: string }
      }
    }
    const { shopify_oauth_query: query, shopify_webhook: webhook } = cases
    expect(signQuery(query.secret, query.params)).toBe(query.hmac)
    expect(signWebhook(webhook.secret, webhook.raw_body_utf8)).toBe(webhook.value)
  },
)
