// Every route of the OpenAPI document, called by every role, by programs with and without the scope, and by nobody: who is let
// in is what its endpoint declares and the table of roles says. A new route is in the walk by itself.
import { randomUUID } from 'node:crypto'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acceptInvitation,
  createApiKey,
  getMe,
  inviteMember,
  keyPermissions,
  permissions,
  rolePermissions,
  roles,
} from '../src/accounts/contract.ts'
import type { Permission, Role } from '../src/accounts/contract.ts'
import { liveEventsPath } from '../src/events/contract.ts'
import type { Access } from '../src/lib/endpoint.ts'
import { ask, basic, serve } from './deployment.ts'
import type { Served } from './deployment.ts'

interface Operation {
  method: string
  /** with `:name` for its parameters */
  path: string
  /** `write_key`: a tracking call, which takes neither session nor API key */
  access: Access | 'write_key'
}

type Headers = Record<string, string>
const BROWSER = { 'sec-fetch-site': 'same-origin' }
const outcomes = { letIn: 'let in', refused: 'refused', unknown: 'sign in first' } as const

let served: Served
let operations: Operation[]
const people = new Map<Role, Headers>()

beforeAll(async () => {
  served = await serve()
  operations = await documented()
})
afterAll(() => served.stop())

/** Streams are declared by their path alone; everything else by its endpoint. */
const STREAMS: Record<string, Access> = { [liveEventsPath]: { permission: 'events.read' } }

/** What vendors call is signed by them, and a form is filled in by anybody: neither session nor key is taken. */
const OPEN = /^\/api\/(?:shopify|lead-sources)\/(?:\w+\/)?webhook(?:\/|$)|^\/f\/:id(?:\/confirm)?$/

async function documented(): Promise<Operation[]> {
  const { paths } = (await ask(`${served.url}/api/openapi.json`, 'GET')).body as {
    paths: Record<string, Record<string, unknown>>
  }
  const ours = Object.entries(paths).filter(([path]) => !OPEN.test(path))
  return ours.flatMap(([written, methods]) =>
    Object.keys(methods).map((name) => {
      const path = written.replaceAll(/\{(\w+)\}/g, ':$1')
      const method = name.toUpperCase()
      const declared = served.app.api.endpoints.find((one) => one.method === method && one.path === path)
      const access = declared?.access ?? STREAMS[path] ?? (path.startsWith('/v1/') ? 'write_key' : undefined)
      if (access === undefined) {
        throw new Error(`${method} ${path} declares no access: serve it with api.on(endpoint, ...)`)
      }
      return { method, path, access }
    }),
  )
}

/** A session of the role; another person where the last call signed it out, or took it out of the team. */
async function personAs(role: Role): Promise<Headers> {
  const known = people.get(role)
  if (known) {
    const { status, body } = await ask(served.url + getMe.path, 'GET', undefined, known)
    const first = (body.workspaces as { role: Role }[] | undefined)?.[0]
    if (status === 200 && first?.role === role) return known
  }
  const invited = await served.call('POST', inviteMember.path, { role })
  const token = String(invited.body.link).split('#')[1]
  const account = {
    email: `${role}-${randomUUID()}@shop.example`,
    name: role,
    password: 'correct horse battery',
  }
  const joined = await ask(served.url + acceptInvitation.path, 'POST', { token, account }, BROWSER)
  expect(joined.status, joined.text).toBe(200)
  const cookie = [joined.headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';')[0])
    .join('; ')
  const headers = { cookie, ...BROWSER }
  people.set(role, headers)
  return headers
}

async function programWith(role: Role, scopes?: Permission[]): Promise<Headers> {
  const made = await served.call('POST', createApiKey.path, { name: 'walk', role, scopes })
  expect(made.status, made.text).toBe(201)
  return { authorization: `Bearer ${String(made.body.key)}` }
}

/** A tracking call that is in order but for its key, which is looked at last. */
const TRACKED = { type: 'track', userId: 'u', event: 'E', groupId: 'g', previousId: 'p' }

