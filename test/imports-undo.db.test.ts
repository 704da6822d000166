// Imports that are rehearsed, that meet known leads, and that are taken back, in the whole product.
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Import, ImportConflict, Rehearsal } from '../src/imports/contract.ts'
import {
  changeImport,
  getImport,
  openRehearsal,
  startImport,
  undoImport,
  uploadFile,
} from '../src/imports/index.ts'
import type { Importer } from '../src/imports/index.ts'
import { rehearse } from '../src/import-rehearsal.ts'
import { clearOrders } from '../src/imports/clear-log.ts'
import type { WorkspaceId } from '../src/lib/ids.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { firstRow, rows, run, sql } from '../src/platform/postgres.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let served: Served
let by: Importer

beforeAll(async () => {
  served = await serve()
  const workspaceId = served.workspaceId as WorkspaceId
  const team = await firstRow<{ id: string }>(
    served.postgres.db,
    sql`select team_id as id from workspaces where id = ${workspaceId}`,
  )
  by = { workspaceId, teamId: team?.id ?? '', actor: 'operator' }
})
afterAll(() => served.stop())

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

async function upload(text: string, conflict?: ImportConflict): Promise<string> {
  const { import: made } = await uploadFile(served.services, by, {
    fileName: 'file.csv',
    bytes: bytesOf(text),
  })
  if (conflict) {
    const mapping = { ...made.mapping, conflict }
    await changeImport(served.services, by.workspaceId, made.id, { mapping })
  }
  return made.id
}

async function until(id: string, isSo: (one: Import) => boolean): Promise<Import> {
  await expect
    .poll(async () => isSo(await getImport(served.services, by.workspaceId, id)), {
      timeout: 60_000,
      interval: 50,
    })
    .toBe(true)
  return getImport(served.services, by.workspaceId, id)
}

async function started(id: string): Promise<Import> {
  await startImport(served.services, by, id)
  return until(id, ({ status }) => status !== 'running')
}

const imported = async (text: string, conflict?: ImportConflict) => started(await upload(text, conflict))

async function takenBack(id: string): Promise<Import> {
  await undoImport(served.services, by, id)
  return until(id, ({ undo }) => undo?.status !== 'running')
}

/** Settles when the orders of an import that was taken back are out of the log, and what leads did is folded anew. */
async function cleared(id: string): Promise<void> {
  await served.settled()
  const left = () =>
    rows(
      served.postgres.db,
      sql`select 1 as left from import_traces where import_id = ${id}
          union all select 1 from graphile_worker.jobs where task_identifier = 'projections.refold'`,
    )
  await expect.poll(left, { timeout: 30_000, interval: 50 }).toEqual([])
}

interface Lead {
  id: string
  status: string
  first_name: string | null
  city: string | null
  tags: string[]
  fields: Record<string, unknown>
  consent: string | null
}

async function lead(email: string): Promise<Lead | undefined> {
  return firstRow<Lead>(
    served.postgres.db,
    sql`select l.id, l.status, l.first_name, l.city, l.tags, l.fields, c.state as consent from leads l
        left join consents c on c.lead_id = l.id and c.purpose = 'email_marketing'
        where l.workspace_id = ${by.workspaceId} and l.email = ${email} and l.status = 'active'`,
  )
}

async function everything(): Promise<unknown> {
  return rows(
    served.postgres.db,
    sql`select (select count(*)::int from leads) as leads, (select count(*)::int from identifiers) as identifiers,
          (select count(*)::int from consent_history) as consents, (select count(*)::int from orders) as orders,
          (select count(*)::int from batches) as batches, (select count(*)::int from custom_fields) as fields,
          (select max(updated_at) from leads) as touched`,
  )
}

const noCounts = {
  rows: 0,
  created: 0,
  updated: 0,
  skipped: 0,
  rejected: 0,
  joined: 0,
  warnings: 0,
  footers: 0,
}

