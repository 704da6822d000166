// Imports on a real database: uploads that survive, rows that count once, whoever reads and whenever it is cut off.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { firstRow, inTransaction, openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { readSettings } from '../platform/settings.ts'
import type { ImportBatch } from './contract.ts'
import {
  cancelImport,
  changeImport,
  failImport,
  getImport,
  halveBatch,
  importCsv,
  listImports,
  openImport,
  renameMappedField,
  previewImport,
  runningImports,
  settleImport,
  startImport,
  sweepImports,
  uploadFile,
} from './index.ts'
import type { Importer } from './index.ts'

let postgres: Postgres
const now = new Date('2026-05-01T12:00:00Z')
const elsewhere = readSettings({ DATABASE_URL: 'postgres://on-a-server-of-its-own/throughline' })
const services = () => ({ db: postgres.db, clock: () => now, settings: elsewhere })

beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl)
  await run(postgres.db, sql`create table came_in (import_id uuid, row_number integer)`)
})
afterAll(() => postgres.close())

async function newWorkspace(): Promise<Importer> {
  const by: Importer = { workspaceId: randomUUID() as WorkspaceId, teamId: randomUUID(), actor: 'cli' }
  await run(postgres.db, sql`insert into teams (id, name) values (${by.teamId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug, time_zone)
        values (${by.workspaceId}, ${by.teamId}, 'live', 'Shop', ${by.workspaceId}, 'Europe/Stockholm')`,
  )
  return by
}

async function* bytesOf(text: string | Buffer) {
  yield Buffer.from(text)
}

const fileOf = (text: string | Buffer) => ({ fileName: 'people.csv', bytes: bytesOf(text) })

function people(count: number): string {
  const rows = Array.from({ length: count }, (_, index) =>
    index % 10 === 3 ? `Nobody ${index},,x` : `Person ${index},p${index}@x.se,${index}`,
  )
  return `Name,Email,Points\n${rows.join('\n')}\n`
}

/** What the worker does with a batch, with a table in place of leads. */
async function decide(batch: ImportBatch): Promise<void> {
  await inTransaction(postgres.db, async (tx) => {
    for (const item of batch.items) {
      await run(tx, sql`insert into came_in values (${batch.importId}, ${item.row})`)
    }
    await settleImport(tx, batch, { created: batch.items.length, updated: 0, skipped: 0, rejected: [] }, now)
  })
}

async function cameIn(importId: string): Promise<{ rows: number; distinct: number }> {
  const found = await firstRow<{ rows: number; distinct: number }>(
    postgres.db,
    sql`select count(*) as rows, count(distinct row_number) as distinct from came_in where import_id = ${importId}`,
  )
  return found ?? { rows: 0, distinct: 0 }
}

const chunksOf = async (id: string) =>
  (
    await firstRow<{ n: number }>(
      postgres.db,
      sql`select count(*) as n from import_chunks where import_id = ${id}`,
    )
  )?.n

