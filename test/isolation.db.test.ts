// Every declared endpoint, asked by nobody, by roles that may not, and with another workspace's ids: refused, and nothing told.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  createApiKey,
  createWorkspace,
  acceptInvitation,
  inviteMember,
  roles,
} from '../src/accounts/contract.ts'
import { keyPermissions, rolePermissions } from '../src/accounts/contract.ts'
import type { Permission, Role } from '../src/accounts/contract.ts'
import { liveEventsPath } from '../src/events/contract.ts'
import type { Endpoint } from '../src/lib/endpoint.ts'
import { ask as askLog } from '../src/platform/clickhouse.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { ask, basic, serve } from './deployment.ts'
import type { Reply, Served } from './deployment.ts'
import { idsInPath, idsInQuery, namesIds, sampleOf } from './samples.ts'

/** What stands in every text of the other workspace, and in nothing of ours. */
const MARK = 'zqrival'
/** how a browser says that the app's own page asks */
const BROWSER = { 'sec-fetch-site': 'same-origin' }

let served: Served
let endpoints: Endpoint[]
/** headers of a member of our workspace alone, by role, in a session and as a program */
const sessions = new Map<Role, Record<string, string>>()
const programs = new Map<Role, Record<string, string>>()
let rival: { id: string; slug: string; teamId: string }
let ownLead: string
/** ids of the other workspace, by what they are of */
let foreign: [kind: string, id: string][]

beforeAll(async () => {
  served = await serve()
  endpoints = served.app.api.endpoints
  await join()
  await openRival()
  await served.post('/v1/identify', { userId: 'own', traits: { email: 'own@shop.example' } })
  await served.settled()
  const [lead] = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where email = 'own@shop.example'`,
  )
  ownLead = lead!.id
  foreign = await foreignIds()
})
afterAll(() => served.stop())

async function join(): Promise<void> {
  for (const role of roles.filter((one) => one !== 'owner')) {
    const invited = await served.call('POST', inviteMember.path, { role })
    const token = String(invited.body.link).split('#')[1]
    const account = { email: `${role}@shop.example`, name: role, password: 'correct horse battery' }
    const joined = await ask(served.url + acceptInvitation.path, 'POST', { token, account }, BROWSER)
    expect(joined.status, joined.text).toBe(200)
    const cookie = [joined.headers['set-cookie'] ?? []]
      .flat()
      .map((line) => line.split(';')[0])
      .join('; ')
    sessions.set(role, { cookie, ...BROWSER })
  }
  for (const role of roles) {
    const made = await served.call('POST', createApiKey.path, { name: role, role })
    programs.set(role, { authorization: `Bearer ${String(made.body.key)}` })
  }
}

// A workspace of another team with something of everything in it.
async function openRival(): Promise<void> {
  const made = await served.call('POST', createWorkspace.path, { name: MARK, timeZone: 'Europe/Berlin' })
  const live = made.body.live as { id: string; slug: string }
  const [team] = await rows<{ team_id: string }>(
    served.services.db,
    sql`select team_id from workspaces where id = ${live.id}`,
  )
  rival = { ...live, teamId: team!.team_id }
  const as = { 'x-workspace': rival.slug }
  const keys = await served.call('GET', '/api/write-keys', undefined, as)
  const writeKey = (keys.body.items as { key: string }[])[0]!.key
  const batch = [
    {
      type: 'identify',
      anonymousId: `${MARK}-a`,
      userId: MARK,
      traits: { email: `${MARK}@rival.example`, firstName: MARK },
    },
    { type: 'identify', userId: `${MARK}-2`, traits: { email: `${MARK}2@rival.example`, lastName: MARK } },
    { type: 'track', userId: MARK, event: `${MARK} Happened`, properties: { text: MARK } },
    {
      type: 'track',
      userId: MARK,
      event: 'Order Completed',
      properties: { order_id: MARK, total: 5, currency: 'EUR' },
    },
    { type: 'track', event: `${MARK} Refused` },
  ]
  await served.post('/v1/batch', { batch }, { authorization: basic(writeKey) })
  await served.settled()
  const [lead] = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where workspace_id = ${rival.id} order by id limit 1`,
  )
  await served.call('POST', `/api/leads/${lead!.id}/notes`, { body: MARK }, as)
  await served.call('POST', inviteMember.path, { role: 'analyst', email: `${MARK}@rival.example` }, as)
  await served.call('POST', createApiKey.path, { name: MARK, role: 'analyst' }, as)
  const csv = `Email,First Name\n${MARK}3@rival.example,${MARK}\nnobody,${MARK}\n`
  const query = `fileName=${MARK}.csv`
  const upload = await served.call('POST', `/api/lead-sources/csv/import?${query}`, csv, {
    ...as,
    'content-type': 'text/csv',
  })
  expect(upload.status, upload.text).toBe(202)
  const imports = () =>
    rows(served.services.db, sql`select status from imports where workspace_id = ${rival.id}`)
  await vi.waitFor(async () => expect(await imports()).toEqual([{ status: 'done' }]), { timeout: 20_000 })
  await served.settled()
}