describe('a rehearsal', () => {
  test('counts what the import then comes to, and leaves nothing behind', async () => {
    await imported('Email,City\nknown@rehearsal.org,Oslo\nother@rehearsal.org,Oslo\n')
    const lines = Array.from({ length: 5_000 }, (_, n) => `new${n % 4_600}@rehearsal.org,Town ${n}`)
    lines.splice(
      100,
      0,
      'known@rehearsal.org,Bergen',
      'other@rehearsal.org,Oslo',
      'info@rehearsal.org,Oslo',
      'none,',
    )
    const id = await upload(`Email,City\n${lines.join('\n')}\n`)
    const before = await everything()
    const asked = await served.call('POST', `/api/imports/${id}/rehearse`)
    expect(asked).toMatchObject({ status: 202, body: { rehearsal: { status: 'running' } } })
    const { rehearsal } = await until(id, (one) => one.rehearsal?.status === 'done')
    expect(await everything()).toEqual(before)
    expect(rehearsal).toMatchObject({
      isExact: true,
      progress: 1,
      counts: { rows: 5_004, created: 4_600, updated: 401, skipped: 1, rejected: 2 },
    })
    expect((await started(id)).counts).toEqual(rehearsal?.counts)
  })

  test('of any file agrees with the import, and each data row is imported, joined or rejected', async () => {
    const cell = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const regular = Array.from({ length: 31 }, (_, n) => `regular${n}@property.org,,Rome`)
    const line = fc
      .tuple(
        cell,
        cell,
        fc.constantFrom('Rome', 'Lima', '', '"a, b"'),
        fc.constantFrom(...',,,,,,,x'.split(',')),
      )
      .map(
        ([one, other, city, more]) =>
          `${one}@property.org,+4670111223${other.charCodeAt(0) % 10},${city}${more && `,${more}`}`,
      )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 6, arbitrary: line }, fc.constantFrom('', 'x', ',,')), { maxLength: 30 }),
        async (lines) => {
          // Most rows are as wide as the header, as in any file whose header can be found.
          const file = [...lines, ...regular]
          const id = await upload(`Email,Phone,City\n${file.join('\n')}\n`)
          await served.call('POST', `/api/imports/${id}/rehearse`)
          const { rehearsal } = await until(id, (one) => one.rehearsal?.status === 'done')
          const { counts, status } = await started(id)
          expect(status).toBe('done')
          expect(counts).toEqual(rehearsal?.counts)
          const { created, updated, skipped, rejected, joined } = counts
          expect(created + updated + skipped + rejected + joined).toBe(counts.rows)
          expect(counts.rows).toBe(file.filter((one) => one.replaceAll(',', '') !== '').length)
        },
      ),
      { numRuns: 6, endOnFailure: true },
    )
  })

  test('is forgotten where the file is read otherwise, and is not asked of a file that was started', async () => {
    const id = await upload('Email,City\nforgotten@rehearsal.org,Oslo\n')
    await served.call('POST', `/api/imports/${id}/rehearse`)
    const { mapping } = await until(id, (one) => one.rehearsal?.status === 'done')
    await changeImport(served.services, by.workspaceId, id, { mapping })
    expect((await getImport(served.services, by.workspaceId, id)).rehearsal).toBeNull()
    await rehearse(served.services, id)
    expect((await getImport(served.services, by.workspaceId, id)).rehearsal).toBeNull()
    await started(id)
    expect(await served.call('POST', `/api/imports/${id}/rehearse`)).toMatchObject({
      status: 409,
      body: { code: 'import_started' },
    })
  })
})

test('a rehearsal that was asked for again, of another reading of the file, is not answered by the one before', async () => {
  const id = await upload('Email,City\nreread@rehearsal.org,Oslo\n')
  const { mapping } = await getImport(served.services, by.workspaceId, id)
  const running: Rehearsal = { status: 'running', progress: 0, counts: noCounts, isExact: true, error: null }
  const asked = () =>
    run(
      served.postgres.db,
      sql`update imports set rehearsal = ${JSON.stringify(running)}::jsonb where id = ${id}`,
    )
  await asked()
  const before = await openRehearsal(served.postgres.db, id)
  await changeImport(served.services, by.workspaceId, id, { mapping: { ...mapping, conflict: 'skip' } })
  await asked()
  const done: Rehearsal = { ...running, status: 'done' }
  expect(await before?.note(done)).toBe(false)
  const again = await openRehearsal(served.postgres.db, id)
  expect(await again?.note(done)).toBe(true)
})