describe('an upload', () => {
  test('is stored, looked at and waits; the phone country is that of the zone of the workspace', async () => {
    const by = await newWorkspace()
    const { import: made, preview } = await uploadFile(
      services(),
      by,
      fileOf('Namn;E-post;Mobil\nAnna;anna@x.se;070-111 22 33\n'),
    )
    expect(made).toMatchObject({ status: 'uploaded', delimiter: ';', fileName: 'people.csv', progress: 0 })
    expect(preview.items).toMatchObject([{ email: 'anna@x.se', phone: '+46701112233' }])
    expect(await previewImport(services(), by.workspaceId, made.id)).toEqual(preview)
    expect(await runningImports(postgres.db)).not.toContainEqual(expect.objectContaining({ id: made.id }))
  })

  test('of several megabytes is stored in pieces and read as one', async () => {
    const by = await newWorkspace()
    const text = `Email,Note\n${Array.from({ length: 30_000 }, (_, index) => `p${index}@x.se,${'n'.repeat(80)}`).join('\n')}\n`
    const { import: made } = await importCsv(services(), by, fileOf(text))
    expect(await chunksOf(made.id)).toBeGreaterThan(2)
    const reader = await openImport(services(), made.id)
    let items = 0
    for (let done = false; !done;) {
      const batch = await reader.take(5000)
      items += batch.items.length
      done = batch.done
    }
    expect(items).toBe(30_000)
  })

  test('that is no CSV, is empty, breaks off or finds no room on the disk leaves nothing behind', async () => {
    const by = await newWorkspace()
    await expect(uploadFile(services(), by, fileOf(Buffer.from('PK\u0003\u0004')))).rejects.toMatchObject({
      code: 'file_unreadable',
    })
    await expect(uploadFile(services(), by, fileOf(''))).rejects.toMatchObject({ code: 'file_empty' })
    const wide = Array.from({ length: 100_000 }, (_, index) => `c${index}`).join(',')
    await expect(uploadFile(services(), by, fileOf(`${wide}\n`))).rejects.toMatchObject({
      code: 'file_too_wide',
    })
    async function* broken() {
      yield Buffer.from('Name,Email\n')
      throw new Error('the connection was lost')
    }
    await expect(uploadFile(services(), by, { fileName: 'x.csv', bytes: broken() })).rejects.toThrow('lost')
    // A file system that never has room.
    const full = readSettings({ DATA_DIR: process.platform === 'linux' ? '/proc' : '/dev' })
    await expect(
      uploadFile({ ...services(), settings: full }, by, fileOf('Name,Email\nAnn,a@x.se\n')),
    ).rejects.toMatchObject({ code: 'disk_full', status: 507 })
    expect(await listImports(services(), by.workspaceId, { limit: 10 })).toEqual({
      items: [],
      nextCursor: null,
    })
    const left = await firstRow<{ n: number }>(
      postgres.db,
      sql`select count(*) as n from imports where workspace_id = ${by.workspaceId}`,
    )
    expect(left?.n).toBe(0)
  })

  test('can be read with another delimiter and another mapping until it is started, and not after', async () => {
    const by = await newWorkspace()
    const { import: made } = await uploadFile(services(), by, fileOf('Email|Points\na@x.se|1\nb@x.se|2\n'))
    const other = await changeImport(services(), by.workspaceId, made.id, { delimiter: ',' })
    expect(other.mapping.columns).toHaveLength(1)
    const back = await changeImport(services(), by.workspaceId, made.id, { delimiter: '|' })
    const columns = back.mapping.columns.map((column) => ({
      ...column,
      ...(column.key ? { key: 'score' } : {}),
    }))
    await changeImport(services(), by.workspaceId, made.id, { mapping: { ...back.mapping, columns } })
    const { status } = await startImport(services(), by, made.id)
    expect(status).toBe('running')
    const field = await firstRow(
      postgres.db,
      sql`select key, label, type from custom_fields where workspace_id = ${by.workspaceId}`,
    )
    expect(field).toEqual({ key: 'score', label: 'Points', type: 'number' })
    await expect(changeImport(services(), by.workspaceId, made.id, { delimiter: ';' })).rejects.toMatchObject(
      {
        code: 'import_started',
      },
    )
  })

  test('that waits fills the field that one of its fields was merged into, and a file to come is suggested it', async () => {
    const by = await newWorkspace()
    const { import: made } = await uploadFile(services(), by, fileOf('Email,Tier\na@x.se,gold\n'))
    const { import: both } = await uploadFile(services(), by, fileOf('Email,Tier,Plan\na@x.se,gold,b\n'))
    const into = { key: 'plan', label: 'Plan', type: 'text' }
    await renameMappedField(postgres.db, by.workspaceId, 'tier', into)
    const keysOf = async (id: string) =>
      (await getImport(services(), by.workspaceId, id)).mapping.columns.map(({ key }) => key)
    expect(await keysOf(made.id)).toEqual([undefined, 'plan'])
    expect(await keysOf(both.id)).toEqual([undefined, 'tier', 'plan'])
    await run(
      postgres.db,
      sql`insert into custom_fields (workspace_id, key, label, type, merged_into)
          values (${by.workspaceId}, 'plan', 'Plan', 'text', null), (${by.workspaceId}, 'tier', 'Tier', 'text', 'plan')`,
    )
    const { import: later } = await uploadFile(services(), by, fileOf('Email,Tier\na@x.se,gold\n'))
    expect(later.mapping.columns[1]).toMatchObject({ key: 'plan', label: 'Plan' })
  })

  test('of another workspace is not there', async () => {
    const [by, other] = [await newWorkspace(), await newWorkspace()]
    const { import: made } = await uploadFile(services(), by, fileOf(people(3)))
    await expect(getImport(services(), other.workspaceId, made.id)).rejects.toMatchObject({ status: 404 })
    await expect(cancelImport(services(), other, made.id)).rejects.toMatchObject({ status: 404 })
  })
})

