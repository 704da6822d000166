// Guarantees of website forms on the whole product: what is sent becomes a lead once, what a program sends does not, consent waits.
import { createHash } from 'node:crypto'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import { openMailSink } from '../../test/mail-sink.ts'
import type { MailSink } from '../../test/mail-sink.ts'
import { newId } from '../lib/ids.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import { formDefinitionSchema } from './contract.ts'
import type { Form, FormDefinition, FormStatistics } from './contract.ts'
import { WORK_BITS, makeTicket } from './ticket.ts'

let sink: MailSink
let served: Served

beforeAll(async () => {
  sink = await openMailSink()
  served = await serve({ settings: { smtpUrl: sink.url, mailFrom: 'Shop <hello@shop.example>' } })
})
afterAll(async () => {
  await served.stop()
  await sink.close()
})

const NEWS = 'Send me news by mail.'
const definitionOf = (more: object = {}): FormDefinition =>
  formDefinitionSchema.parse({
    title: 'Newsletter',
    fields: [
      { key: 'first_name', kind: 'text', label: 'First name', fills: 'firstName' },
      { key: 'email', kind: 'email', label: 'E-mail', fills: 'email', isRequired: true },
      { key: 'budget', kind: 'number', label: 'Budget', fills: 'custom.budget' },
      { key: 'news', kind: 'consent', label: NEWS, purpose: 'email_marketing' },
    ],
    ...more,
  })

async function makeForm(more: object = {}, name = 'Newsletter'): Promise<Form> {
  const made = await served.call('POST', '/api/forms', { name, definition: definitionOf(more) })
  expect(made.status, made.text).toBe(201)
  return made.body as Form
}

/** A ticket as if the form had been shown so long ago. */
const ticketOf = (formId: string, secondsAgo = 10, nonce = newId()) =>
  makeTicket(served.services.secretKey, formId, nonce, new Date(Date.now() - secondsAgo * 1000))

