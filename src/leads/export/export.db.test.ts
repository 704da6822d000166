// The export on the real database and over HTTP: every lead once, chosen columns, nothing that a spreadsheet would run.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../../test/deployment.ts'
import type { Served } from '../../../test/deployment.ts'
import { run, sql } from '../../platform/postgres.ts'

let served: Served
beforeAll(async () => {
  served = await serve({ worker: false })
  for (const body of [
    {
      email: 'ann@shop.example',
      firstName: '=HYPERLINK("http://evil.example")',
      tags: ['vip', 'new'],
      fields: { shirt_size: 'L; "wide"', visits: 4 },
      consents: { email_marketing: 'granted' },
    },
    { email: 'bob@shop.example', firstName: 'Bób' },
  ])
    expect((await served.call('POST', '/api/leads', body)).status).toBe(201)
})
afterAll(() => served.stop())

test('an export says what is asked for, and no cell of it can run as a formula', async () => {
  const columns = 'email,firstName,tags,fields.shirt_size,fields.visits,consent.email_marketing'
  const reply = await served.call('GET', `/api/leads/export?columns=${columns}`)
  expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(reply.text).toBe(
    [
      'E-mail,First name,Tags,Shirt size,Visits,Consent email_marketing',
      `ann@shop.example,"'=HYPERLINK(""http://evil.example"")","vip; new","L; ""wide""",4,granted`,
      'bob@shop.example,Bób,,,,',
      '',
    ].join('\r\n'),
  )
})

test('a byte order mark comes where it is asked for, and a filter narrows', async () => {
  const filter = encodeURIComponent('{"fact":"email","op":"starts_with","value":"bob"}')
  const path = `/api/leads/export?bom=true&columns=email&filter=${filter}`
  const reply = await fetch(served.url + path, {
    headers: { cookie: served.cookie, 'sec-fetch-site': 'same-origin' },
  })
  const bytes = Buffer.from(await reply.arrayBuffer())
  expect(bytes.toString('utf8')).toBe('\ufeffE-mail\r\nbob@shop.example\r\n')
})

test('a selection by name is exported, too', async () => {
  const list = await served.call('GET', '/api/leads?search=bob%40shop.example')
  const [bob] = list.body.items as { id: string }[]
  const asked = { selection: { ids: [bob!.id] }, columns: ['email'] }
  expect((await served.call('POST', '/api/leads/export', asked)).text).toBe('E-mail\r\nbob@shop.example\r\n')
})

test('a column that is none is refused before the first byte', async () => {
  const reply = await served.call('GET', '/api/leads/export?columns=email,password')
  expect(reply.status).toBe(400)
  expect(reply.body.code).toBe('column_unknown')
})

test('more leads than a page come each exactly once', async () => {
  await run(
    served.services.db,
    sql`insert into leads (id, workspace_id, is_known, email, source, created_at, updated_at)
        select gen_random_uuid(), ${served.workspaceId}, true, 'p' || n || '@many.example', 'manual', now(), now()
        from generate_series(1, 5000) n`,
  )
  const { text } = await served.call('GET', '/api/leads/export?columns=email')
  const lines = text.trim().split('\r\n').slice(1)
  expect(lines).toHaveLength(5002)
  expect(new Set(lines).size).toBe(5002)
})