describe('a running import', () => {
  test('counts every row: created, updated, skipped, rejected and joined add up to the rows read', async () => {
    const by = await newWorkspace()
    const { import: made } = await importCsv(services(), by, fileOf(people(95)))
    const reader = await openImport(services(), made.id)
    for (let done = false; !done;) {
      const batch = await reader.take(20)
      await decide(batch)
      done = batch.done
    }
    const ended = await getImport(services(), by.workspaceId, made.id)
    expect(ended).toMatchObject({
      status: 'done',
      progress: 1,
      counts: { rows: 95, created: 85, updated: 0, skipped: 0, rejected: 10, joined: 0 },
    })
    expect(await cameIn(made.id)).toEqual({ rows: 85, distinct: 85 })
    expect(await chunksOf(made.id)).toBe(0)
    await expect(previewImport(services(), by.workspaceId, made.id)).rejects.toMatchObject({
      code: 'import_ended',
    })
  })

  test('goes on after its reader was lost at any point, without a double and without a gap', async () => {
    const by = await newWorkspace()
    const { import: made } = await importCsv(services(), by, fileOf(people(60)))
    for (let done = false; !done;) {
      const reader = await openImport(services(), made.id)
      const batch = await reader.take(7)
      await decide(batch)
      // This batch was read but never settled, as when the process is killed here.
      if (!batch.done) await reader.take(7)
      await reader.close()
      done = batch.done
    }
    expect(await cameIn(made.id)).toEqual({ rows: 54, distinct: 54 })
    expect((await getImport(services(), by.workspaceId, made.id)).counts).toMatchObject({
      rows: 60,
      created: 54,
      rejected: 6,
    })
  })

  test('that two workers read at once takes each batch from the faster one only', async () => {
    const by = await newWorkspace()
    const { import: made } = await importCsv(services(), by, fileOf(people(40)))
    const work = async () => {
      for (;;) {
        try {
          const reader = await openImport(services(), made.id)
          for (let done = false; !done;) {
            const batch = await reader.take(5)
            await decide(batch)
            done = batch.done
          }
        } catch (error) {
          if (!(error instanceof Refusal) || error.code !== 'import_moved') throw error
          if ((await getImport(services(), by.workspaceId, made.id)).status !== 'running') return
        }
      }
    }
    await Promise.all([work(), work()])
    expect(await cameIn(made.id)).toEqual({ rows: 36, distinct: 36 })
  })

  test('whose batch fails is settled in halves, and the item that spoils it is rejected alone', async () => {
    const by = await newWorkspace()
    const { import: made } = await importCsv(services(), by, fileOf(people(9)))
    const [batch] = [await (await openImport(services(), made.id)).take(100)]
    const settle = async (part: ImportBatch): Promise<void> => {
      const spoils = part.items.find(({ row }) => row === 7)
      const halves = spoils ? halveBatch(part) : undefined
      if (halves) {
        for (const half of halves) await settle(half)
        return
      }
      const rejected = spoils
        ? [
            {
              row: 7,
              severity: 'rejected' as const,
              column: '',
              problem: 'It could not be decided.',
              cells: [],
            },
          ]
        : []
      await inTransaction(postgres.db, (tx) =>
        settleImport(
          tx,
          part,
          { created: part.items.length - rejected.length, updated: 0, skipped: 0, rejected },
          now,
        ),
      )
    }
    await settle(batch)
    expect(await getImport(services(), by.workspaceId, made.id)).toMatchObject({
      status: 'done',
      counts: { rows: 9, created: 7, rejected: 2 },
    })
  })

  test('that is cancelled refuses the batch in work and lets go of the file', async () => {
    const by = await newWorkspace()
    const { import: made } = await importCsv(services(), by, fileOf(people(20)))
    const reader = await openImport(services(), made.id)
    await decide(await reader.take(5))
    const late = await reader.take(5)
    expect((await cancelImport(services(), by, made.id)).status).toBe('cancelled')
    await expect(decide(late)).rejects.toMatchObject({ code: 'import_moved' })
    expect((await cameIn(made.id)).rows).toBe(4)
    expect(await chunksOf(made.id)).toBe(0)
    await expect(cancelImport(services(), by, made.id)).rejects.toMatchObject({ code: 'import_ended' })
  })

  test('whose file cannot be read to its end fails with the sentence that says why, and keeps what came in', async () => {
    const by = await newWorkspace()
    const { import: made } = await importCsv(
      services(),
      by,
      fileOf('Email,Note\na@x.se,fine\nb@x.se,"open\n'),
    )
    const reader = await openImport(services(), made.id)
    for (let done = false; !done;) {
      const batch = await reader.take(10)
      await decide(batch)
      done = batch.done
    }
    const ended = await getImport(services(), by.workspaceId, made.id)
    expect(ended).toMatchObject({ status: 'failed', counts: { created: 1 } })
    expect(ended.error).toMatch(/row 3 is never closed/)
  })

  test('can be ended by the worker with a sentence', async () => {
    const by = await newWorkspace()
    const { import: made } = await importCsv(services(), by, fileOf(people(3)))
    await failImport(services(), made.id, 'The disk is full.')
    expect(await getImport(services(), by.workspaceId, made.id)).toMatchObject({
      status: 'failed',
      error: 'The disk is full.',
    })
  })
})

