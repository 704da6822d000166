// Connections over HTTP and in the database: secrets sealed, standing told in words, tokens refreshed once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import { rows, sql } from '../platform/postgres.ts'
import { connector } from './connector.ts'
import { z } from 'zod'
import { tradeCode } from './oauth.ts'
import type { Tokens } from './oauth.ts'
import { openSecrets, sealSecrets } from './secrets.ts'
import { holdTokens, insertConnection, readConnection } from './store.ts'
import { keepTokens, refreshed } from './tokens.ts'
import { inTransaction } from '../platform/postgres.ts'
import { play } from './exchange.ts'
import type { Exchange } from './exchange.ts'

let sandbox: Sandbox
let served: Served
let twin: Record<string, string>

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  served = await serve({ worker: false, settings: { sandboxUrl: sandbox.url } })
  const me = await served.call('GET', '/api/me')
  const workspaces = me.body.workspaces as { mode: string; slug: string }[]
  twin = { 'x-workspace': workspaces.find(({ mode }) => mode === 'test')!.slug }
})
afterAll(async () => {
  await served.stop()
  await sandbox.close()
})

const META = { datasetId: '2000000000000001', accessToken: 'EAASANDBOXDATASET0000000000000001' }

test('a connection of the test twin is checked against the sandbox, and its secret is sealed and never told', async () => {
  const made = await served.call('POST', '/api/connections', { connector: 'meta', settings: META }, twin)
  expect(made.status, made.text).toBe(201)
  expect(made.body.connection).toMatchObject({
    status: 'connected',
    problem: null,
    isSandbox: true,
    settings: { datasetId: META.datasetId, limitedDataUse: 'when_refused' },
    secrets: ['accessToken'],
  })
  const list = await served.call('GET', '/api/connections', undefined, twin)
  expect((list.body.items as unknown[]).length).toBe(1)
  expect(made.text + JSON.stringify(list.body.items)).not.toContain(META.accessToken)
  const kept = await rows(served.services.db, sql`select to_jsonb(c)::text as row from connections c`)
  expect(JSON.stringify(kept)).not.toContain(META.accessToken)
  const { id } = made.body.connection as { id: string }
  const calls = await served.call('GET', `/api/connections/${id}/calls`, undefined, twin)
  expect((calls.body.items as { status: number }[])[0]!.status).toBe(200)
  expect(calls.text).not.toContain(META.accessToken)
})

test('a token that the vendor does not know leaves a connection that says what to do', async () => {
  const settings = { ...META, accessToken: 'EAAWRONGTOKEN00000000000000000000' }
  const made = await served.call('POST', '/api/connections', { connector: 'meta', settings }, twin)
  const { id, status, problem } = made.body.connection as { id: string; status: string; problem: string }
  expect(status).toBe('reconnect')
  expect(problem).toMatch(/make a new one in Events Manager/)
  const put = await served.call(
    'PATCH',
    `/api/connections/${id}`,
    { settings: { accessToken: META.accessToken } },
    twin,
  )
  expect(put.body.connection).toMatchObject({ status: 'connected', problem: null })
  const gone = await served.call('DELETE', `/api/connections/${id}`, undefined, twin)
  expect(gone.body).toEqual({ disconnected: true })
  expect((await served.call('GET', `/api/connections/${id}`, undefined, twin)).status).toBe(404)
})

test('settings that cannot be right are refused in words, by field', async () => {
  const refused = await served.call('POST', '/api/connections', {
    connector: 'ga4',
    settings: { measurementId: 'UA-1', apiSecret: 'long enough' },
  })
  expect(refused.status).toBe(400)
  expect(refused.body).toMatchObject({
    code: 'settings_invalid',
    detail: 'Measurement id: looks like G-ABC1234567.',
    problems: [{ field: 'measurementId' }],
  })
})

test('an address in a private network is refused where it is entered', async () => {
  for (const serverUrl of ['http://tags.shop.example', 'https://127.0.0.1:8080', 'https://169.254.169.254']) {
    const refused = await served.call('POST', '/api/connections', {
      connector: 'gtm',
      settings: { serverUrl },
    })
    expect(refused.body.code, serverUrl).toBe('address_refused')
  }
})

test('what is done with connections stands in the audit log, without secrets', async () => {
  const log = await served.call('GET', '/api/audit-log', undefined, twin)
  for (const action of ['connection_made', 'connection_changed', 'connection_removed'])
    expect(log.text).toContain(action)
  expect(log.text).not.toContain('EAA')
})

test('a way back from a vendor without a consent that is open is refused', async () => {
  const reply = await served.call('GET', '/api/connections/callback?state=x&code=y')
  expect(reply.body.code).toBe('consent_expired')
})

const club = connector({
  id: 'club',
  name: 'Club',
  summary: 'A vendor with OAuth.',
  initials: 'Cl',
  bases: { api: { variable: 'CLUB_BASE_URL', url: 'https://club.example' } },
  limits: { concurrency: 1 },
  settings: z.object({ clientId: z.string(), clientSecret: z.string() }),
  oauth: {
    authorisePath: '/authorise',
    tokenPath: '/token',
    scopes: ['read'],
    usesPkce: true,
    clientProof: 'body',
    client: ({ clientId, clientSecret }) => ({ id: clientId, secret: clientSecret }),
  },
  *check() {
    yield { method: 'GET', path: '/me' }
    return { ok: true, account: 'club' }
  },
})