// Without a body and with ids of nothing: who may not is refused before either is looked at.
async function outcomeOf({ method, path, access }: Operation, headers: Headers): Promise<string> {
  const url = served.url + path.replaceAll(/:\w+/g, () => randomUUID())
  const isTracked = access === 'write_key' && method === 'POST'
  const reply = await request(url, {
    method: method as 'GET',
    headers: isTracked ? { ...headers, 'content-type': 'application/json' } : headers,
    body: isTracked ? JSON.stringify({ ...TRACKED, batch: [TRACKED] }) : null,
  })
  const isStream = String(reply.headers['content-type']).startsWith('text/event-stream')
  const text = isStream ? '' : await reply.body.text()
  if (isStream) reply.body.destroy()
  expect(reply.statusCode, `${method} ${path}: ${text}`).toBeLessThan(500)
  if (reply.statusCode === 401) return outcomes.unknown
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? ''
  const isRefused = reply.statusCode === 403 && ['permission_missing', 'session_required'].includes(code)
  return isRefused ? outcomes.refused : outcomes.letIn
}

function expectedFor(access: Operation['access'], granted: readonly Permission[] | 'nobody', isKey: boolean) {
  if (access === 'public') return outcomes.letIn
  if (access === 'write_key' || granted === 'nobody') return outcomes.unknown
  if (access === 'signed_in') return isKey ? outcomes.refused : outcomes.letIn
  return (granted as readonly string[]).includes(access.permission) ? outcomes.letIn : outcomes.refused
}

/** Walks every operation as one caller; both tables are keyed by method and path. */
async function walk(
  headersFor: (operation: Operation) => Promise<Headers>,
  granted: (operation: Operation) => readonly Permission[] | 'nobody',
  isKey = false,
): Promise<void> {
  const found: Record<string, string> = {}
  const expected: Record<string, string> = {}
  for (const operation of operations) {
    const title = `${operation.method} ${operation.path}`
    found[title] = await outcomeOf(operation, await headersFor(operation))
    expected[title] = expectedFor(operation.access, granted(operation), isKey)
  }
  expect(found).toEqual(expected)
  expect(Object.keys(found).length).toBeGreaterThan(80)
}

test('what is served and not in the document is pages, where vendors send browsers back, health and the document itself', () => {
  const known = new Set(operations.map(({ method, path }) => `${method} ${path}`))
  const strays = servedRoutes(served.app.api.raw.printRoutes({ commonPrefix: false }))
    .filter(([method, path]) => method !== 'HEAD' && !known.has(`${method} ${path}`) && !OPEN.test(path))
    .filter(
      ([method, path]) =>
        method !== 'GET' || /^\/(api\/(?!docs|openapi\.json$|[\w-]+\/callback$)|v1\/|mcp)/.test(path),
    )
  expect(strays).toEqual([])
})

test.each(roles)('a session of the role %s may what the table says, and nothing else', async (role) => {
  await walk(
    () => personAs(role),
    () => rolePermissions[role],
  )
})

test('signed out, every route but the public ones asks to sign in', async () => {
  await walk(
    () => Promise.resolve({}),
    () => 'nobody',
  )
})

test.each(roles)(
  'an API key of the role %s without scopes may what the role grants to keys',
  async (role) => {
    const headers = await programWith(role)
    await walk(
      () => Promise.resolve(headers),
      () => keyPermissions(role, null),
      true,
    )
  },
)

test('an API key with one scope is let in where that scope is asked, and nowhere else', async () => {
  const grantable = keyPermissions('owner', null)
  for (const scope of grantable) {
    const headers = await programWith('owner', [scope])
    await walk(
      () => Promise.resolve(headers),
      () => [scope],
      true,
    )
  }
})

test('every permission but those of people alone is asked by some route, so that the table has no dead row', () => {
  const asked = new Set(
    operations.flatMap(({ access }) => (typeof access === 'object' ? [access.permission] : [])),
  )
  expect(permissions.filter((permission) => !asked.has(permission))).toEqual([])
})

test('a write key sends events and reads nothing', async () => {
  const headers = { authorization: basic(served.writeKey) }
  const reading = operations.filter(({ access }) => access !== 'write_key' && access !== 'public')
  for (const operation of reading) {
    expect(await outcomeOf(operation, headers), operation.path).toBe(outcomes.unknown)
  }
})

// `├── api/leads (GET, HEAD)` and, four columns further in, `└── /:id (PATCH)`.
function servedRoutes(printed: string): [method: string, path: string][] {
  const found: [string, string][] = []
  const way: string[] = []
  for (const line of printed.split('\n')) {
    const [, indent = '', part = '', methods = ''] =
      /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (part === '') continue
    way.length = indent.length / 4
    way.push(part)
    const path = way.join('').replace(/^\/\//, '/')
    for (const method of methods.split(', ').filter(Boolean)) found.push([method, path])
  }
  return found
}