test('uploads that broke off and files that nobody started are swept after their time', async () => {
  const by = await newWorkspace()
  const { import: made } = await uploadFile(services(), by, fileOf(people(3)))
  expect(await sweepImports(services())).toBe(0)
  expect(
    await sweepImports({ db: postgres.db, clock: () => new Date(now.getTime() + 8 * 86_400_000) }),
  ).toBeGreaterThan(0)
  await expect(getImport(services(), by.workspaceId, made.id)).rejects.toMatchObject({ status: 404 })
})

describe('hostile files', () => {
  async function importAll(text: string | Buffer) {
    const by = await newWorkspace()
    const { import: made } = await importCsv(services(), by, fileOf(text))
    const reader = await openImport(services(), made.id)
    const items: ImportBatch['items'] = []
    for (let done = false; !done;) {
      const batch = await reader.take(50)
      await decide(batch)
      items.push(...batch.items)
      done = batch.done
    }
    return { ended: await getImport(services(), by.workspaceId, made.id), items }
  }

  test.each<[string, string | Buffer, { created: number; rejected: number }]>([
    ['NUL bytes', 'Name,Email\nA\u0000,a@x.se\nB,b@x.se\n', { created: 1, rejected: 1 }],
    [
      'a row of another encoding',
      Buffer.concat([
        Buffer.from('Name,Email\nJürgen,a@x.se\nÅsa Öberg,b@x.se\nÄäÄäÄä,c@x.se\n'),
        Buffer.from('J\xfcrg,d@x.se\n', 'latin1'),
      ]),
      { created: 3, rejected: 1 },
    ],
    [
      'a row of 100,000 cells',
      `Name,Email\n${'x,'.repeat(100_000)}x\nB,b@x.se\n`,
      { created: 1, rejected: 1 },
    ],
    [
      'a cell of 2 MB',
      `Name,Email\n${'x'.repeat(2_000_000)},a@x.se\nB,b@x.se\n`,
      { created: 1, rejected: 1 },
    ],
    [
      'half surrogates in UTF-16',
      Buffer.from('\ufeffName,Email\nA\ud83d,a@x.se\nB,b@x.se\n', 'utf16le'),
      { created: 1, rejected: 1 },
    ],
    ['a header with control characters', 'Na\u0000me,Email\nB,b@x.se\n', { created: 1, rejected: 0 }],
    [
      'a header named after the prototype',
      '__proto__,Email,constructor\nB,b@x.se,C\n',
      { created: 1, rejected: 0 },
    ],
  ])('%s', async (_what, text, counts) => {
    const { ended } = await importAll(text)
    expect(ended).toMatchObject({ status: 'done', counts })
  })

  test('SQL in every cell and in the name of the file is text', async () => {
    const by = await newWorkspace()
    const evil = `'; drop table imports; --`
    const file = { fileName: `${evil}\u0000.csv`, bytes: bytesOf(`${evil},Email\n${evil},a@x.se\n`) }
    const { import: made } = await importCsv(services(), by, file)
    expect(made.fileName).toBe(`${evil} .csv`)
    const { items } = await (await openImport(services(), made.id)).take(10)
    expect(Object.values(items[0]?.custom ?? {})).toEqual([evil])
  })
})
