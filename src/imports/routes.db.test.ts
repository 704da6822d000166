// The endpoints of imports, over the real server and a real database.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { createLog } from '../platform/log.ts'
import { firstRow, inTransaction, openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { createApi } from '../platform/server.ts'
import type { Api, Caller } from '../platform/server.ts'
import { readSettings } from '../platform/settings.ts'
import type { Import, ImportPreview } from './contract.ts'
import { importRoutes, openImport, settleImport } from './index.ts'

let postgres: Postgres
let api: Api
let address: string
const caller: Caller = {
  actor: 'user:1',
  userId: '1',
  role: 'owner',
  workspaceId: randomUUID() as WorkspaceId,
  teamId: randomUUID(),
}

beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl)
  await run(postgres.db, sql`insert into teams (id, name) values (${caller.teamId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug)
        values (${caller.workspaceId}, ${caller.teamId}, 'live', 'Shop', 'shop')`,
  )
  api = await createApi({
    log: createLog('silent'),
    db: postgres.db,
    trustProxy: false,
    authorise: () => Promise.resolve(caller),
  })
  const settings = readSettings({ DATABASE_URL: 'postgres://on-a-server-of-its-own/throughline' })
  await importRoutes(api, { db: postgres.db, clock: () => new Date(), settings })
  address = await api.raw.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  // fetch keeps a fresh connection ready after one that was broken off; the server would wait a minute for it.
  api.raw.server.closeAllConnections()
  await api.raw.close()
  await postgres.close()
})

interface Uploaded {
  import: Import
  preview: ImportPreview
}

const path = '/api/lead-sources/csv/import'
const csv = 'Name,Email,Ort\nAnna,anna@x.se,Malmö\nBo,=HYPERLINK("x"),Lund\n'

function send(payload: string | Buffer, query = '', type = 'text/csv') {
  return api.raw.inject({
    method: 'POST',
    url: `${path}${query}`,
    headers: { 'content-type': type },
    payload,
  })
}

function form(parts: { name: string; fileName?: string; content: string }[]): {
  payload: string
  type: string
} {
  const boundary = 'bnd7'
  const payload = parts
    .map(({ name, fileName, content }) => {
      const file = fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: text/csv`
      return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${content}\r\n`
    })
    .join('')
  return { payload: `${payload}--${boundary}--\r\n`, type: `multipart/form-data; boundary=${boundary}` }
}

async function finish(id: string): Promise<void> {
  const reader = await openImport({ db: postgres.db }, id)
  for (let done = false; !done;) {
    const batch = await reader.take(100)
    const outcome = { created: batch.items.length, updated: 0, skipped: 0, rejected: [] }
    await inTransaction(postgres.db, (tx) => settleImport(tx, batch, outcome, new Date()))
    done = batch.done
  }
}

test('a body of text/csv starts at once, and its progress can be asked for', async () => {
  const reply = await send(csv, '?fileName=guests.csv')
  expect(reply.statusCode).toBe(202)
  const { import: made, preview } = reply.json<Uploaded>()
  expect(made).toMatchObject({ status: 'running', fileName: 'guests.csv', counts: { rows: 0 } })
  expect(preview.columns.map(({ header }) => header)).toEqual(['Name', 'Email', 'Ort'])
  await finish(made.id)
  const asked = await api.raw.inject(`/api/imports/${made.id}`)
  expect(asked.json<Import>()).toMatchObject({
    status: 'done',
    progress: 1,
    counts: { created: 1, rejected: 1 },
  })
  const listed = await api.raw.inject('/api/imports?limit=1')
  expect(listed.json<{ items: Import[] }>().items[0]?.id).toBe(made.id)
})

test('a form gives the file its name and may bring the mapping along', async () => {
  const looked = (await send(csv, '?dryRun=true')).json<Uploaded>()
  expect(looked.import).toBeNull()
  const mapping = structuredClone(looked.preview.mapping)
  mapping.columns[2] = { header: 'Ort', target: 'ignore' }
  const { payload, type } = form([
    { name: 'mapping', content: JSON.stringify(mapping) },
    { name: 'file', fileName: 'list.csv', content: csv },
  ])
  const { import: made, preview } = (await send(payload, '?start=false', type)).json<Uploaded>()
  expect(made).toMatchObject({ status: 'mapped', fileName: 'list.csv' })
  expect(preview.items[0]?.fields).toEqual({ firstName: 'Anna' })
})

test('a file waits with start=false until it is started, and is cancelled only once', async () => {
  const { import: made } = (await send(csv, '?start=false')).json<Uploaded>()
  expect(made.status).toBe('uploaded')
  const started = await api.raw.inject({
    method: 'PATCH',
    url: `/api/imports/${made.id}`,
    payload: { start: true },
  })
  expect(started.json<Import>().status).toBe('running')
  const again = await api.raw.inject({
    method: 'PATCH',
    url: `/api/imports/${made.id}`,
    payload: { start: true },
  })
  expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'import_started'])
  const cancel = () => api.raw.inject({ method: 'POST', url: `/api/imports/${made.id}/cancel` })
  expect((await cancel()).json<Import>().status).toBe('cancelled')
  expect((await cancel()).statusCode).toBe(409)
})

