// LinkedIn refuses what lacks a living version, challenges webhooks again and again, and tells only those that prove themselves.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contractTest } from '../../test/contracts.ts'
import { openSandbox, SANDBOX_NOW } from '../../test/sandbox.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'
import { openWebhookSink } from '../../test/webhook-sink.ts'
import type { Taken, WebhookSink } from '../../test/webhook-sink.ts'
import { signChallenge, signEvent } from './notifications.ts'

const CLIENT = { client_id: 'sandbox-linkedin-client', client_secret: 'sandbox-linkedin-secret' }
const BACK = 'https://app.example/callback'
const OWNER = `owner=(sponsoredAccount:${encodeURIComponent('urn:li:sponsoredAccount:500000001')})`
const HOUR_MS = 3_600_000

let sandbox: SandboxUnderTest
let sink: WebhookSink
let token: string
let moved = 0
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.call('POST', '/control/reset', {})
  await sandbox.call('POST', '/control/clock', { advanceMs: -moved })
  moved = 0
  sink = await openWebhookSink()
  token = ((await connect()).json as { access_token: string }).access_token
})
afterEach(() => sink.close())

async function advance(advanceMs: number) {
  moved += advanceMs
  await sandbox.call('POST', '/control/clock', { advanceMs })
}

const trade = (fields: Record<string, string>) =>
  sandbox.call(
    'POST',
    '/linkedin/oauth/v2/accessToken',
    new URLSearchParams({ ...CLIENT, ...fields }).toString(),
    {
      'content-type': 'application/x-www-form-urlencoded',
    },
  )

async function connect(scope = 'r_marketing_leadgen_automation') {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT.client_id,
    redirect_uri: BACK,
    state: 's',
    scope,
  })
  const { headers } = await sandbox.call(
    'POST',
    `/linkedin/oauth/v2/authorization?${query.toString()}`,
    'answer=allow',
    { 'content-type': 'application/x-www-form-urlencoded' },
  )
  const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? ''
  return trade({ grant_type: 'authorization_code', code, redirect_uri: BACK })
}

const rest = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  sandbox.call(method, `/linkedin/rest${path}`, body, {
    authorization: `Bearer ${token}`,
    'linkedin-version': '202610',
    'x-restli-protocol-version': '2.0.0',
    ...headers,
  })

/** Answers challenges as an app does. */
function prove(secret = CLIENT.client_secret) {
  sink.answerWith(({ method, url }) => {
    const challengeCode = new URL(url, sink.url).searchParams.get('challengeCode') ?? ''
    if (method !== 'GET') return { status: 200 }
    return {
      status: 200,
      body: JSON.stringify({ challengeCode, challengeResponse: signChallenge(secret, challengeCode) }),
    }
  })
}

const subscribe = () =>
  rest('POST', '/leadNotifications', {
    webhook: sink.url,
    owner: { sponsoredAccount: 'urn:li:sponsoredAccount:500000001' },
    leadType: 'SPONSORED',
  })
const states = async () =>
  (
    (await sandbox.call('GET', '/control/books/linkedin')).json as { notifications: { state: string }[] }
  ).notifications.map(({ state }) => state)
const leave = async (fields: object = {}) =>
  ((await sandbox.call('POST', '/control/linkedin/leads', fields)).json as { leadIds: string[] }).leadIds
const pushes = (taken: Taken[]) => taken.filter(({ method }) => method === 'POST')