test('a rehearsal that fails says so and can be asked for again', async () => {
  const id = await upload('Email,City\nbroken@rehearsal.org,Oslo\n')
  await run(served.postgres.db, sql`update import_chunks set bytes = 'no gzip' where import_id = ${id}`)
  await run(served.postgres.db, sql`update imports set rehearsal = '{"status": "running"}' where id = ${id}`)
  await rehearse({ ...served.services, log: pino({ level: 'silent' }) }, id)
  const { rehearsal } = await getImport(served.services, by.workspaceId, id)
  expect(rehearsal).toMatchObject({ status: 'failed', error: expect.stringMatching(/Count again/) as string })
})

describe('a lead that is known already', () => {
  const again = 'Email,First name,City,Plan,Tags,Unsubscribed\nada@known.org,Augusta,London,pro,new,yes\n'

  test.each([
    ['update', { first_name: 'Ada', city: 'London', plan: 'pro', tags: ['old', 'new'] }],
    ['fill', { first_name: 'Ada', city: 'Paris', plan: 'pro', tags: ['old', 'new'] }],
    ['overwrite', { first_name: 'Augusta', city: 'London', plan: 'pro', tags: ['old', 'new'] }],
    ['skip', { first_name: 'Ada', city: 'Paris', plan: undefined, tags: ['old'] }],
  ] as const)('is treated as chosen: %s; an unsubscribe counts in any case', async (conflict, expected) => {
    const email = `ada@${conflict}.org`
    await imported(`Email,First name,City,Tags\n${email},Ada,Paris,old\n`)
    const { id } = (await lead(email))!
    await served.call('PATCH', `/api/leads/${id}`, { firstName: 'Ada', city: undefined })
    await run(
      served.postgres.db,
      sql`update leads set provenance = provenance || '{"first_name": [3, 1]}' where id = ${id}`,
    )
    await imported(again.replace('ada@known.org', email), conflict)
    const { fields, ...found } = (await lead(email))!
    expect({ ...found, plan: fields.plan }).toMatchObject({ ...expected, consent: 'denied' })
  })
})

test('an import whose field got another type since is taken back in that type, and what was written since stays', async () => {
  await imported('Email,Desks\na@desks.org,3\nb@desks.org,4\n')
  const { id } = await imported('Email,Desks\na@desks.org,5\nb@desks.org,6\n')
  const desks = async (email: string) => (await lead(email))?.fields.desks
  expect([await desks('a@desks.org'), await desks('b@desks.org')]).toEqual([5, 6])
  const begun = await served.call('POST', '/api/fields/desks/type', { type: 'text' })
  expect(begun.status, begun.text).toBe(202)
  await expect.poll(() => desks('b@desks.org'), { timeout: 20_000 }).toBe('6')
  const other = await lead('b@desks.org')
  const edited = await served.call('PATCH', `/api/leads/${String(other?.id)}`, { fields: { desks: '7' } })
  expect(edited.status, edited.text).toBe(200)
  expect((await takenBack(id)).undo).toMatchObject({ status: 'done', kept: { changed_since: 1 } })
  expect([await desks('a@desks.org'), await desks('b@desks.org')]).toEqual(['3', '7'])
})

