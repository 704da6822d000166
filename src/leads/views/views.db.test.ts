// Saved views on the real database: whose they are, who may change them, and with which the list opens.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { inTransaction, openPostgres, run, sql } from '../../platform/postgres.ts'
import type { Db, Postgres } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { createView as endpoint } from './contract.ts'
import { createView, forgetInViews, listViews, removeView, setDefaultView, updateView } from './index.ts'

const workspaceId = newId<WorkspaceId>()
const member = (role: string, workspace = workspaceId): Caller => {
  const userId = newId()
  return { actor: `user:${userId}`, userId, role, workspaceId: workspace, teamId: newId() }
}
const mia = member('marketer')
const max = member('marketer')
const ada = member('admin')
const ana = member('analyst')
const stranger = member('owner', newId<WorkspaceId>())

let postgres: Postgres
const world = {
  get db(): Db {
    return postgres.db
  },
  clock: () => new Date('2026-06-30T12:00:00.000Z'),
}
beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 4 })
  const teamId = newId()
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${workspaceId}, ${teamId}, 'live', 'Shop', 'shop')`,
  )
})
afterAll(() => postgres.close())
beforeEach(() => run(postgres.db, sql`delete from saved_views`))

const save = (caller: Caller, wish: Record<string, unknown> = {}) =>
  createView(world, caller, endpoint.body!.parse({ name: 'Customers', question: {}, ...wish }))
const names = async (caller: Caller) => (await listViews(world, caller)).items.map(({ name }) => name)

test('a view is seen by who saved it, a shared one by the workspace and nobody else', async () => {
  await save(mia)
  await save(mia, { name: 'all of us', isShared: true })
  expect(await names(mia)).toEqual(['all of us', 'Customers'])
  expect(await names(max)).toEqual(['all of us'])
  expect(await names(stranger)).toEqual([])
})

test('a view keeps its question, order and columns word for word', async () => {
  const filter = JSON.stringify({ and: [{ fact: 'city', op: 'is', value: 'Köln' }] })
  const wish = {
    question: { search: 'ann', sort: 'email', order: 'asc', filter },
    columns: ['email', 'fields.plan'],
  }
  const view = await save(mia, wish)
  const [found] = (await listViews(world, mia)).items
  expect(found).toEqual(view)
  expect(found).toMatchObject({ ...wish, question: { ...wish.question, audience: 'known' } })
})

test('a view may ask for whatever the list answers: events, orders and consents too', async () => {
  const filter = JSON.stringify({
    or: [
      { event: 'order_completed', op: 'did_not' },
      { fact: 'revenue', op: 'at_least', value: 100 },
      { fact: 'consent.email_marketing', op: 'allowed' },
    ],
  })
  const { id } = await save(mia, { question: { filter } })
  const changed = await updateView(world, mia, id, {
    question: { ...endpoint.body!.parse({ name: 'x', question: { filter } }).question },
  })
  expect(changed.question.filter).toBe(filter)
})

test('a filter that asks for what is not there is refused', async () => {
  await expect(
    save(mia, { question: { filter: '{"fact":"shoe","op":"is","value":"4"}' } }),
  ).rejects.toMatchObject({
    code: 'fact_unknown',
  })
})

test('a shared view is changed by who saved it and by admins; by others only where it is open', async () => {
  const { id } = await save(mia, { isShared: true })
  await expect(updateView(world, max, id, { name: 'Mine now' })).rejects.toMatchObject({
    code: 'view_foreign',
  })
  await expect(removeView(world, max, id)).rejects.toMatchObject({ code: 'view_foreign' })
  expect(await updateView(world, ada, id, { isOpen: true })).toMatchObject({ isOpen: true, mayEdit: true })
  expect(await updateView(world, max, id, { name: 'Ours' })).toMatchObject({ name: 'Ours' })
  await expect(updateView(world, ana, id, { name: 'No' })).rejects.toMatchObject({ code: 'view_foreign' })
  await expect(updateView(world, stranger, id, { name: 'No' })).rejects.toMatchObject({ status: 404 })
})

test('who may only read keeps views, and shares none', async () => {
  expect(await save(ana)).toMatchObject({ mayEdit: true })
  await expect(save(ana, { isShared: true })).rejects.toMatchObject({ code: 'view_private' })
})

test('the list opens with one view per member, until it is taken away', async () => {
  const shared = await save(mia, { name: 'Shared', isShared: true })
  const own = await save(max, { name: 'Own' })
  await setDefaultView(world, max, own.id)
  await setDefaultView(world, max, shared.id)
  const defaults = async (caller: Caller) =>
    (await listViews(world, caller)).items.filter(({ isDefault }) => isDefault).map(({ name }) => name)
  expect(await defaults(max)).toEqual(['Shared'])
  expect(await defaults(mia)).toEqual([])
  await expect(setDefaultView(world, mia, own.id)).rejects.toMatchObject({ status: 404 })
  await updateView(world, mia, shared.id, { isShared: false })
  expect(await defaults(max)).toEqual([])
})

test('a view that names an erased person keeps its filter without them, and finds nobody more', async () => {
  const named = (value: string) =>
    JSON.stringify({
      or: [
        { fact: 'email', op: 'is', value },
        { fact: 'email', op: 'is', value: 'other@shop.example' },
        { fact: 'city', op: 'contains', value: 'value' },
      ],
    })
  const question = { filter: named('Ann+1@Shop.example'), search: 'ann+1@shop.example' }
  await save(mia, { name: 'Ann+1@shop.example', question })
  await save(max, { question: { filter: named('annn1@shop.example') } })
  const kept = (await listViews(world, max)).items
  const gone = ['ann+1@shop.example', 'value', 'email']
  await inTransaction(postgres.db, async (tx) => {
    await forgetInViews(tx, stranger.workspaceId, gone)
    await forgetInViews(tx, workspaceId, gone.slice(0, 1))
  })
  expect((await listViews(world, mia)).items).toMatchObject([
    { name: 'erased', question: { filter: named('erased'), search: 'erased', audience: 'known' } },
  ])
  expect((await listViews(world, max)).items).toEqual(kept)
  await inTransaction(postgres.db, (tx) => forgetInViews(tx, workspaceId, gone))
  expect((await listViews(world, max)).items[0]?.question.filter).toBe(
    named('annn1@shop.example').replace('"value":"value"', '"value":"erased"'),
  )
})