describe('what is refused', () => {
  test.each([
    ['a call without a version', undefined, 400],
    ['a version of a year ago', '202511', 426],
    ['a version of next month', '202612', 426],
    ['a version that is none', 'latest', 426],
  ])('%s', async (_name, version, status) => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` }
    if (version !== undefined) headers['linkedin-version'] = version
    const answer = await sandbox.call('GET', `/linkedin/rest/leadForms?q=owner&${OWNER}`, undefined, headers)
    expect(answer).toMatchObject({ status, json: { status, message: expect.any(String) } })
  })

  test('a token that is unknown, too old, or without the scope', async () => {
    const ask = () => rest('GET', `/leadForms?q=owner&${OWNER}`)
    expect((await ask()).status).toBe(200)
    await advance(60 * 24 * HOUR_MS)
    expect(
      (await rest('GET', `/leadForms?q=owner&${OWNER}`, undefined, { 'linkedin-version': '202612' })).status,
    ).toBe(401)
    token = 'other'
    await advance(-60 * 24 * HOUR_MS)
    expect(await ask()).toMatchObject({ status: 401, json: { serviceErrorCode: 65600 } })
    token = ((await connect('r_ads')).json as { access_token: string }).access_token
    expect((await ask()).status).toBe(403)
  })

  test('an owner that is not theirs, and a finder that there is not', async () => {
    const other = encodeURIComponent('urn:li:sponsoredAccount:1')
    expect((await rest('GET', `/leadForms?q=owner&owner=(sponsoredAccount:${other})`)).status).toBe(403)
    expect((await rest('GET', `/leadForms?q=search&${OWNER}`)).status).toBe(400)
    expect((await rest('GET', '/leadFormResponses/none')).status).toBe(404)
  })
})

test('a refresh token brings another access token and stays', async () => {
  const first = (await connect()).json as { refresh_token: string; expires_in: number }
  expect(first.expires_in).toBe(60 * 86_400)
  const again = await trade({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
  expect(again.json).toMatchObject({ access_token: expect.any(String), refresh_token: first.refresh_token })
  expect(await trade({ grant_type: 'refresh_token', refresh_token: 'x' })).toMatchObject({
    status: 400,
    json: { error: 'invalid_grant' },
  })
})

test('answers carry the ids of questions, and the form tells what they ask', async () => {
  const [id] = await leave({ firstName: 'Zoë', email: 'zoe@example.com', consent: 'no' })
  const { json } = await rest('GET', `/leadFormResponses/${id}`)
  const lead = json as {
    formResponse: {
      answers: { questionId: number; answerDetails: Record<string, object> }[]
      consentResponses: object[]
    }
  }
  expect(json).toMatchObject({ leadType: 'SPONSORED', testLead: false, submittedAt: SANDBOX_NOW })
  expect(lead.formResponse.consentResponses).toEqual([{ consentId: 1, accepted: false }])
  const form = (await rest('GET', '/leadForms/7001')).json as {
    content: { questions: { questionId: number; predefinedField?: string }[] }
  }
  const question = form.content.questions.find(({ predefinedField }) => predefinedField === 'EMAIL')
  expect(
    lead.formResponse.answers.find(({ questionId }) => questionId === question?.questionId),
  ).toMatchObject({
    answerDetails: { textQuestionAnswer: { answer: 'zoe@example.com' } },
  })
  expect(lead.formResponse.answers.at(-1)?.answerDetails).toEqual({ multipleChoiceAnswer: { options: [3] } })
})

test('responses are found by time, page after page, test leads apart', async () => {
  const ids = await leave({ count: 5 })
  const [testId] = await leave({ test: 'yes' })
  const find = async (more: string) =>
    (await rest('GET', `/leadFormResponses?q=owner&${OWNER}&leadType=(leadType:SPONSORED)&${more}`)).json as {
      elements: { id: string }[]
      paging: { total: number }
    }
  const first = await find(`submittedAtTimeRange=(start:${SANDBOX_NOW},end:${SANDBOX_NOW + 1})&count=3`)
  const second = await find(
    `submittedAtTimeRange=(start:${SANDBOX_NOW},end:${SANDBOX_NOW + 1})&count=3&start=3`,
  )
  expect([...first.elements, ...second.elements].map(({ id }) => id)).toEqual([...ids].reverse())
  expect(first.paging.total).toBe(5)
  expect((await find(`submittedAtTimeRange=(start:${SANDBOX_NOW + 1})`)).elements).toEqual([])
  expect((await find('limitedToTestLeads=true')).elements.map(({ id }) => id)).toEqual([testId])
})

describe('notifications', () => {
  test('go to a webhook that answered the challenge, signed over the raw body', async () => {
    prove()
    const { status, headers } = await subscribe()
    expect([status, headers.get('x-restli-id')]).toEqual([201, expect.any(String)])
    const [id] = await leave()
    const push = pushes(await sink.until(2))[0]
    expect(JSON.parse(push?.body.toString() ?? '')).toMatchObject({
      type: 'LEAD_ACTION',
      leadGenFormResponse: `urn:li:leadGenFormResponse:${id}`,
      leadAction: 'CREATED',
      occurredAt: SANDBOX_NOW,
    })
    expect(push?.headers['x-li-signature']).toBe(signEvent(CLIENT.client_secret, push?.body.toString() ?? ''))
  })

  test('say when a person took a lead back', async () => {
    prove()
    await subscribe()
    const [id] = await leave()
    await sandbox.call('POST', '/control/linkedin/leads/delete', { id })
    const taken = pushes(await sink.until(3)).map(
      ({ body }) => (JSON.parse(body.toString()) as { leadAction: string }).leadAction,
    )
    expect(taken.sort()).toEqual(['CREATED', 'DELETED'])
    expect((await rest('GET', `/leadFormResponses/${id}`)).status).toBe(404)
  })

  test('never go to a webhook that did not prove itself', async () => {
    prove('another-secret')
    await subscribe()
    await leave()
    expect(await states()).toEqual(['NOT_VALIDATED'])
    expect(pushes(sink.taken)).toEqual([])
  })

  test('need a new proof every two hours; three failures in a row block the webhook for good', async () => {
    prove()
    await subscribe()
    await advance(2 * HOUR_MS)
    await leave()
    expect((await sink.until(3)).map(({ method }) => method)).toEqual(['GET', 'GET', 'POST'])
    sink.answerWith(() => ({ status: 500 }))
    for (let turn = 0; turn < 3; turn++) await sandbox.call('POST', '/control/linkedin/challenge', {})
    expect(await states()).toEqual(['BLOCKED'])
    prove()
    await sandbox.call('POST', '/control/linkedin/challenge', {})
    await leave()
    expect(pushes(sink.taken)).toHaveLength(1)
  })

  test('end with their subscription', async () => {
    prove()
    const { headers } = await subscribe()
    expect((await rest('DELETE', `/leadNotifications/${headers.get('x-restli-id')}`)).status).toBe(204)
    await leave()
    expect(pushes(sink.taken)).toEqual([])
  })
})

contractTest(
  'challenges and events are signed as in the recorded cases',
  'webhook-signatures/vectors.json',
  (text) => {
    const { self_made: cases } = JSON.parse(text) as {
      self_made: {
        linkedin_challenge: { client_secret: string; challengeCode: string; challengeResponse: string }
        linkedin_event: { client_secret: string; raw_body: string; value: string }
      }
    }
    const { linkedin_challenge: challenge, linkedin_event: event } = cases
    expect(signChallenge(challenge.client_secret, challenge.challengeCode)).toBe(challenge.challengeResponse)
    expect(signEvent(event.client_secret, event.raw_body)).toBe(event.value)
  },
)