describe('an import that merged leads and is taken back', () => {
  const person = (userId: string, firstName: string) =>
    served.post('/v1/identify', { userId, traits: { firstName }, messageId: `${userId}-told` })
  const standing = (mark: string) =>
    rows(
      served.postgres.db,
      sql`select l.email, l.first_name, l.last_name, l.city, l.tags,
            (select array_agg(i.kind || ' ' || i.value order by i.kind, i.value) from identifiers i where i.lead_id = l.id) as identifiers,
            (select array_agg(c.purpose || ' ' || c.state order by c.purpose) from consents c where c.lead_id = l.id) as consents
          from leads l where l.workspace_id = ${by.workspaceId} and l.status = 'active'
            and exists (select from identifiers i where i.lead_id = l.id and i.value like ${`%${mark}%`})
          order by l.email nulls last, l.first_name`,
    )

  test('makes them two again, each with its own fields, identifiers and consents', async () => {
    await imported('Email,City,Tags,Unsubscribed\na@parted.org,Rome,old,yes\nb@parted.org,Oslo,,\n')
    await person('u-parted-1', 'Ulla')
    await served.settled()
    const before = await standing('parted')
    expect(before).toHaveLength(3)
    // A change before the merge, the merge, and changes of what it made: taken back from the last to the first.
    const { id } = await imported(
      [
        'Email,User ID,First name,Last name,City,Tags,Unsubscribed',
        'b@parted.org,,Bea,,Bonn,,',
        'a@parted.org,u-parted-1,Uta,Late,Lima,new,',
        'a@parted.org,,,Later,Cairo,,',
        'b@parted.org,u-parted-1,,,,,',
        'a@parted.org,,Una,,Paris,last,',
      ].join('\n'),
    )
    expect(await standing('parted')).toHaveLength(1)
    const { undo } = await takenBack(id)
    expect(undo).toMatchObject({ status: 'done', binned: 0, parted: 2, kept: {} })
    expect(await standing('parted')).toEqual(before)
    await expect
      .poll(() => rows(served.postgres.db, sql`select 1 from merges where undone_at is null`))
      .toEqual([])
  })

  test('leaves them one where the lead was changed or did something since, and says so', async () => {
    await imported('Email,City\nc@touched.org,Rome\nd@touched.org,Rome\n')
    await person('u-touched-1', 'Una')
    await person('u-touched-2', 'Duo')
    await served.settled()
    const { id } = await imported(
      'Email,User ID,City\nc@touched.org,u-touched-1,Lima\nd@touched.org,u-touched-2,Lima\n',
    )
    await served.call('PATCH', `/api/leads/${(await lead('c@touched.org'))!.id}`, { city: 'Cairo' })
    await served.post('/v1/track', { userId: 'u-touched-2', event: 'Demo Booked', messageId: 'touched-3' })
    await served.settled()
    const { undo } = await takenBack(id)
    expect(undo).toMatchObject({ parted: 0, kept: { merge_touched_since: 2 } })
    expect(await standing('touched')).toHaveLength(2)
  })

  test('bins a lead that it made and that took an older one in, and the older one has its visits again', async () => {
    await person('u-older-1', 'Olga')
    await served.post('/v1/track', { userId: 'u-older-1', event: 'Demo Booked', messageId: 'older-2' })
    await served.settled()
    const { id } = await imported(
      'Email,User ID,Created at\ne@older.org,,2015-01-01\ne@older.org,u-older-1,2015-01-01\n',
    )
    expect(await lead('e@older.org')).toMatchObject({ first_name: 'Olga' })
    const { undo } = await takenBack(id)
    expect(undo).toMatchObject({ parted: 1, binned: 1, kept: {} })
    expect(await standing('older')).toMatchObject([{ first_name: 'Olga', identifiers: ['1 u-older-1'] }])
    await cleared(id)
    const active = await rows(
      served.postgres.db,
      sql`select l.first_name, a.event_count from lead_activity a join leads l on l.id = a.lead_id
          where exists (select from identifiers i where i.lead_id = l.id and i.value = 'u-older-1')`,
    )
    expect(active).toMatchObject([{ first_name: 'Olga' }])
  })
})