async function send(
  formId: string,
  answers: Record<string, string>,
  headers: Record<string, string> = { accept: 'application/json' },
) {
  const reply = await request(`${served.url}/f/${formId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ ticket: ticketOf(formId), ...answers }).toString(),
  })
  const text = await reply.body.text()
  return { status: reply.statusCode, headers: reply.headers, text, body: readJson(text) }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

const leadsOf = (email: string) =>
  rows<{ id: string; firstName: string | null; source: string; fields: Record<string, unknown> }>(
    served.services.db,
    sql`select id, first_name as "firstName", source, fields from leads where email = ${email} and status = 'active'`,
  )
const consentOf = async (email: string) => {
  const [found] = await rows<{ state: string; source: string; proof: Record<string, unknown> }>(
    served.services.db,
    sql`select c.state, c.source, c.proof from consents c join leads l on l.id = c.lead_id
        where l.email = ${email} and c.purpose = 'email_marketing'`,
  )
  return found
}
const statisticsOf = async (id: string) =>
  (await served.call('GET', `/api/forms/${id}/statistics`)).body as FormStatistics

test('a submission becomes a lead with its fields, an event that names form and page, and the consent with its wording', async () => {
  const form = await makeForm()
  const sent = await send(form.id, {
    f_first_name: 'Ada',
    f_email: 'Ada@Example.com',
    f_budget: '1200',
    f_news: 'yes',
    page_url: 'https://shop.example/news?utm_source=mag&utm_medium=print',
    page_title: 'News',
  })
  expect(sent.status, sent.text).toBe(200)
  await served.settled()
  expect(await leadsOf('ada@example.com')).toMatchObject([
    { firstName: 'Ada', source: 'form', fields: { budget: 1200 } },
  ])
  const consent = await consentOf('ada@example.com')
  expect(consent).toMatchObject({
    state: 'granted',
    source: 'form',
    proof: { form: 'Newsletter', formId: form.id, formVersion: 1, wording: NEWS },
  })
  expect(consent?.proof.ipHash).toMatch(/^[0-9a-f]{32}$/)
  const [message] = (await served.inbox()).filter(({ payload }) => payload.includes('ada@example.com'))
  expect(JSON.parse(message!.payload)).toMatchObject({
    event: 'form_submitted',
    properties: { form_id: form.id, form_name: 'Newsletter', fields: { first_name: 'Ada', budget: 1200 } },
    context: { page: { url: 'https://shop.example/news?utm_source=mag&utm_medium=print', path: '/news' } },
  })
  const [lead] = await leadsOf('ada@example.com')
  const timeline = await served.call('GET', `/api/leads/${lead!.id}/timeline`)
  expect(timeline.text).toContain('form_submitted')
})

test('the same answers sent twice off one page are one submission; corrected ones are another, of the same person', async () => {
  const form = await makeForm()
  const ticket = ticketOf(form.id)
  const answers = { ticket, f_email: 'twice@example.com', f_first_name: 'Jo' }
  await send(form.id, answers)
  await send(form.id, answers)
  await send(form.id, { ...answers, f_first_name: 'Joan' })
  await served.settled()
  const events = (await served.inbox()).filter(({ payload }) => payload.includes('twice@example.com'))
  expect(events).toHaveLength(2)
  expect(await leadsOf('twice@example.com')).toMatchObject([{ firstName: 'Joan' }])
})

test('with the tracker’s id the visits before it belong to the lead', async () => {
  const form = await makeForm()
  await served.post('/v1/page', {
    anonymousId: 'visitor-before',
    context: {
      page: { url: 'https://shop.example/pricing', path: '/pricing' },
      library: { name: 'throughline.js' },
    },
  })
  await served.settled()
  await send(form.id, { f_email: 'visitor@example.com', anonymous_id: 'visitor-before' })
  await served.settled()
  const [lead] = await leadsOf('visitor@example.com')
  const lines = (await served.inbox()).filter(({ leadId }) => leadId === lead?.id)
  expect(lines.map(({ payload }) => (JSON.parse(payload) as { type: string }).type).sort()).toEqual([
    'page',
    'track',
  ])
})

test('who gives no address at all is not lost: the submission itself is a lead', async () => {
  const form = await makeForm({
    fields: [{ key: 'wish', kind: 'paragraph', label: 'Your wish', isRequired: true }],
  })
  await send(form.id, { f_wish: 'A longer summer' })
  await served.settled()
  const [line] = (await served.inbox()).filter(({ payload }) => payload.includes('A longer summer'))
  expect(line).toMatchObject({ status: 1 })
  expect(line?.leadId).not.toBeNull()
})

describe('what is refused', () => {
  const email = 'spam@example.com'

  test.each([
    ['a filled trap', { website: 'https://spam.example' }, 422, 'trap_filled'],
    ['one that comes too fast', { secondsAgo: 1 }, 422, 'sent_too_fast'],
    ['one of a form that was never shown', { ticket: 'a.b.c' }, 422, 'ticket_invalid'],
    ['one of yesterday’s page', { secondsAgo: 90_000 }, 422, 'ticket_expired'],
    ['answers that do not hold', { f_email: 'nobody' }, 422, 'answers_wrong'],
  ] as const)(
    '%s is no lead, is told why, and is counted by its reason',
    async (_what, more, status, reason) => {
      const form = await makeForm()
      const { secondsAgo, ...posted } = more as Record<string, string | number> & { secondsAgo?: number }
      const ticket = ticketOf(form.id, secondsAgo ?? 10)
      const sent = await send(form.id, { f_email: email, ticket, ...(posted as Record<string, string>) })
      expect([sent.status, sent.body.reason]).toEqual([status, reason])
      expect(String(sent.body.sentence).length).toBeGreaterThan(10)
      await served.settled()
      expect(await leadsOf(email)).toEqual([])
      const { counts, refused } = await statisticsOf(form.id)
      expect(counts).toMatchObject({ submissions: 0, refused: 1 })
      expect(refused).toMatchObject([{ reason, count: 1 }])
      expect(refused[0]?.explanation).toMatch(/\.$/)
    },
  )

  test('a ticket of another form counts for nothing', async () => {
    const [one, other] = [await makeForm(), await makeForm()]
    const sent = await send(one.id, { f_email: email, ticket: ticketOf(other.id) })
    expect(sent.body.reason).toBe('ticket_invalid')
  })

  test('one address may send so much in ten minutes, and is told when that is over', async () => {
    const form = await makeForm({ protection: { perAddress: 2 } })
    const statuses = []
    for (const name of ['a', 'b', 'c'])
      statuses.push((await send(form.id, { f_email: `${name}@rate.example` })).status)
    expect(statuses).toEqual([200, 200, 429])
    await run(
      served.services.db,
      sql`update form_uses set expires_at = now() - interval '1 second' where form_id = ${form.id}`,
    )
    expect((await send(form.id, { f_email: 'c@rate.example' })).status).toBe(200)
  })

  test('one shown form cannot be sent over and over with other answers', async () => {
    const form = await makeForm()
    const ticket = ticketOf(form.id)
    const reasons = []
    for (let nth = 0; nth < 7; nth++)
      reasons.push((await send(form.id, { ticket, f_email: `n${nth}@worn.example` })).body.reason)
    expect(reasons).toEqual([...Array.from({ length: 5 }), 'ticket_worn', 'ticket_worn'])
  })

  test('where a form asks for work, a browser that did none is refused and one that did is not', async () => {
    const form = await makeForm({ protection: { hasWork: true } })
    const ticket = ticketOf(form.id)
    expect((await send(form.id, { ticket, f_email: email })).body.reason).toBe('work_missing')
    let count = 0
    const zeros = () => Math.clz32(createHash('sha256').update(`${ticket}:${count}`).digest().readUInt32BE(0))
    while (zeros() < WORK_BITS) count++
    const sent = await send(form.id, { ticket, f_email: 'worked@example.com', work: String(count) })
    expect(sent.status, sent.text).toBe(200)
  })
})

describe('without JavaScript', () => {
  const html = { accept: 'text/html' }

  test('the hosted page has a form that can be posted as it is, with the campaign of its address', async () => {
    const form = await makeForm({
      fields: [...definitionOf().fields, { key: 'utm_source', kind: 'hidden', parameter: 'utm_source' }],
    })
    const page = await request(`${served.url}/f/${form.id}?utm_source=%22%3E%3Cb%3E`, {
      headers: { referer: 'https://mag.example/' },
    })
    const text = await page.body.text()
    expect(page.statusCode).toBe(200)
    expect(text).toContain(`action="/f/${form.id}"`)
    expect(text).toContain('name="f_utm_source" value="&quot;&gt;&lt;b&gt;"')
    expect(text).not.toContain('<b>')
    expect(page.headers['content-security-policy']).toContain("script-src 'self'")
    const ticket = /name="ticket" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const early = await send(form.id, { ticket, f_email: 'plain@example.com' }, html)
    expect(early.status).toBe(422)
    expect(early.text).toContain('value="plain@example.com"')
  })

  test('what is sent is answered by a page of thanks, or leads to where the form says', async () => {
    const form = await makeForm({ message: 'See you <soon>' })
    const sent = await send(form.id, { f_email: 'thanks@example.com' }, html)
    expect([sent.status, sent.text.includes('See you &lt;soon&gt;')]).toEqual([200, true])
    const leading = await makeForm({ redirectUrl: 'https://shop.example/thanks' })
    const led = await send(leading.id, { f_email: 'led@example.com' }, html)
    expect([led.status, led.headers.location]).toEqual([303, 'https://shop.example/thanks'])
    expect((await request(`${served.url}/f/${leading.id}`)).headers['content-security-policy']).toContain(
      "form-action 'self' https://shop.example",
    )
  })

  test('what does not hold comes back with what was typed and what to change', async () => {
    const form = await makeForm({ language: 'de' })
    const sent = await send(form.id, { f_email: '"><script>', f_first_name: 'Jörg' }, html)
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('value="Jörg"')
    expect(sent.text).toContain('value="&quot;&gt;&lt;script&gt;"')
    expect(sent.text).toContain('Bitte geben Sie eine E-Mail-Adresse')
  })
})

describe('double opt-in', () => {
  const optIn = { isDoubleOptIn: true, letter: { subject: 'One more click', text: 'Was it you?' } }

  test('until the link of the mail is followed and confirmed there is no consent; then there is, with both proofs', async () => {
    const form = await makeForm(optIn)
    const sent = await send(form.id, { f_email: 'double@example.com', f_news: 'yes', f_first_name: 'Dee' })
    expect(sent.body).toMatchObject({ ok: true })
    await served.settled()
    expect(await leadsOf('double@example.com')).toHaveLength(1)
    expect(await consentOf('double@example.com')).toBeUndefined()

    const mail = await sink.mailTo('double@example.com')
    expect([mail.subject, mail.text?.includes('Was it you?')]).toEqual(['One more click', true])
    const link = /http\S+\/f\/\S+confirm\?c=\S+/.exec(mail.text ?? '')?.[0] ?? ''
    const opened = await request(link)
    expect([opened.statusCode, (await opened.body.text()).includes(NEWS)]).toEqual([200, true])
    await served.settled()
    expect(await consentOf('double@example.com')).toBeUndefined()

    for (let time = 0; time < 2; time++)
      expect((await request(link, { method: 'POST' })).statusCode).toBe(200)
    await served.settled()
    const consent = await consentOf('double@example.com')
    expect(consent).toMatchObject({
      state: 'granted',
      proof: { wording: NEWS, formVersion: 1, formId: form.id },
    })
    expect(consent?.proof).toHaveProperty('confirmedAt')
    expect(consent?.proof.confirmedIpHash).toMatch(/^[0-9a-f]{32}$/)
    expect(await leadsOf('double@example.com')).toHaveLength(1)
    const { counts, confirmations } = await statisticsOf(form.id)
    expect(counts.confirmed).toBe(1)
    expect(confirmations).toMatchObject({ waiting: 0, confirmed: 1 })
  })

  test('the link leads to where a member saved the form, whatever host the sender names', async () => {
    const form = await makeForm(optIn)
    await send(form.id, { f_email: 'host@example.com', f_news: 'yes' }, { host: 'evil.example' })
    const mail = await sink.mailTo('host@example.com')
    expect(mail.text).toContain(`${served.url}/f/${form.id}/confirm`)
    expect(mail.text).not.toContain('evil')
  })

  test('the proof is the wording that was agreed to, though the form says something else by then', async () => {
    const form = await makeForm(optIn)
    await send(form.id, { f_email: 'wording@example.com', f_news: 'yes' })
    const mail = await sink.mailTo('wording@example.com')
    const fields = form.definition.fields.map((field) =>
      field.kind === 'consent' ? { ...field, label: 'Something else' } : field,
    )
    const changed = await served.call('PATCH', `/api/forms/${form.id}`, {
      definition: { ...form.definition, fields },
    })
    expect(changed.body).toMatchObject({ version: 2 })
    const link = /http\S+confirm\?c=\S+/.exec(mail.text ?? '')?.[0] ?? ''
    await request(link, { method: 'POST' })
    await served.settled()
    expect((await consentOf('wording@example.com'))?.proof).toMatchObject({ wording: NEWS, formVersion: 1 })
  })

  test('a link that was changed, or is of another form, confirms nothing', async () => {
    const [form, other] = [await makeForm(optIn), await makeForm(optIn)]
    await send(form.id, { f_email: 'forged@example.com', f_news: 'yes' })
    const mail = await sink.mailTo('forged@example.com')
    const link = /http\S+confirm\?c=\S+/.exec(mail.text ?? '')?.[0] ?? ''
    for (const wrong of [`${link.slice(0, -2)}xx`, link.replace(form.id, other.id)])
      expect((await request(wrong, { method: 'POST' })).statusCode).toBe(410)
    await served.settled()
    expect(await consentOf('forged@example.com')).toBeUndefined()
  })

  test('one address gets three mails of a form a day, however often somebody types it', async () => {
    const form = await makeForm({ ...optIn, protection: { perAddress: 100 } })
    for (let nth = 0; nth < 5; nth++)
      await send(form.id, { f_email: 'bombed@example.com', f_news: 'yes', f_first_name: `N${nth}` })
    await vi.waitFor(async () => {
      const { confirmations } = await statisticsOf(form.id)
      expect(confirmations).toMatchObject({ waiting: 3, unsent: 2 })
      expect(sink.mails.filter((mail) => mail.to?.[0]?.address === 'bombed@example.com')).toHaveLength(3)
    }, 15_000)
  })

  test('who was erased gets no mail, and leaves no address behind', async () => {
    const form = await makeForm(optIn)
    await send(form.id, { f_email: 'gone@example.com', f_news: 'yes' })
    await sink.mailTo('gone@example.com')
    await served.settled()
    const [lead] = await leadsOf('gone@example.com')
    const erased = await served.call('POST', `/api/leads/${lead!.id}/erase`, { confirm: 'gone@example.com' })
    expect(erased.status, erased.text).toBeLessThan(300)
    const kept = () =>
      rows(served.services.db, sql`select 1 from form_confirmations where email = 'gone@example.com'`)
    await vi.waitFor(async () => expect(await kept()).toEqual([]), 15_000)
    await send(form.id, { f_email: 'gone@example.com', f_news: 'yes' })
    await served.settled()
    expect([await kept(), await leadsOf('gone@example.com')]).toEqual([[], []])
  })
})

describe('the editor', () => {
  test('double opt-in is refused in words while mail is not set up', async () => {
    const quiet = await serve({ worker: false })
    const made = await quiet.call('POST', '/api/forms', {
      name: 'N',
      definition: definitionOf({ isDoubleOptIn: true }),
    })
    expect([made.status, made.body.code]).toEqual([409, 'mail_missing'])
    expect(String(made.body.detail)).toContain('SMTP_URL')
    expect((await quiet.call('GET', '/api/forms')).body.hasMail).toBe(false)
    await quiet.stop()
  })

  test('a change of what people see is a version, a change of the name is not, and an older version is not written over', async () => {
    const form = await makeForm()
    const patch = (body: object) => served.call('PATCH', `/api/forms/${form.id}`, body)
    expect((await patch({ name: 'Other name' })).body).toMatchObject({ version: 1, name: 'Other name' })
    expect((await patch({ definition: definitionOf({ title: 'New' }), version: 1 })).body).toMatchObject({
      version: 2,
    })
    const late = await patch({ definition: definitionOf({ title: 'Late' }), version: 1 })
    expect([late.status, late.body.code]).toEqual([409, 'form_changed'])
  })

  test('a redirect to anything but the web, and a form that cannot work, are refused', async () => {
    const make = (definition: object) => served.call('POST', '/api/forms', { name: 'N', definition })
    expect((await make({ ...definitionOf(), redirectUrl: 'javascript:alert(1)' })).status).toBe(400)
    const empty = await make({ fields: [] })
    expect([empty.status, empty.body.code]).toEqual([400, 'form_incomplete'])
  })

  test('views are counted but those of machines, and with the submissions make the conversion', async () => {
    const form = await makeForm()
    const look = (agent: string) =>
      request(`${served.url}/f/${form.id}`, { headers: { 'user-agent': agent } })
    for (let nth = 0; nth < 4; nth++)
      await (await look('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).body.dump()
    await (await look('Googlebot/2.1')).body.dump()
    await send(form.id, { f_email: 'one@views.example' })
    const { counts, days } = await statisticsOf(form.id)
    expect(counts).toMatchObject({ views: 4, submissions: 1, conversion: 0.25 })
    expect(days).toHaveLength(30)
    expect(days.at(-1)).toMatchObject({ views: 4, submissions: 1 })
    const { items } = (await served.call('GET', '/api/forms')).body as { items: Form[] }
    expect(items.find(({ id }) => id === form.id)?.counts.submissions).toBe(1)
  })

  test('an archived form says that it is closed, and takes answers again once it is restored', async () => {
    const form = await makeForm()
    await served.call('POST', `/api/forms/${form.id}/archive`)
    expect((await request(`${served.url}/f/${form.id}`)).statusCode).toBe(410)
    expect((await send(form.id, { f_email: 'closed@example.com' })).status).toBe(410)
    expect((await request(`${served.url}/f/${form.id}/embed`)).statusCode).toBe(404)
    await served.call('POST', `/api/forms/${form.id}/restore`)
    expect((await send(form.id, { f_email: 'closed@example.com' })).status).toBe(200)
  })

  test('a copy is a form of its own', async () => {
    const form = await makeForm()
    const copy = (await served.call('POST', `/api/forms/${form.id}/duplicate`)).body as Form
    expect([copy.name, copy.version, copy.id === form.id]).toEqual(['Copy of Newsletter', 1, false])
    expect(copy.definition).toEqual(form.definition)
  })

  test('an address that is no form, or no id, is told plainly', async () => {
    for (const id of [newId(), 'nonsense'])
      expect((await request(`${served.url}/f/${id}`)).statusCode).toBe(404)
  })
})

test('nothing of all this went wrong in the log', () => {
  expect(served.errors).toEqual([])
})