interface Table {
  name: string
  scope: 'workspace_id' | 'team_id'
}

async function tables(): Promise<Table[]> {
  return rows<Table>(
    served.services.db,
    sql`select table_name as name, min(column_name) as scope from information_schema.columns
        join information_schema.tables using (table_schema, table_name)
        where table_schema = 'public' and column_name in ('workspace_id', 'team_id') and table_type = 'BASE TABLE'
          and table_name !~ '^inbox_[0-9]'
        group by table_name order by table_name`,
  )
}

const scopeOf = ({ scope }: Table) =>
  sql`${sql.ref(scope)} = ${scope === 'team_id' ? rival.teamId : rival.id}`

// Up to two ids of each table of the other workspace; new tables come by themselves.
async function foreignIds(): Promise<[string, string][]> {
  const ids: [string, string][] = [['workspaces', rival.id]]
  for (const table of await tables()) {
    const columns = await rows<{ name: string }>(
      served.services.db,
      sql`select column_name as name from information_schema.columns
          where table_schema = 'public' and table_name = ${table.name} and column_name in ('id', 'user_id') and data_type = 'uuid'`,
    )
    for (const { name } of columns) {
      const found = await rows<{ id: string }>(
        served.services.db,
        sql`select ${sql.ref(name)} as id from ${sql.table(table.name)} where ${scopeOf(table)} order by 1 desc limit 2`,
      )
      ids.push(...found.map(({ id }): [string, string] => [table.name, id]))
    }
  }
  return ids
}

// All that the other workspace has, as one text: whatever is changed in it changes this.
async function rivalState(): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {}
  for (const table of await tables()) {
    const [row] = await rows<{ count: number; digest: string | null }>(
      served.services.db,
      sql`select count(*)::int as count, md5(string_agg(t::text, '|' order by t::text)) as digest
          from ${sql.table(table.name)} t where ${scopeOf(table)}`,
    )
    state[table.name] = row
  }
  const [log] = await askLog(
    served.services.clickhouse,
    'select count() as events from events where workspace_id = {w:UUID}',
    {
      w: rival.id,
    },
  )
  return { ...state, log }
}

const call = (
  endpoint: Endpoint,
  headers: Record<string, string>,
  slots: Record<string, string> = {},
  body?: unknown,
) => {
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => slots[name] ?? ownLead)
  return ask(served.url + path + (slots['?'] ?? ''), endpoint.method, body, headers)
}

const title = ({ method, path }: Endpoint) => `${method} ${path}`

test('who may call without credentials is a short list, on purpose', () => {
  const open = endpoints.filter((endpoint) => endpoint.access === 'public').map((endpoint) => endpoint.id)
  expect(open.sort()).toEqual(
    [
      'acceptInvitation',
      'answerWithCode',
      'confirmEmail',
      'getInvitation',
      'getReset',
      'getSetup',
      'requestReset',
      'resetPassword',
      'setUp',
      'signIn',
      'signOut',
    ].sort(),
  )
})

test('every other endpoint refuses a caller without credentials, or with wrong ones, with 401', async () => {
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer tl_live_nonsense' },
    { authorization: 'Basic eDp5' },
    { cookie: 'session=x.y' },
  ]
  const answers: Record<string, number[]> = {}
  const guarded = endpoints.filter((endpoint) => endpoint.access !== 'public')
  for (const endpoint of guarded) {
    answers[title(endpoint)] = []
    for (const headers of wrong) answers[title(endpoint)]!.push((await call(endpoint, headers)).status)
  }
  expect(answers).toEqual(
    Object.fromEntries(guarded.map((endpoint) => [title(endpoint), wrong.map(() => 401)])),
  )
  expect((await ask(served.url + liveEventsPath, 'GET')).status).toBe(401)
})

