// Lead ads: the challenge of the webhook, signed deliveries, and reading forms and leads back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contractTest } from '../../test/contracts.ts'
import { openSandbox, SANDBOX_NOW } from '../../test/sandbox.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'
import { openWebhookSink } from '../../test/webhook-sink.ts'
import type { WebhookSink } from '../../test/webhook-sink.ts'
import { signDelivery } from './webhook.ts'

const APP = { client_id: '1000000000000001', client_secret: 'sandbox-meta-app-secret' }
const PAGE = '3000000000000001'
const FORM = '4000000000000001'
const PAGE_TOKEN = 'EAASANDBOXPAGE00000000000000000001'
const VERIFY = 'my-verify-token'
const BACK = 'https://app.example/callback'

let sandbox: SandboxUnderTest
let sink: WebhookSink
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.call('POST', '/control/reset', {})
  sink = await openWebhookSink()
})
afterEach(() => sink.close())

const graph = (method: string, path: string, body?: unknown) =>
  sandbox.call(method, `/meta/v26.0${path}${path.includes('?') ? '&' : '?'}access_token=${PAGE_TOKEN}`, body)
const setHook = () =>
  sandbox.call('POST', '/control/meta/webhook', { callbackUrl: sink.url, verifyToken: VERIFY })

/** Answers the challenge as an app does, and takes every delivery. */
function echoChallenge() {
  sink.answerWith(({ method, url }) => {
    const query = new URL(url, sink.url).searchParams
    if (method !== 'GET') return { status: 200 }
    return query.get('hub.verify_token') === VERIFY
      ? { status: 200, body: query.get('hub.challenge') ?? '' }
      : { status: 403 }
  })
}

async function hooked() {
  echoChallenge()
  await setHook()
  await graph('POST', `/${PAGE}/subscribed_apps?subscribed_fields=leadgen`)
}

describe('the webhook is set', () => {
  test('only where the challenge comes back bare', async () => {
    sink.answerWith(({ url }) => ({
      status: 200,
      body: JSON.stringify(new URL(url, sink.url).searchParams.get('hub.challenge')),
    }))
    expect(await setHook()).toMatchObject({ status: 400 })
    sink.answerWith(() => ({ status: 403 }))
    expect(await setHook()).toMatchObject({ status: 400 })
    echoChallenge()
    expect(await setHook()).toMatchObject({ status: 200 })
    expect(new URL(sink.taken.at(-1)?.url ?? '', sink.url).searchParams.get('hub.mode')).toBe('subscribe')
  })

  test('by the app itself, with its own token and the right verify token', async () => {
    echoChallenge()
    const subscribe = (verify: string, token = `${APP.client_id}|${APP.client_secret}`) =>
      sandbox.call('POST', `/meta/v26.0/${APP.client_id}/subscriptions`, {
        object: 'page',
        fields: 'leadgen',
        callback_url: sink.url,
        verify_token: verify,
        access_token: token,
      })
    expect(await subscribe('wrong')).toMatchObject({ status: 400, json: { error: { code: 2200 } } })
    expect(await subscribe(VERIFY, 'other')).toMatchObject({ status: 400, json: { error: { code: 190 } } })
    expect(await subscribe(VERIFY)).toMatchObject({ status: 200, json: { success: true } })
  })
})

