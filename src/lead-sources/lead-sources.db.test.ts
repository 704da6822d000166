// Leads from the vendors' forms to leads of ours, over HTTP against the sandbox: each once, with its touch and its consents, whatever fails.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { ask, serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import { reactions } from '../flow.ts'
import { firstRow, rows, run, sql } from '../platform/postgres.ts'
import type { CaughtLead, LeadSourceCard } from './contract.ts'
import type { LeadSourceStatistics } from '../reports/lead-sources/contract.ts'
import { leadSourceTasks } from './index.ts'

let sandbox: Sandbox
let served: Served
let as: Record<string, string>
let twin: string

const SETTINGS = {
  facebook: {
    pageId: '3000000000000001',
    accessToken: 'EAASANDBOXPAGE00000000000000000001',
    appId: '1000000000000001',
    appSecret: 'sandbox-meta-app-secret',
  },
  linkedin: {
    owner: 'urn:li:sponsoredAccount:500000001',
    clientId: 'sandbox-linkedin-client',
    clientSecret: 'sandbox-linkedin-secret',
  },
  google: { key: 'sandbox-google-key' },
}

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  served = await serve({ settings: { sandboxUrl: sandbox.url } })
  const me = await served.call('GET', '/api/me')
  const found = (me.body.workspaces as { id: string; mode: string; slug: string }[]).find(
    ({ mode }) => mode === 'test',
  )!
  twin = found.id
  as = { 'x-workspace': found.slug }
})
afterAll(async () => {
  await served.stop()
  await sandbox.close()
})

async function control(path: string, body: unknown = {}, method = 'POST') {
  const reply = await ask(`${sandbox.url}/control${path}`, method, body)
  expect(reply.status, reply.text).toBeLessThan(300)
  return reply.body
}

const call = (method: string, path: string, body?: unknown) =>
  served.call(method, `/api/lead-sources${path}`, body, as)

async function connect(connector: keyof typeof SETTINGS): Promise<string> {
  const made = await served.call('POST', '/api/connections', { connector, settings: SETTINGS[connector] }, as)
  expect(made.status, made.text).toBe(201)
  const { id } = made.body.connection as { id: string }
  if (typeof made.body.authoriseUrl === 'string') await consent(made.body.authoriseUrl, made.headers)
  const now = await served.call('GET', `/api/connections/${id}`, undefined, as)
  expect(now.body, now.text).toMatchObject({ status: 'connected', problem: null })
  return id
}

// The person presses Allow at the vendor, and the browser comes back.
async function consent(authoriseUrl: string, headers: Record<string, string | string[] | undefined>) {
  const cookie = [headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0])
  const allowed = await fetch(authoriseUrl, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'answer=allow',
  })
  const back = new URL(allowed.headers.get('location') ?? '')
  const reply = await fetch(`${served.url}${back.pathname}${back.search}`, {
    redirect: 'manual',
    headers: { cookie: `${served.cookie}; ${cookie.join('; ')}` },
  })
  expect(reply.status).toBe(302)
}

async function listening(connector: keyof typeof SETTINGS): Promise<string> {
  const id = await connect(connector)
  const heard = await call('POST', `/connections/${id}/listen`)
  expect(heard.status, heard.text).toBe(200)
  await quiet()
  return id
}

const sources = async () => (await call('GET', '')).body.items as LeadSourceCard[]
const source = async (id: string) => (await sources()).find(({ connectionId }) => connectionId === id)!
const caught = async (query = '') => (await call('GET', `/leads${query}`)).body.items as CaughtLead[]

/** Waits until nothing is to be read any more, and the inbox and the log have it; pauses between attempts are skipped. */
async function quiet(left = 0) {
  await expect
    .poll(
      async () => {
        await run(served.services.db, sql`update caught_leads set next_at = now() where status = 'waiting'`)
        await leadSourceTasks(served.services, reactions)['lead_sources.sweep']!({})
        await run(
          served.services.db,
          sql`update graphile_worker._private_jobs set run_at = now() where run_at > now() and locked_at is null
              and task_id in (select id from graphile_worker._private_tasks where identifier like 'lead_sources.%')`,
        )
        const row = await firstRow<{ count: number }>(
          served.services.db,
          sql`select (select count(*)::int from caught_leads where status = 'waiting')
                + (select count(*)::int from graphile_worker.jobs where task_identifier in ('lead_sources.catch_up', 'lead_sources.undo'))
                as count`,
        )
        return row!.count
      },
      { timeout: 60_000, interval: 150 },
    )
    .toBe(left)
  await served.settled()
}