test('a role that lacks the permission of an endpoint is refused with 403, in a session and as a program', async () => {
  const refused: string[] = []
  const expected: string[] = []
  for (const endpoint of endpoints) {
    const { access } = endpoint
    for (const role of roles) {
      const permission = typeof access === 'object' ? (access.permission as Permission) : undefined
      const mayNot = {
        session: permission !== undefined && !rolePermissions[role].includes(permission),
        program:
          access === 'signed_in' ||
          (permission !== undefined && !keyPermissions(role, null).includes(permission)),
      }
      for (const [how, headers] of [
        ['session', sessions.get(role)],
        ['program', programs.get(role)],
      ] as const) {
        if (!headers || !mayNot[how]) continue
        const name = `${title(endpoint)} by ${role} (${how})`
        expected.push(name)
        const reply = await call(endpoint, headers)
        if (reply.status === 403 && /^(permission_missing|session_required)$/.test(String(reply.body.code)))
          refused.push(name)
      }
    }
  }
  expect(refused).toEqual(expected)
  expect(expected.length).toBeGreaterThan(40)
})

test('no endpoint opens another workspace by its name or its id', async () => {
  const opened: string[] = []
  for (const endpoint of endpoints.filter((one) => one.access !== 'public' && one.access !== 'signed_in')) {
    for (const asked of [rival.slug, rival.id]) {
      for (const headers of [sessions.get('admin')!, programs.get('owner')!]) {
        const reply = await call(endpoint, { ...headers, 'x-workspace': asked })
        // 403 where a key may not do it anywhere.
        if (![403, 404].includes(reply.status)) opened.push(`${title(endpoint)}: ${reply.status}`)
      }
    }
  }
  expect(opened).toEqual([])
  const live = await ask(
    `${served.url}${liveEventsPath}?workspace=${rival.slug}`,
    'GET',
    undefined,
    sessions.get('admin'),
  )
  expect(live.status).toBe(404)
})

test('what may be listed of ours tells nothing of another workspace', async () => {
  for (const endpoint of endpoints) {
    if (endpoint.method !== 'GET' || endpoint.path.includes(':') || endpoint.access === 'public') continue
    for (const headers of [sessions.get('admin')!, programs.get('admin')!]) {
      const reply = await call(endpoint, headers)
      expect(reply.status, reply.text).toBeLessThan(500)
      expect(tells(reply, []), title(endpoint)).toEqual([])
    }
  }
})

test('ids of another workspace, in the path, the query or the body, are as good as none', async () => {
  const kinds = foreign.map(([kind]) => kind)
  expect(kinds).toEqual(
    expect.arrayContaining([
      'api_keys',
      'imports',
      'inbox',
      'invitations',
      'leads',
      'notes',
      'orders',
      'write_keys',
    ]),
  )
  const before = await rivalState()
  const breaches: string[] = []
  let calls = 0
  for (const endpoint of endpoints) {
    const inPath = idsInPath(endpoint, ownLead)
    const hasBodyId = endpoint.body !== undefined && endpoint.access !== 'public'
    for (const [kind, id] of foreign) {
      const body = endpoint.body && sampleOf(endpoint.body, id)
      for (const slot of inPath) {
        const reply = await call(endpoint, sessions.get('admin')!, { [slot]: id }, body)
        calls++
        if (![401, 403, 404].includes(reply.status)) {
          breaches.push(
            `${title(endpoint)} with ${slot} of ${kind}: ${reply.status} ${reply.text.slice(0, 300)}`,
          )
        }
      }
      if (inPath.length === 0 && hasBodyId && namesIds(endpoint.body!)) {
        for (const variant of [
          sampleOf(endpoint.body!, id),
          sampleOf(endpoint.body!, id, { firstId: ownLead }),
        ]) {
          const reply = await call(endpoint, sessions.get('admin')!, {}, variant)
          calls++
          const told = tells(reply, [id])
          if (reply.status >= 500 || told.length > 0)
            breaches.push(
              `${title(endpoint)} with an id of ${kind}: ${reply.status} ${reply.text.slice(0, 300)}`,
            )
        }
      }
      for (const name of idsInQuery(endpoint, ownLead)) {
        const reply = await call(endpoint, sessions.get('admin')!, { '?': `?${name}=${id}` })
        calls++
        const told = tells(reply, [id])
        if (reply.status >= 500 || told.length > 0)
          breaches.push(`${title(endpoint)} with ${name} of ${kind}: ${told.join()}`)
      }
    }
  }
  expect(breaches).toEqual([])
  expect(calls).toBeGreaterThan(200)
  expect(await rivalState()).toEqual(before)
  expect(served.errors).toEqual([])
})

/** What a reply tells of the other workspace, apart from what the caller said. */
function tells(reply: Reply, said: string[]): string[] {
  const known = foreign.filter(([kind]) => kind !== 'members').map(([, id]) => id)
  return [MARK, rival.id, ...known].filter((text) => !said.includes(text) && reply.text.includes(text))
}