const old: Tokens = {
  accessToken: 'old-access',
  expiresAt: '2026-01-01T00:00:00.000Z',
  refreshToken: 'old-refresh',
  refreshExpiresAt: null,
  scopes: ['read'],
}

async function connectedToClub() {
  const id = crypto.randomUUID()
  const { db, secretKey } = served.services
  const kept = { secrets: { clientSecret: 's3cret' }, tokens: old }
  await inTransaction(db, async (tx) => {
    await insertConnection(
      tx,
      {
        id,
        workspaceId: served.workspaceId,
        connector: 'club',
        name: 'Club',
        status: 'connected',
        settings: { clientId: 'c1' },
        sealed: sealSecrets(secretKey, id, kept),
        secretNames: ['clientSecret'],
        createdBy: 'user:1',
      },
      new Date(),
    )
  })
  const row = (await readConnection(db, served.workspaceId, id))!
  await keepTokens(served.services, db, row, kept, old)
  return { row: (await readConnection(db, served.workspaceId, id))!, kept }
}

test('whoever finds a token expired at the same time, the vendor is asked for a new pair once', async () => {
  const { row, kept } = await connectedToClub()
  let asked = 0
  const run = <T>(_given: Readonly<Record<string, unknown>>, exchange: Exchange<T>) => {
    asked++
    const text = JSON.stringify({
      access_token: 'new-access',
      refresh_token: 'new-refresh',
      expires_in: 3600,
    })
    return Promise.resolve(
      play(exchange, () => ({ kind: 'answered', status: 200, headers: {}, text })).result,
    )
  }
  const all = await Promise.all(
    Array.from({ length: 5 }, () => refreshed(served.services, club, row, run, kept)),
  )
  expect(asked).toBe(1)
  for (const one of all)
    expect(one?.tokens).toMatchObject({ accessToken: 'new-access', refreshToken: 'new-refresh' })
  const after = (await readConnection(served.services.db, row.workspaceId, row.id))!
  expect(openSecrets(served.services.secretKey, after).tokens?.refreshToken).toBe('new-refresh')
  expect(openSecrets(served.services.secretKey, after).secrets).toEqual({ clientSecret: 's3cret' })
})

test('whoever changes a connection while its tokens are renewed keeps the new pair', async () => {
  const { db, secretKey } = served.services
  const made = await served.call('POST', '/api/connections', { connector: 'meta', settings: META }, twin)
  const { id } = made.body.connection as { id: string }
  const [{ workspaceId }] = (await rows<{ workspaceId: string }>(
    db,
    sql`select workspace_id as "workspaceId" from connections where id = ${id}`,
  )) as [{ workspaceId: string }]
  const row = (await readConnection(db, workspaceId, id))!
  const fresh = { ...old, accessToken: 'fresh-access', refreshToken: 'fresh-refresh' }
  let renaming: Promise<unknown> = Promise.resolve()
  await inTransaction(db, async (tx) => {
    await holdTokens(tx, id)
    renaming = served.call('PATCH', `/api/connections/${id}`, { name: 'Ours' }, twin)
    await expect
      .poll(() => rows(db, sql`select 1 from pg_locks where locktype = 'advisory' and not granted`), {
        timeout: 10_000,
      })
      .toHaveLength(1)
    await keepTokens(served.services, tx, row, { ...openSecrets(secretKey, row), tokens: fresh }, fresh)
  })
  await renaming
  const after = (await readConnection(db, workspaceId, id))!
  expect(after.name).toBe('Ours')
  expect(openSecrets(secretKey, after).tokens?.refreshToken).toBe('fresh-refresh')
})

test('a refresh token that is gone asks for a person, and one that failed for now does not', async () => {
  const { row, kept } = await connectedToClub()
  const answering =
    (status: number, text: string) =>
    <T>(_given: Readonly<Record<string, unknown>>, exchange: Exchange<T>) =>
      Promise.resolve(play(exchange, () => ({ kind: 'answered', status, headers: {}, text })).result)
  expect(await refreshed(served.services, club, row, answering(503, ''), kept)).toBeNull()
  const read = () => readConnection(served.services.db, row.workspaceId, row.id)
  expect(await read()).toMatchObject({ status: 'connected' })
  expect(
    await refreshed(
      served.services,
      club,
      row,
      answering(400, '{"error":"invalid_grant","error_description":"old-refresh is over"}'),
      kept,
    ),
  ).toBeNull()
  const after = await read()
  expect(after).toMatchObject({ status: 'reconnect', problem: expect.stringMatching(/connect again/) })
  expect(after!.problem).not.toContain('old-refresh')
})

test('the code is traded with the PKCE verifier and the client’s secret in the body', () => {
  const asked = { code: 'c0de', redirectUri: 'https://us.example/back', verifier: 'v3rifier' }
  const { requests } = play(
    tradeCode(club.oauth!, { id: 'c1', secret: 's3cret' }, asked, new Date(0)),
    () => ({ kind: 'answered', status: 200, headers: {}, text: '{}' }),
  )
  expect(requests).toMatchObject([
    {
      method: 'POST',
      path: '/token',
      body: {
        form: {
          grant_type: 'authorization_code',
          code: 'c0de',
          redirect_uri: 'https://us.example/back',
          code_verifier: 'v3rifier',
          client_id: 'c1',
          client_secret: 's3cret',
        },
      },
    },
  ])
})