/** Waits until the vendor has told of so many leads, and all of them are read. */
async function arrived(count: number) {
  await expect.poll(async () => (await caught('?limit=200')).length, { timeout: 30_000 }).toBe(count)
  await quiet()
}

interface Person {
  id: string
  email: string | null
  phone: string | null
  first_name: string | null
  last_name: string | null
  source: string
  fields: Record<string, unknown>
}

const people = () =>
  rows<Person>(
    served.services.db,
    sql`select id, email, phone, first_name, last_name, source, fields from leads
        where workspace_id = ${twin} and status = 'active' order by created_at, id`,
  )

interface Logged {
  name: string
  channel: string
  source: string
  campaign: string
  content: string
  properties: Record<string, unknown>
}

async function eventsOf(leadId: string): Promise<Logged[]> {
  const reply = await served.call('GET', `/api/leads/${leadId}/timeline?limit=50`, undefined, as)
  expect(reply.status, reply.text).toBe(200)
  return (reply.body.items as { name: string; channel: string; source: string; utmCampaign?: string }[]).map(
    (item) => item as never,
  )
}

const consentsOf = (leadId: string) =>
  rows<{ purpose: string; state: string; proof: Record<string, unknown> }>(
    served.services.db,
    sql`select purpose, state, proof from consents where workspace_id = ${twin} and lead_id = ${leadId} order by purpose`,
  )

beforeEach(async () => {
  for (const { connectionId } of await sources())
    await served.call('DELETE', `/api/connections/${connectionId}`, undefined, as)
  const { db } = served.services
  await run(db, sql`delete from caught_leads`)
  for (const table of ['leads', 'identifiers', 'consents', 'orders'])
    await run(db, sql`delete from ${sql.table(table)} where workspace_id = ${twin}`)
  await control('/reset')
})