describe('an import that is taken back', () => {
  test('leaves its new leads in the bin and old ones as they were, and can be imported again', async () => {
    await imported('Email,City,Tags\nold@undo.org,Rome,first\n')
    const file =
      'Email,City,Plan,Tags,Unsubscribed\nold@undo.org,Lima,pro,second,yes\nnew@undo.org,Lima,pro,,yes\nnewer@undo.org,Lima,,,\n'
    const { id, canUndo } = await imported(file)
    expect(canUndo).toBe(true)
    expect(await lead('old@undo.org')).toMatchObject({ city: 'Lima', consent: 'denied' })
    const { undo, undoneBy, canUndo: canAgain } = await takenBack(id)
    expect(undo).toEqual({
      status: 'done',
      progress: 1,
      binned: 2,
      restored: 1,
      parted: 0,
      orders: 0,
      kept: {},
      examples: [],
    })
    expect([undoneBy, canAgain]).toEqual(['Command line', false])
    expect(await lead('old@undo.org')).toMatchObject({
      city: 'Rome',
      tags: ['first'],
      fields: {},
      consent: null,
    })
    expect(await lead('new@undo.org')).toBeUndefined()
    const audited = await rows(
      served.postgres.db,
      sql`select action from audit_log where subject = ${`import:${id}`} order by id`,
    )
    expect(audited).toEqual([
      { action: 'import_started' },
      { action: 'import_undo_begun' },
      { action: 'import_undo_ended' },
    ])
    expect((await imported(file)).counts).toMatchObject({ created: 2, updated: 1 })
    expect(await served.call('POST', `/api/imports/${id}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'undo_begun' },
    })
  })

  test('leaves alone what was touched since, and says why', async () => {
    await imported('Email,City,Company\nedited@since.org,Rome,Acme\n')
    const { id } = await imported(
      'Email,City,Company\nedited@since.org,Lima,Initech\nfresh@since.org,Lima,Initech\nseen@since.org,Lima,\nnoted@since.org,Lima,\n',
    )
    const edited = (await lead('edited@since.org'))!
    const noted = (await lead('noted@since.org'))!
    await served.call('PATCH', `/api/leads/${edited.id}`, { city: 'Cairo' })
    await served.call('PATCH', `/api/leads/${(await lead('fresh@since.org'))!.id}`, { city: 'Cairo' })
    await served.call('POST', `/api/leads/${noted.id}/notes`, { body: 'Called.' })
    await served.post('/v1/identify', {
      userId: 'seen',
      traits: { email: 'seen@since.org' },
      messageId: 'seen-1',
    })
    await served.post('/v1/track', { userId: 'seen', event: 'Demo Booked', messageId: 'seen-2' })
    await served.settled()
    const { undo } = await takenBack(id)
    expect(undo).toMatchObject({
      binned: 0,
      restored: 1,
      kept: { changed_since: 2, active_since: 2 },
    })
    expect(undo?.examples).toContainEqual({ leadId: noted.id, reason: 'active_since' })
    const company = await rows(
      served.postgres.db,
      sql`select city, company from leads where id = ${edited.id}`,
    )
    expect(company).toEqual([{ city: 'Cairo', company: 'Acme' }])
    expect(await lead('fresh@since.org')).toMatchObject({ city: 'Cairo' })
  })

  test('of several batches is taken back from its end, so that each value goes back to what stood before the file', async () => {
    await imported('Email,City\nperson0@batches.org,Rome\n')
    const lines = Array.from({ length: 6_000 }, (_, n) => `person${n % 3_000}@batches.org,Town ${n}`)
    const { id } = await imported(`Email,City\n${lines.join('\n')}\n`)
    expect(await lead('person0@batches.org')).toMatchObject({ city: 'Town 3000' })
    const { undo } = await takenBack(id)
    expect(undo).toMatchObject({ status: 'done', binned: 2_999, kept: {} })
    expect(await lead('person0@batches.org')).toMatchObject({ city: 'Rome' })
    const left = await firstRow<{ count: number }>(
      served.postgres.db,
      sql`select count(*)::int as count from import_traces where import_id = ${id}`,
    )
    expect(left).toEqual({ count: 0 })
  })

  test('takes its orders out, but not those that were told of again since', async () => {
    const header = 'Name,Email,Financial Status,Currency,Total,Created at,Lineitem name,Lineitem quantity\n'
    const order = (number: number, status = 'paid') =>
      `#${number},buyer${number}@orders.org,${status},USD,10.00,2024-05-01 10:00:00 +0000,Mug,1\n`
    const { id, counts } = await imported(`${header}${order(1)}${order(2)}${order(3)}`)
    expect(counts).toMatchObject({ created: 3, updated: 0 })
    expect((await imported(`${header}${order(2, 'refunded')}${order(4)}`)).counts).toMatchObject({
      created: 1,
      updated: 1,
    })
    const { undo } = await takenBack(id)
    expect(undo).toMatchObject({ orders: 2, binned: 2, kept: { order_changed_since: 1, active_since: 1 } })
    const numbers = await rows<{ number: string }>(
      served.postgres.db,
      sql`select number from orders where workspace_id = ${by.workspaceId} order by number`,
    )
    expect(numbers.map(({ number }) => number)).toEqual(['#2', '#4'])
    await cleared(id)
    const logged = async (table: 'events' | 'event_quarters', counted: string) => {
      const found = await ask<{ name: string; orders: string; minor: string }>(
        served.services.clickhouse,
        `select name, ${counted} as orders, sum(value_minor) as minor from ${table}
         where workspace_id = {workspace: UUID} and name like 'order_%' group by name having orders > 0 order by name`,
        { workspace: by.workspaceId },
      )
      return found.map(({ name, orders, minor }) => [name, Number(orders), Number(minor)])
    }
    const expected = [
      ['order_completed', 2, 2_000],
      ['order_taken_out', 2, 0],
      ['order_updated', 1, 0],
    ]
    expect(await logged('events', 'count()')).toEqual(expected)
    expect(await logged('event_quarters', 'sum(events)')).toEqual(expected)
    const active = await rows(
      served.postgres.db,
      sql`select l.email from lead_activity a join leads l on l.id = a.lead_id where l.email like '%@orders.org' order by 1`,
    )
    expect(active).toEqual([{ email: 'buyer2@orders.org' }, { email: 'buyer4@orders.org' }])
  })

  test('leaves the log as if it had never told of its orders, though the clearing breaks off', async () => {
    const lines = Array.from(
      { length: 90 },
      (_, n) => `#b${n},broken${n}@orders.org,paid,EUR,1.00,2024-05-01 10:00:00 +0000,Mug,1`,
    )
    const header = 'Name,Email,Financial Status,Currency,Total,Created at,Lineitem name,Lineitem quantity'
    const { id } = await imported([header, ...lines].join('\n'))
    const told = await imported([header, ...lines.slice(0, 50)].join('\n'))
    expect(told.counts).toMatchObject({ updated: 50 })
    await undoImport(served.services, by, id)
    const reactions = { unmerged: () => Promise.resolve(), relogged: () => Promise.reject(new Error('dies')) }
    await until(id, ({ undo }) => undo?.status !== 'running')
    await served.settled()
    await clearOrders(served.services, reactions, id, undefined).catch(() => undefined)
    await cleared(id)
    const [left] = await ask<{ events: string; summed: string }>(
      served.services.clickhouse,
      `select (select count() from events where workspace_id = {w:UUID} and name = 'order_completed' and currency = 'EUR') as events,
              (select sum(events) from event_quarters where workspace_id = {w:UUID} and name = 'order_completed' and currency = 'EUR') as summed`,
      { w: by.workspaceId },
    )
    expect([Number(left?.events), Number(left?.summed)]).toEqual([50, 50])
  })

  test('frees the address that it gave to a lead, so that it speaks for nobody', async () => {
    await imported('Email,Phone,Last name\n,+46701112299,Free\n')
    const { id } = await imported('Email,Phone,Last name\nfree.person@gmail.com,+46701112299,Free\n')
    const owned = async () =>
      rows(served.postgres.db, sql`select lead_id from identifiers where value = 'freeperson@gmail.com'`)
    expect(await owned()).toHaveLength(1)
    expect((await takenBack(id)).undo).toMatchObject({ restored: 1, kept: {} })
    expect(await owned()).toEqual([])
    expect(await lead('free.person@gmail.com')).toBeUndefined()
  })

  test('is refused while it runs and where nothing is known to take back', async () => {
    const id = await upload('Email\nwaiting@undo.org\n')
    expect(await served.call('POST', `/api/imports/${id}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'import_running' },
    })
    const nothing = await imported('Email\nnot an address\n')
    expect(await served.call('POST', `/api/imports/${nothing.id}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'undo_too_late' },
    })
  })
})

test('what an import wrote over in a lead is forgotten when the lead is erased, and the rest can still be taken back', async () => {
  await imported('Email,City\nerased@traces.org,Rome\nkept@traces.org,Rome\n')
  const { id } = await imported('Email,City\nerased@traces.org,Lima\nkept@traces.org,Lima\n')
  const erased = (await lead('erased@traces.org'))!
  expect(await served.call('POST', `/api/leads/${erased.id}/erase`)).toMatchObject({ status: 200 })
  const traces = await rows(
    served.postgres.db,
    sql`select changes from import_traces where import_id = ${id} and changes like ${`%${erased.id}%`}`,
  )
  expect(traces).toEqual([])
  expect((await takenBack(id)).undo).toMatchObject({ restored: 1, kept: {} })
  expect(await lead('kept@traces.org')).toMatchObject({ city: 'Rome' })
})

test('nothing of all this is logged as an error', () => expect(served.errors).toEqual([]))