test('a file in which nobody can be recognised is kept for mapping, but does not start by itself', async () => {
  const { import: made, preview } = (await send('Username,Url\na,b\n')).json<Uploaded>()
  expect(made.status).toBe('uploaded')
  expect(preview.obstacle).toMatch(/No column holds an e-mail address/)
  const start = await api.raw.inject({
    method: 'PATCH',
    url: `/api/imports/${made.id}`,
    payload: { start: true },
  })
  expect([start.statusCode, start.json<{ code: string }>().code]).toEqual([422, 'mapping_incomplete'])
})

test('the error file holds row, problem and the cells, and no formula that would run', async () => {
  const { import: made } = (await send(csv)).json<Uploaded>()
  await finish(made.id)
  const reply = await api.raw.inject(`/api/imports/${made.id}/errors.csv`)
  expect(reply.headers['content-type']).toMatch(/text\/csv/)
  const [header, row] = reply.body.split('\r\n')
  expect(header).toBe('\ufeffRow,Severity,Problem column,Problem,Name,Email,Ort')
  expect(row).toMatch(/^3,rejected,Email,The e-mail address has no @\.,Bo,"'=HYPERLINK\(""x""\)",Lund$/)
})

test.each([
  ['a workbook', Buffer.from('PK\u0003\u0004aaaa'), 'text/csv', 422, 'file_unreadable'],
  ['an empty file', '', 'text/csv', 422, 'file_empty'],
  ['a form without a file', form([{ name: 'x', content: 'y' }]).payload, form([]).type, 422, 'file_missing'],
  ['a JSON body', '{"a":1}', 'application/json', 415, 'file_missing'],
  [
    'a mapping that is no JSON',
    form([{ name: 'mapping', content: '{' }]).payload,
    form([]).type,
    422,
    'mapping_invalid',
  ],
])('%s is refused with a sentence', async (_what, payload, type, status, code) => {
  const reply = await send(payload, '', type)
  expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([status, code])
  expect(reply.json<{ detail: string }>().detail).toMatch(/\.$/)
})

test.each(['text/csv', 'multipart/form-data'])(
  'a large file that is refused at its first bytes is answered with the sentence, not with a cut connection (%s)',
  async (kind) => {
    const workbook = new Blob([Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(20_000_000, 7)])])
    const body = kind === 'text/csv' ? workbook : new FormData()
    if (body instanceof FormData) body.set('file', workbook, 'book.xlsx')
    const reply = await fetch(`${address}${path}`, {
      method: 'POST',
      body,
      ...(kind === 'text/csv' ? { headers: { 'content-type': kind } } : {}),
    })
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([422, 'file_unreadable'])
  },
)

test('an upload that the client breaks off leaves nothing behind', async () => {
  const count = async () =>
    (await firstRow<{ n: number }>(postgres.db, sql`select count(*) as n from imports`))?.n
  const before = await count()
  const controller = new AbortController()
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(Buffer.alloc(3_000_000, 'a@x.se\n'))
    },
  })
  const sent = fetch(`${address}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/csv' },
    signal: controller.signal,
    duplex: 'half',
  } as RequestInit)
  await vi.waitFor(async () => expect(await count()).toBe((before ?? 0) + 1))
  controller.abort()
  await expect(sent).rejects.toThrow()
  await vi.waitFor(async () => expect(await count()).toBe(before))
})

test('a disk that is full while a file comes in refuses it with a sentence, and nothing of it is kept', async () => {
  await run(
    postgres.db,
    sql`create function refuse_chunk() returns trigger language plpgsql as $$
        begin raise exception 'no space left on device' using errcode = '53100'; end $$`,
  )
  await run(
    postgres.db,
    sql`create trigger full_disk before insert on import_chunks for each row when (new.seq = 2) execute function refuse_chunk()`,
  )
  try {
    const before = await firstRow(postgres.db, sql`select count(*)::int as n from imports`)
    const reply = await send(Buffer.concat([Buffer.from('Email\n'), Buffer.alloc(3_500_000, 'a@x.se\n')]))
    expect([reply.statusCode, reply.json<{ code: string; detail: string }>()]).toMatchObject([
      507,
      { code: 'disk_full', detail: expect.stringMatching(/Make room, then upload it again/) as string },
    ])
    expect(await firstRow(postgres.db, sql`select count(*)::int as n from imports`)).toEqual(before)
  } finally {
    await run(postgres.db, sql`drop trigger full_disk on import_chunks`)
  }
})