describe('leads of a page', () => {
  test('arrive once, as leads with their touch, their answers and what they agreed to, with its proof', async () => {
    const id = await listening('facebook')
    await control('/meta/leads', {
      fullName: 'Jörg Müller',
      email: 'joerg@works.example',
      phone: '+436601234567',
      numbers: 'yes',
      note: 'äöå',
    })
    await arrived(1)
    const [one, ...others] = await people()
    expect(others).toEqual([])
    expect(one).toMatchObject({
      email: 'joerg@works.example',
      phone: '+436601234567',
      first_name: 'Jörg',
      last_name: 'Müller',
      source: 'facebook',
      fields: { how_many_people_work_with_you: '2-10' },
    })
    expect(await consentsOf(one!.id)).toMatchObject([
      {
        purpose: 'email_marketing',
        state: 'granted',
        proof: { words: 'Newsletter', formName: 'Spring catalogue', source: 'Facebook lead ads' },
      },
    ])
    const events = await eventsOf(one!.id)
    expect(events.find(({ name }) => name === 'form_submitted')).toMatchObject({
      channel: 'Paid Social',
      source: 'facebook',
      properties: { form_id: '4000000000000001', campaign_id: '6200000000000001', ad_id: '6000000000000001' },
    })
    expect(await source(id)).toMatchObject({
      health: 'good',
      words: [],
      caught: 1,
      waiting: 0,
      isListening: true,
    })
    expect(await caught()).toMatchObject([
      { status: 'caught', campaign: 'Spring', leadId: one!.id, leadLabel: 'Jörg Müller', quality: 100 },
    ])
  })

  test('are one lead each where deliveries come twice and out of order, signed wrong or not at all', async () => {
    await listening('facebook')
    for (const kind of ['duplicate', 'disorder', 'wrong_signature'])
      await control('/faults', {
        vendor: 'meta',
        kind,
        percent: 40,
        ...(kind === 'disorder' && { delayMs: 50 }),
      })
    for (let nth = 0; nth < 12; nth++)
      await control('/meta/leads', { email: `person${nth}@works.example`, fullName: `Person ${nth}` })
    await control('/faults', undefined, 'DELETE')
    await arrived(12)
    expect((await people()).length).toBe(12)
  })

  test('wait while the vendor hands none out, and are read when it does again', async () => {
    const id = await listening('facebook')
    const fault = await control('/faults', {
      vendor: 'meta',
      kind: 'server_error',
      percent: 100,
      path: '/91',
    })
    await control('/meta/leads', { email: 'patient@works.example' })
    await expect.poll(async () => (await caught())[0]?.attempts ?? 0, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(await caught()).toMatchObject([{ status: 'waiting', problem: expect.stringContaining('500') }])
    expect(await people()).toEqual([])
    await control(`/faults/${String(fault.id)}`, undefined, 'DELETE')
    await quiet()
    expect(await people()).toMatchObject([{ email: 'patient@works.example' }])
    expect((await source(id)).health).toBe('good')
  })

  test('that nothing told of are found by a catch-up, and those told of are not counted twice', async () => {
    const id = await listening('facebook')
    await control('/meta/leads', { email: 'told@works.example', phone: '+436601234560' })
    await arrived(1)
    await control('/faults', { vendor: 'meta', kind: 'not_sent', percent: 100 })
    await control('/meta/leads', { email: 'missed1@works.example', phone: '+436601234561' })
    await control('/meta/leads', {
      email: 'missed2@works.example',
      phone: '+436601234562',
      formId: '4000000000000002',
    })
    await control('/faults', undefined, 'DELETE')
    const synced = await served.call('POST', '/api/lead-sources/facebook/sync', {}, as)
    expect(synced.body, synced.text).toEqual({ connectionIds: [id], revived: 0 })
    await arrived(3)
    expect((await people()).map(({ email }) => email).sort()).toEqual([
      'missed1@works.example',
      'missed2@works.example',
      'told@works.example',
    ])
    expect(await source(id)).toMatchObject({ missed: 2, caught: 3 })
  })

  test('fill what a person said they fill, by a mapping of the form', async () => {
    const id = await listening('facebook')
    const forms = await served.call('GET', '/api/lead-sources/facebook/forms', undefined, as)
    expect(forms.body.items).toMatchObject([
      { id: '4000000000000001', name: 'Spring catalogue', isMapped: false, connectionId: id },
      { id: '4000000000000002' },
    ])
    const mapping = {
      answers: [{ key: 'how_many_people_work_with_you?', fills: 'custom.team_size', fallback: '1' }],
      consents: [{ key: 'newsletter', purpose: 'sms_marketing' }],
      always: [{ fills: 'company', value: 'Unknown Ltd' }],
    }
    const shown = await call('POST', `/connections/${id}/preview?formId=4000000000000001`, { mapping })
    expect(shown.body, shown.text).toMatchObject({
      fields: { email: 'ada.example@shop.example', company: 'Unknown Ltd' },
      custom: { team_size: 'An answer' },
      consents: [{ purpose: 'sms_marketing' }],
      isMadeUp: true,
    })
    const set = await call('PUT', `/connections/${id}/mapping?formId=4000000000000001`, { mapping })
    expect(set.body, set.text).toMatchObject({ isOwn: true })
    await control('/meta/leads', { email: 'mapped@works.example' })
    await arrived(1)
    const [one] = await people()
    expect(one!.fields).toEqual({ team_size: '2-10' })
    expect(await consentsOf(one!.id)).toMatchObject([{ purpose: 'sms_marketing', state: 'granted' }])
    const reset = await call('DELETE', `/connections/${id}/mapping?formId=4000000000000001`)
    expect(reset.body).toEqual({ reset: true })
  })

  test('that are tests come back marked, and are made no leads', async () => {
    const id = await listening('facebook')
    const sent = await call('POST', `/connections/${id}/test`, {})
    expect(sent.body, sent.text).toMatchObject({ leadId: expect.any(String) })
    await expect.poll(async () => (await caught())[0]?.status, { timeout: 20_000 }).toBe('test')
    await quiet()
    expect(await people()).toEqual([])
    expect(await source(id)).toMatchObject({ tests: 1, caught: 0, health: 'good' })
  })

  test('are asked of nobody who cannot prove that the vendor sent them', async () => {
    const id = await listening('facebook')
    const hook = `${served.url}/api/lead-sources/facebook/webhook`
    const body = JSON.stringify({ object: 'page', entry: [{ id: '3000000000000001', changes: [] }] })
    const sign = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
    const post = (headers: Record<string, string>) => ask(hook, 'POST', body, headers)
    expect((await post({})).status).toBe(401)
    expect((await post({ 'x-hub-signature-256': sign('another') })).status).toBe(401)
    expect(await post({ 'x-hub-signature-256': sign('sandbox-meta-app-secret') })).toMatchObject({
      status: 200,
      text: '{}',
    })
    const challenge = (word: string) =>
      ask(`${hook}?hub.mode=subscribe&hub.challenge=123&hub.verify_token=${word}`, 'GET')
    const token = (await source(id)).steps.find(({ label }) => label === 'Verify token')!.value!
    expect(await challenge(token)).toMatchObject({ status: 200, text: '123' })
    expect((await challenge('guess')).status).toBe(403)
    expect(await caught()).toEqual([])
  })
})

describe('leads of an ad account', () => {
  test('arrive after its consent and its challenge, with answers in words', async () => {
    const id = await listening('linkedin')
    await control('/linkedin/leads', { firstName: 'Zoë', lastName: 'Lefèvre', email: 'zoe@works.example' })
    await arrived(1)
    expect(await people()).toMatchObject([
      {
        email: 'zoe@works.example',
        first_name: 'Zoë',
        source: 'linkedin',
        fields: { team_size: '11-50' },
      },
    ])
    const [one] = await people()
    expect(await consentsOf(one!.id)).toMatchObject([
      { purpose: 'email_marketing', proof: { words: 'Send me news by e-mail.', formName: 'Book a demo' } },
    ])
    expect((await eventsOf(one!.id)).find(({ name }) => name === 'form_submitted')).toMatchObject({
      channel: 'Paid Social',
    })
    expect(await source(id)).toMatchObject({ health: 'good', challengedAt: expect.any(String) })
  })

  test('that their person takes back are erased, and a catch-up does not bring them back', async () => {
    const id = await listening('linkedin')
    const { leadIds } = await control('/linkedin/leads', { email: 'gone@works.example' })
    await arrived(1)
    expect((await people()).length).toBe(1)
    await control('/linkedin/leads/delete', { id: (leadIds as string[])[0] })
    await expect.poll(async () => (await people()).length, { timeout: 20_000 }).toBe(0)
    await call('POST', `/connections/${id}/sync`)
    await quiet()
    expect(await people()).toEqual([])
    expect(await caught()).toMatchObject([{ status: 'withdrawn', leadId: null }])
  })

  test('that their person takes back leave who is known otherwise, without what the form had allowed', async () => {
    await listening('linkedin')
    await listening('google')
    await googleLead({ email: 'both@works.example', fullName: 'Both Ways' })
    const { leadIds } = await control('/linkedin/leads', {
      firstName: 'Both',
      lastName: 'Ways',
      email: 'both@works.example',
    })
    await arrived(2)
    const [one] = await people()
    expect(await consentsOf(one!.id)).toMatchObject([{ purpose: 'email_marketing', state: 'granted' }])
    await control('/linkedin/leads/delete', { id: (leadIds as string[])[0] })
    await expect.poll(async () => (await consentsOf(one!.id))[0]?.state, { timeout: 20_000 }).toBe('denied')
    expect((await people()).length).toBe(1)
  })

  test('are found page after page by a catch-up', async () => {
    const id = await connect('linkedin')
    await control('/linkedin/leads', { count: 230 })
    await call('POST', `/connections/${id}/sync`)
    await arrived(200)
    await expect.poll(async () => (await source(id)).caught).toBe(230)
    await served.settled()
    expect((await source(id)).caught).toBe(230)
    expect((await people()).length).toBe(230)
  })
})

async function googleLead(fields: Record<string, string>): Promise<string> {
  const [one] = (await sources()).filter(({ connector }) => connector === 'google')
  const { leadIds } = await control('/google/leads', {
    url: one!.webhookUrl,
    key: 'sandbox-google-key',
    ...fields,
  })
  const [leadId] = leadIds as string[]
  await expect
    .poll(async () => (await caught()).some(({ vendorLeadId }) => vendorLeadId === leadId), {
      timeout: 20_000,
    })
    .toBe(true)
  await quiet()
  return leadId!
}

describe('leads that carry everything with them', () => {
  test('arrive as paid search, under the ids of form and campaign however large', async () => {
    await listening('google')
    await googleLead({
      email: 'tomas@works.example',
      fullName: 'Tomáš Novák',
      formId: '9007199254740993123',
      campaignId: '9007199254740993',
    })
    const [one] = await people()
    expect(one).toMatchObject({ email: 'tomas@works.example', source: 'google' })
    expect((await eventsOf(one!.id)).find(({ name }) => name === 'form_submitted')).toMatchObject({
      channel: 'Paid Search',
      properties: { form_id: '9007199254740993123', campaign_id: '9007199254740993' },
    })
  })

  test('are answered as the vendor demands: {} where taken, a message where not, and twice is once', async () => {
    await listening('google')
    const [{ webhookUrl }] = (await sources()) as [LeadSourceCard]
    const lead = {
      lead_id: 'one',
      google_key: 'sandbox-google-key',
      user_column_data: [{ column_id: 'EMAIL', string_value: 'once@works.example' }],
      form_id: 1,
      campaign_id: 2,
      something_new: { a: 1 },
    }
    const post = (body: unknown, url = webhookUrl) => ask(url, 'POST', body)
    expect(await post(lead)).toMatchObject({ status: 200, text: '{}' })
    expect(await post(lead)).toMatchObject({ status: 200, text: '{}' })
    expect(await post(lead, `${served.url}/api/lead-sources/google/webhook`)).toMatchObject({ status: 200 })
    expect(await post({ ...lead, google_key: 'guess' })).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining('secret or key') },
    })
    expect(await post({ ...lead, lead_id: undefined })).toMatchObject({
      status: 400,
      body: { message: 'The lead has no lead_id.' },
    })
    expect((await post('{', webhookUrl)).status).toBe(401)
    await quiet()
    expect((await people()).length).toBe(1)
  })

  test('that are tests are marked and made no leads', async () => {
    const id = await listening('google')
    await googleLead({ test: 'yes' })
    expect(await people()).toEqual([])
    expect(await source(id)).toMatchObject({ tests: 1, caught: 0, health: 'good' })
  })
})

