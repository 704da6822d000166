// Google's tokens: PKCE, the refresh token that comes once, scopes left out; and lead forms with their key.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox } from '../../test/sandbox.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'
import { openWebhookSink } from '../../test/webhook-sink.ts'

const CLIENT = {
  client_id: 'sandbox-google-client.apps.googleusercontent.com',
  client_secret: 'sandbox-google-secret',
}
const BACK = 'https://app.example/callback'
const VERIFIER = 'a-verifier-of-forty-three-characters-or-more-'

let sandbox: SandboxUnderTest
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.call('POST', '/control/reset', {}))

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function allow(more: Record<string, string> = {}, answer = 'answer=allow') {
  const query = new URLSearchParams({
    ...{ client_id: CLIENT.client_id, redirect_uri: BACK, response_type: 'code', state: 's' },
    scope: 'https://www.googleapis.com/auth/datamanager https://www.googleapis.com/auth/adwords',
    access_type: 'offline',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })
  const { headers } = await sandbox.call('POST', `/google/o/oauth2/v2/auth?${query.toString()}`, answer, FORM)
  return new URL(headers.get('location') ?? '').searchParams
}

const trade = (fields: Record<string, string>) =>
  sandbox.call('POST', '/google/token', new URLSearchParams({ ...CLIENT, ...fields }).toString(), FORM)
const tradeCode = (code: string | null, more: Record<string, string> = {}) =>
  trade({
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: BACK,
    code_verifier: VERIFIER,
    ...more,
  })

describe('tokens', () => {
  test('come for a code and its verifier, once', async () => {
    const code = (await allow()).get('code')
    expect((await tradeCode(code)).json).toMatchObject({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3599,
      token_type: 'Bearer',
      scope: expect.stringContaining('datamanager'),
    })
    expect(await tradeCode(code)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })

  test('do not come for another verifier, secret or way back', async () => {
    const code = async () => (await allow()).get('code')
    expect((await tradeCode(await code(), { code_verifier: 'other' })).status).toBe(400)
    expect((await tradeCode(await code(), { redirect_uri: 'https://else.example' })).status).toBe(400)
    expect((await tradeCode(await code(), { client_secret: 'wrong' })).status).toBe(401)
  })

  test('to refresh come at the first consent, and later only where consent is asked for again', async () => {
    const has = async (more: Record<string, string> = {}) =>
      'refresh_token' in ((await tradeCode((await allow(more)).get('code'))).json as object)
    expect(await has()).toBe(true)
    expect(await has()).toBe(false)
    expect(await has({ prompt: 'consent' })).toBe(true)
    expect(await has({ prompt: 'consent', access_type: 'online' })).toBe(false)
  })

  test('tell which scopes were left out', async () => {
    const answer = `answer=allow&${encodeURIComponent('without https://www.googleapis.com/auth/adwords')}=1`
    const { json } = await tradeCode((await allow({}, answer)).get('code'))
    expect((json as { scope: string }).scope).toBe('https://www.googleapis.com/auth/datamanager')
  })

  test('are refreshed without a new refresh token, until the person takes the rights back', async () => {
    const first = (await tradeCode((await allow()).get('code'))).json as { refresh_token: string }
    const refresh = () => trade({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
    const again = await refresh()
    expect(again.status).toBe(200)
    expect(again.json).not.toHaveProperty('refresh_token')
    expect(
      (await sandbox.call('POST', `/google/revoke?token=${encodeURIComponent(first.refresh_token)}`)).status,
    ).toBe(200)
    expect(await refresh()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })
})

describe('lead forms', () => {
  test('carry the key, the columns and ids as bare numbers however large', async () => {
    const sink = await openWebhookSink()
    await sandbox.call('POST', '/control/google/leads', {
      url: sink.url,
      key: 'shared-key',
      formId: '9007199254740993123',
      test: 'yes',
    })
    const [taken] = await sink.until(1)
    const body = taken?.body.toString() ?? ''
    expect(body).toContain('"form_id":9007199254740993123')
    expect(JSON.parse(body)).toMatchObject({
      lead_id: expect.any(String),
      google_key: 'shared-key',
      api_version: '1.0',
      is_test: true,
      user_column_data: [{ column_id: 'FULL_NAME', string_value: 'Tomáš Novák' }, { column_id: 'EMAIL' }, {}],
    })
    await sink.close()
  })

  test('are sent again where the server failed, and never where it refused', async () => {
    const sink = await openWebhookSink()
    sink.answerWith(() => ({ status: sink.taken.length === 1 ? 503 : 400 }))
    await sandbox.call('POST', '/control/google/leads', { url: sink.url, key: 'k' })
    const [first, second] = await sink.until(2)
    expect(second?.body).toEqual(first?.body)
    await sink.close()
  })

  test('need an address', async () => {
    expect((await sandbox.call('POST', '/control/google/leads', { key: 'k' })).status).toBe(400)
  })
})