describe('a delivery', () => {
  test('names the lead and is signed over the bytes sent', async () => {
    await hooked()
    const { json } = await sandbox.call('POST', '/control/meta/leads', {})
    const [, taken] = await sink.until(2)
    const body = taken?.body.toString() ?? ''
    expect(taken?.headers['x-hub-signature-256']).toBe(signDelivery(APP.client_secret, body))
    expect(JSON.parse(body)).toMatchObject({
      object: 'page',
      entry: [
        {
          id: PAGE,
          changes: [
            {
              field: 'leadgen',
              value: {
                leadgen_id: (json as { leadIds: string[] }).leadIds[0],
                form_id: FORM,
                created_time: SANDBOX_NOW / 1000,
              },
            },
          ],
        },
      ],
    })
  })

  test('is escaped where it is not ASCII, and signed in that form', async () => {
    await hooked()
    await sandbox.call('POST', '/control/meta/leads', { note: 'Jörg äöå' })
    const [, taken] = await sink.until(2)
    const body = taken?.body.toString() ?? ''
    expect(body).toContain('J\\u00f6rg \\u00e4\\u00f6\\u00e5')
    expect(taken?.headers['x-hub-signature-256']).toBe(signDelivery(APP.client_secret, body))
    expect(signDelivery(APP.client_secret, JSON.stringify(JSON.parse(body)))).not.toBe(
      taken?.headers['x-hub-signature-256'],
    )
  })

  test('may have ids as numbers behind 2^53, and many leads at once', async () => {
    await hooked()
    const { json } = await sandbox.call('POST', '/control/meta/leads', { count: 3, numbers: 'yes' })
    const [, taken] = await sink.until(2)
    for (const id of (json as { leadIds: string[] }).leadIds) {
      expect(taken?.body.toString()).toContain(`"leadgen_id":${id},`)
      expect(Number.isSafeInteger(Number(id))).toBe(false)
    }
  })

  test('is not made for a page that does not tell of leads', async () => {
    echoChallenge()
    await setHook()
    expect((await sandbox.call('POST', '/control/meta/leads', {})).json).toMatchObject({ told: false })
    expect(sink.taken).toHaveLength(1)
  })
})

describe('leads are read', () => {
  const leave = async (fields: object = {}) =>
    ((await sandbox.call('POST', '/control/meta/leads', fields)).json as { leadIds: string[] }).leadIds

  test('one by one, with the fields asked for', async () => {
    const [id] = await leave({ fullName: 'Zoë Novák', email: 'zoe@example.com', newsletter: 'no' })
    const { json } = await graph(
      'GET',
      `/${id}?fields=created_time,form_id,field_data,custom_disclaimer_responses`,
    )
    expect(json).toEqual({
      id,
      created_time: '2026-11-20T12:00:00+0000',
      form_id: FORM,
      field_data: expect.arrayContaining([
        { name: 'full_name', values: ['Zoë Novák'] },
        { name: 'email', values: ['zoe@example.com'] },
      ]) as unknown,
      custom_disclaimer_responses: [{ checkbox_key: 'newsletter', is_checked: '' }],
    })
  })

  test('by form, page after page, the newest first, since an instant', async () => {
    const ids = await leave({ count: 7 })
    const found: string[] = []
    let next: string | undefined =
      `${sandbox.url}/meta/v26.0/${FORM}/leads?limit=3&access_token=${PAGE_TOKEN}`
    while (next !== undefined) {
      const page = (await (await fetch(next)).json()) as { data: { id: string }[]; paging: { next?: string } }
      found.push(...page.data.map(({ id }) => id))
      next = page.paging.next
    }
    expect(found).toEqual([...ids].reverse())
    const filter = JSON.stringify([
      { field: 'time_created', operator: 'GREATER_THAN', value: SANDBOX_NOW / 1000 },
    ])
    const { json } = await graph('GET', `/${FORM}/leads?filtering=${encodeURIComponent(filter)}`)
    expect(json).toMatchObject({ data: [] })
  })

  test('not without the permission, and not where there is none', async () => {
    const [id] = await leave()
    await sandbox.call('POST', '/control/meta/tokens', {
      token: 'EAA-ads',
      state: 'valid',
      permissions: 'ads_read',
    })
    const denied = await sandbox.call('GET', `/meta/v26.0/${id}?access_token=EAA-ads`)
    expect(denied).toMatchObject({ status: 403, json: { error: { code: 200 } } })
    expect(await graph('GET', '/999')).toMatchObject({ status: 400, json: { error: { code: 100 } } })
  })

  test('forms have their questions', async () => {
    const { json } = await graph('GET', `/${PAGE}/leadgen_forms?fields=id,name,questions,leads_count`)
    expect(json).toMatchObject({
      data: [{ id: FORM, leads_count: 0, questions: [{ key: 'full_name' }, { type: 'EMAIL' }, {}, {}] }, {}],
    })
  })

  test('a test lead is told and kept apart', async () => {
    await hooked()
    const { json } = await graph('POST', `/${FORM}/test_leads`, {
      field_data: [{ name: 'email', values: ['test@example.com'] }],
    })
    const { id } = json as { id: string }
    expect((await sink.until(2)).at(-1)?.body.toString()).toContain(id)
    expect((await graph('GET', `/${FORM}/leads`)).json).toMatchObject({ data: [] })
    expect((await graph('GET', `/${FORM}/test_leads`)).json).toMatchObject({ data: [{ id }] })
    expect((await graph('DELETE', `/${id}`)).json).toEqual({ success: true })
    expect((await graph('GET', `/${FORM}/test_leads`)).json).toMatchObject({ data: [] })
  })
})