test('a person who comes by two sources is one lead with two touches', async () => {
  await listening('facebook')
  await listening('google')
  await control('/meta/leads', { email: 'two@works.example', fullName: 'Two Ways', phone: '+436601234567' })
  await arrived(1)
  await googleLead({ email: 'Two@Works.example', fullName: 'Two Ways' })
  const [one, ...others] = await people()
  expect(others).toEqual([])
  const touches = (await eventsOf(one!.id)).filter(({ name }) => name === 'form_submitted')
  expect(touches.map(({ source: from }) => from).sort()).toEqual(['facebook', 'google'])
  expect((await caught()).map(({ leadId }) => leadId)).toEqual([one!.id, one!.id])
})

test('nobody else’s workspace sees what was caught, and a disconnected source says what became of what waited', async () => {
  const id = await listening('facebook')
  await control('/meta/leads', { email: 'mine@works.example' })
  await arrived(1)
  const live = await served.call('GET', '/api/lead-sources/leads')
  expect(live.body.items).toEqual([])
  expect((await served.call('GET', `/api/lead-sources/connections/${id}/mapping`)).status).toBe(404)
  expect((await served.call('POST', `/api/lead-sources/connections/${id}/sync`, {})).status).toBe(404)
  await served.call('DELETE', `/api/connections/${id}`, undefined, as)
  expect(await sources()).toEqual([])
  expect(await caught()).toMatchObject([{ status: 'caught' }])
})

