// Notices in the whole product: who is hot and who goes cold, dismissed for the team, back when it happens anew, forgotten with the lead.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { serve } from '../../test/deployment.ts'
import type { Reply, Served } from '../../test/deployment.ts'
import { newId } from '../lib/ids.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import { listNotices } from './contract.ts'
import type { Notice } from './contract.ts'
import { listNotices as listAt } from './index.ts'

const DAY_MS = 86_400_000
let served: Served

beforeAll(async () => {
  served = await serve()
}, 60_000)
afterAll(() => served.stop())

async function understood(): Promise<void> {
  await served.settled()
  await vi.waitFor(
    async () =>
      expect(await rows(served.services.db, sql`select 1 from lead_facts_owed limit 1`)).toEqual([]),
    { timeout: 20_000 },
  )
}

async function did(email: string, events: string[], daysAgo = 0): Promise<string> {
  const timestamp = new Date(Date.now() - daysAgo * DAY_MS).toISOString()
  const base = { userId: email, timestamp, sentAt: new Date().toISOString() }
  await served.post('/v1/identify', { ...base, traits: { email, title: 'CEO' } })
  for (const event of events) await served.post('/v1/track', { ...base, event, messageId: newId() })
  await understood()
  const [found] = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where email = ${email} and status = 'active'`,
  )
  return found!.id
}

async function notices(
  query = '',
): Promise<{ items: Notice[]; totals: Record<string, number>; others: number }> {
  const reply = await served.call('GET', `/api/notices${query}`)
  expect(reply.status, reply.text).toBe(200)
  return listNotices.reply!.parse(reply.body)
}

const of = (items: Notice[], kind: string) => items.filter((one) => one.kind === kind)

const say = (what: string, body: Record<string, unknown>): Promise<Reply> =>
  served.call('POST', `/api/notices/${what}`, body)

const HOT = ['Demo Requested', 'Meeting Booked', 'Checkout Started']

test('a lead that turned hot is told of with its score, dismissed for the team, and back when it turns hot anew', async () => {
  const id = await did('ada@engines.example', HOT)
  const { items, totals } = await notices()
  const [hot] = of(items, 'hot_lead')
  expect(hot).toMatchObject({ subject: id, ownerId: null, lead: { email: 'ada@engines.example' } })
  expect(hot!.lead!.score).toBeGreaterThan(70)
  expect(totals.hot_lead).toBe(1)
  const { kind, subject, happenedAt } = hot!
  expect((await say('dismiss', { kind, subject, happenedAt })).status).toBe(200)
  const after = await notices()
  expect(of(after.items, 'hot_lead')).toEqual([])
  expect(after).toMatchObject({ totals: { hot_lead: 0 }, others: 1 })
  expect((await notices('?state=dismissed')).items).toMatchObject([
    { subject: id, dismissed: { by: expect.stringMatching(/^user:/) as string } },
  ])
  // It goes on: that it turned hot is no news.
  await did('ada@engines.example', ['Demo Requested'])
  expect(of((await notices()).items, 'hot_lead')).toEqual([])
  // Silence cools it, and it turns hot again: as its history then tells.
  await run(
    served.services.db,
    sql`update notice_answers set dismissed_through = dismissed_through - interval '1 hour' where subject = ${id}`,
  )
  expect(of((await notices()).items, 'hot_lead')).toMatchObject([{ subject: id }])
  await say('dismiss', { kind, subject, happenedAt })
  await say('restore', { kind, subject })
  expect(of((await notices()).items, 'hot_lead')).toHaveLength(1)
})

test('a lead that wanted something and fell silent goes cold, until it does something', async () => {
  const id = await did('ben@engines.example', ['Demo Requested'], 20)
  const [cold] = of((await notices()).items, 'cold_lead')
  expect(cold).toMatchObject({ subject: id })
  const silentSince = Date.parse(cold!.happenedAt)
  expect(Math.abs(silentSince - (Date.now() - 6 * DAY_MS))).toBeLessThan(60_000)
  const later = { ...served.services, clock: () => new Date(Date.now() + 60 * DAY_MS) }
  const asked = { state: 'open', limit: 8 } as const
  expect(
    of((await listAt(later, served.workspaceId, asked)).items, 'cold_lead').map((one) => one.subject),
  ).not.toContain(id)
  await did('ben@engines.example', ['Page Viewed'])
  expect(of((await notices()).items, 'cold_lead')).toEqual([])
})

test('a notice is given to a member: a lead’s becomes its owner, any other has an owner of its own', async () => {
  const members = (await served.call('GET', '/api/members')).body.items as { userId: string }[]
  const ownerId = members[0]!.userId
  const [hot] = of((await notices()).items, 'hot_lead')
  expect((await say('assign', { kind: 'hot_lead', subject: hot!.subject, ownerId })).status).toBe(200)
  expect((await served.call('GET', `/api/leads/${hot!.subject}`)).body).toMatchObject({ ownerId })
  await run(
    served.services.db,
    sql`insert into imports (id, workspace_id, kind, file_name, status, encoding, delimiter, header_row, mapping, error, created_by, created_at, finished_at)
        values (${newId()}, ${served.workspaceId}, 'contacts', 'people.csv', 'failed', 'utf-8', ',', 1, '{}', 'The file ends early.', 'user:x', now(), now())`,
  )
  await understood()
  const [failed] = of((await notices()).items, 'failed_import')
  expect(failed).toMatchObject({ about: 'people.csv: The file ends early.', ownerId: null })
  await say('assign', { kind: 'failed_import', subject: failed!.subject, ownerId })
  const mine = await notices(`?owner=${ownerId}`)
  expect(mine.items.map(({ kind }) => kind)).toEqual(['hot_lead', 'failed_import'])
  expect((await notices('?owner=nobody')).items.map(({ kind }) => kind)).not.toContain('failed_import')
  const stranger = await say('assign', { kind: 'failed_import', subject: failed!.subject, ownerId: newId() })
  expect(stranger).toMatchObject({ status: 400, body: { code: 'owner_unknown' } })
})

test('a lead of nobody’s, and a notice that none could be, are refused', async () => {
  const happenedAt = new Date().toISOString()
  expect((await say('dismiss', { kind: 'hot_lead', subject: newId(), happenedAt })).status).toBe(404)
  expect((await say('dismiss', { kind: 'hot_lead', subject: '', happenedAt })).status).toBe(400)
  expect((await say('dismiss', { kind: 'failed_import', subject: newId(), happenedAt })).status).toBe(404)
})

test('an erased lead leaves no notice and no answer behind', async () => {
  const [hot] = of((await notices()).items, 'hot_lead')
  const { kind, subject, happenedAt } = hot!
  await say('dismiss', { kind, subject, happenedAt })
  await served.call('POST', `/api/leads/${subject}/erase`)
  await vi.waitFor(
    async () => {
      expect(
        await rows(served.services.db, sql`select 1 from notice_answers where subject = ${subject}`),
      ).toEqual([])
      expect(of((await notices('?state=dismissed')).items, 'hot_lead')).toEqual([])
    },
    { timeout: 20_000 },
  )
})

test('the bell tells what is new to whom it is asked by, an import that is done included, until it was seen', async () => {
  const { db } = served.services
  await run(
    db,
    sql`insert into imports (id, workspace_id, kind, file_name, status, encoding, delimiter, header_row, mapping, created_by, created_at,
          finished_at)
        values (gen_random_uuid(), ${served.workspaceId}, 'contacts', 'fair.csv', 'done', 'utf-8', ',', 1, '{}', 'user:x', now(), now())`,
  )
  type Bell = { unread: number; items: (Notice & { isUnread: boolean })[] }
  const bell = async () => (await served.call('GET', '/api/notices/bell')).body as Bell
  const before = await bell()
  expect(before.items).toContainEqual(
    expect.objectContaining({ kind: 'finished_import', about: 'fair.csv', isUnread: true }),
  )
  expect(before.unread).toBe(before.items.length)
  expect(of((await notices()).items, 'finished_import')).toEqual([])
  expect((await say('seen', { through: before.items[0]!.happenedAt })).status).toBe(200)
  expect(await bell()).toMatchObject({ unread: 0 })
})

test('a failing connection that was dismissed stays away however often it is checked, and is back when it is lost anew', async () => {
  const { db } = served.services
  const id = newId()
  await run(
    db,
    sql`insert into connections (id, workspace_id, connector, name, status, created_by, created_at, updated_at)
        values (${id}, ${served.workspaceId}, 'meta', 'Pixel', 'connected', 'user:x', now(), now())`,
  )
  const lost = async () => of((await notices()).items, 'lost_connection')
  const stand = (status: string) =>
    run(
      db,
      sql`update connections set status = ${status}, problem = 'It refuses', checked_at = now(), last_event_at = now() where id = ${id}`,
    )
  await stand('failing')
  const [told] = await lost()
  expect(told).toMatchObject({ subject: id, about: 'Pixel: It refuses' })
  const { kind, subject, happenedAt } = told!
  await say('dismiss', { kind, subject, happenedAt })
  await stand('failing')
  expect(await lost()).toEqual([])
  await stand('connected')
  await stand('failing')
  expect(await lost()).toMatchObject([{ subject: id }])
})