describe('OAuth', () => {
  const dialog = (answer: string, more = '') =>
    sandbox.call(
      'POST',
      `/meta/v26.0/dialog/oauth?client_id=${APP.client_id}&redirect_uri=${encodeURIComponent(BACK)}&state=s1&scope=leads_retrieval,pages_show_list`,
      `answer=${answer}${more}`,
      { 'content-type': 'application/x-www-form-urlencoded' },
    )
  const backWith = async (answer: string, more?: string) =>
    new URL((await dialog(answer, more)).headers.get('location') ?? '').searchParams
  const trade = (fields: Record<string, string>) =>
    sandbox.call(
      'GET',
      `/meta/v26.0/oauth/access_token?${new URLSearchParams({ ...APP, ...fields }).toString()}`,
    )

  test('leads from the dialog to a token of an hour, from there to one of sixty days and to the page', async () => {
    const back = await backWith('allow')
    expect(back.get('state')).toBe('s1')
    const short = (await trade({ code: back.get('code') ?? '', redirect_uri: BACK })).json as {
      access_token: string
    }
    expect(short).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
    const long = (await trade({ grant_type: 'fb_exchange_token', fb_exchange_token: short.access_token }))
      .json
    expect(long).toMatchObject({ expires_in: 60 * 86_400 })
    const { access_token: token } = long as { access_token: string }
    const { json } = await sandbox.call('GET', `/meta/v26.0/me/accounts?access_token=${token}`)
    expect(json).toMatchObject({ data: [{ id: PAGE, access_token: PAGE_TOKEN }] })
    const user = await sandbox.call('POST', `/meta/v26.0/${PAGE}/subscribed_apps?access_token=${token}`)
    expect(user.status).toBe(403)
  })

  test('grants only what was not left out', async () => {
    const back = await backWith('allow', '&without pages_show_list=1'.replace(' ', '+'))
    const { json } = await trade({ code: back.get('code') ?? '', redirect_uri: BACK })
    const { access_token: token } = json as { access_token: string }
    expect((await sandbox.call('GET', `/meta/v26.0/me/accounts?access_token=${token}`)).status).toBe(403)
  })

  test('refuses a code twice, another way back, a wrong secret, and says so who was refused by the person', async () => {
    expect((await backWith('deny')).get('error')).toBe('access_denied')
    const code = (await backWith('allow')).get('code') ?? ''
    expect((await trade({ code, redirect_uri: 'https://else.example' })).status).toBe(400)
    expect((await trade({ code, redirect_uri: BACK })).status).toBe(400)
    expect((await trade({ code: 'x', redirect_uri: BACK, client_secret: 'wrong' })).status).toBe(400)
  })
})

contractTest('deliveries are signed as in the recorded case', 'webhook-signatures/vectors.json', (text) => {
  const { self_made: cases } = JSON.parse(text) as {
    self_made: { meta_webhook: { app_secret: string; raw_body: string; value: string } }
  }
  const { app_secret: secret, raw_body: body, value } = cases.meta_webhook
  expect(signDelivery(secret, body)).toBe(value)
})