test('statistics tell of each source what it brought and cost, and count who came by two once in the total', async () => {
  await listening('facebook')
  await listening('google')
  await control('/meta/leads', { email: 'two@works.example', fullName: 'Two Ways', phone: '+436601234501' })
  await control('/meta/leads', { email: 'one@works.example', fullName: 'One Way', phone: '+436601234502' })
  await arrived(2)
  await googleLead({ email: 'two@works.example', fullName: 'Two Ways', phone: '+436601234501' })
  const today = new Date().toISOString().slice(0, 10)
  const { db } = served.services
  await run(
    db,
    sql`insert into spend (workspace_id, spent_on, channel, campaign, currency, amount_minor)
        select id, ${today}::date, 'Paid Social', 'Spring', currency, 1000 from workspaces where id = ${twin}`,
  )
  const [two] = (await people()).filter(({ email }) => email === 'two@works.example')
  const contact = await served.call(
    'POST',
    `/api/lead-tracking/engagement/${two!.id}`,
    { eventName: 'call_connected' },
    as,
  )
  expect(contact.status, contact.text).toBeLessThan(300)
  await served.settled()
  await expect
    .poll(async () => (await statistics()).total, { timeout: 30_000 })
    .toMatchObject({ leads: 2, touches: 3, alsoElsewhere: 1, contacted: 1, spendMinor: 1000 })
  const report = await statistics()
  expect(report.items).toMatchObject([
    { source: 'facebook', label: 'Facebook lead ads', leads: 2, newLeads: 2, costPerLeadMinor: 500 },
    {
      source: 'google',
      label: 'Google lead forms',
      leads: 1,
      newLeads: 0,
      costPerLeadMinor: null,
      contacted: 1,
    },
  ])
  expect(report.overlaps).toMatchObject([{ sources: ['facebook', 'google'], leads: 1 }])
  expect(report.total.firstContactHours).toBe(0)
})

async function statistics(): Promise<LeadSourceStatistics> {
  const reply = await call('GET', '/statistics?range=7')
  expect(reply.status, reply.text).toBe(200)
  return reply.body as LeadSourceStatistics
}
