// Leads over HTTP: what a request may say, what is refused before anything happens, and that all of it is described.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import { createLog } from '../platform/log.ts'
import { openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { createApi } from '../platform/server.ts'
import type { Api } from '../platform/server.ts'
import { readSettings } from '../platform/settings.ts'
import type { Lead } from './contract.ts'
import { leadRoutes } from './routes.ts'

const workspaceId = newId<WorkspaceId>()
const teamId = newId()
const away = openClickHouse('http://u:p@127.0.0.1:9/none')

let postgres: Postgres
let api: Api
beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 4 })
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${workspaceId}, ${teamId}, 'live', 'Shop', 'shop')`,
  )
  const log = createLog('silent')
  const caller = { actor: `key:${newId()}`, userId: undefined, role: 'marketer', workspaceId, teamId }
  api = await createApi({ log, db: postgres.db, trustProxy: false, authorise: () => Promise.resolve(caller) })
  const services = {
    db: postgres.db,
    clickhouse: away,
    clock: () => new Date(),
    settings: readSettings({}),
    secretKey: Buffer.alloc(32, 7),
    log,
  }
  leadRoutes(api, services, {
    merged: () => Promise.resolve(),
    unmerged: () => Promise.resolve(),
    erased: () => Promise.resolve(),
  })
  await api.raw.ready()
})
afterAll(async () => {
  await api.raw.close()
  await Promise.all([postgres.close(), away.close()])
})

async function ask<Reply>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
): Promise<{ status: number; reply: Reply }> {
  const response = await api.raw.inject({ method, url, ...(body ? { payload: body } : {}) })
  return { status: response.statusCode, reply: response.json<Reply>() }
}

const filtered = (filter: unknown) =>
  `/api/leads?filter=${encodeURIComponent(typeof filter === 'string' ? filter : JSON.stringify(filter))}`

describe('leads over HTTP', () => {
  let lead: Lead
  beforeAll(async () => {
    const created = await ask<Lead>('POST', '/api/leads', {
      email: 'jane@shop.example',
      firstName: 'Jane',
      country: 'DE',
      tags: ['vip'],
    })
    expect(created).toMatchObject({ status: 201, reply: { source: 'api', label: 'Jane' } })
    lead = created.reply
  })

  test('are found by filters that a query string carries', async () => {
    const condition = {
      and: [
        { fact: 'tags', op: 'has_any', value: ['vip'] },
        { not: { fact: 'country', op: 'is', value: 'AT' } },
      ],
    }
    expect(await ask('GET', filtered(condition))).toMatchObject({
      status: 200,
      reply: { total: 1, items: [{ id: lead.id }] },
    })
    expect(await ask('GET', '/api/leads?search=jan&sort=name&order=asc&limit=1')).toMatchObject({
      reply: { total: 1, nextCursor: null },
    })
  })

  test.each([
    ['a filter that is no JSON', filtered('{'), 'request_invalid'],
    ['a filter that is no condition', filtered({ fact: 'tags', op: 'resembles' }), 'request_invalid'],
    ['an unknown field', filtered({ fact: 'shoeSize', op: 'is_set' }), 'fact_unknown'],
    ['a NUL in a filter', filtered(String.raw`{"fact":"city","op":"is","value":"a\u0000"}`), 'value_unfit'],
    [
      'half a surrogate pair in a filter',
      filtered(String.raw`{"fact":"city","op":"is","value":"\ud800"}`),
      'value_unfit',
    ],
    ['a NUL in a search', '/api/leads?search=%00', 'text_malformed'],
    ['a sort that there is not', '/api/leads?sort=shoeSize', 'request_invalid'],
    ['a limit out of bounds', '/api/leads?limit=100000', 'request_invalid'],
    ['an id that is none', '/api/leads/1', 'request_invalid'],
    ['a made-up cursor', '/api/leads?cursor=abc', 'cursor_invalid'],
  ])('refuse %s with 400', async (_what, url, code) => {
    expect(await ask('GET', url)).toMatchObject({ status: 400, reply: { code } })
  })

  test('answer an outdated edit with 409 and the revision that stands', async () => {
    const edited = await ask<Lead>('PATCH', `/api/leads/${lead.id}`, {
      city: 'Bonn',
      revision: lead.revision,
    })
    expect(edited.status).toBe(200)
    expect(
      await ask('PATCH', `/api/leads/${lead.id}`, { city: 'Köln', revision: lead.revision }),
    ).toMatchObject({
      status: 409,
      reply: { code: 'revision_outdated', revision: edited.reply.revision },
    })
  })

  test('are shown with all that stands around them, and not found under an id that is nobody', async () => {
    const shown = await ask('GET', `/api/leads/${lead.id}`)
    expect(shown).toMatchObject({
      status: 200,
      reply: { identifiers: [{ kind: 'email' }], orders: { count: 0, revenue: [] }, mergedLeads: [] },
    })
    expect(await ask('GET', `/api/leads/${newId()}`)).toMatchObject({
      status: 404,
      reply: { code: 'lead_missing' },
    })
    expect(await ask('GET', '/api/leads/facets')).toMatchObject({ status: 200, reply: { tags: ['vip'] } })
    expect(await ask('GET', '/api/leads/duplicates')).toMatchObject({ status: 200, reply: { items: [] } })
  })

  test('say with 503 that the timeline waits for the event log, while notes and consents are there', async () => {
    expect(await ask('GET', `/api/leads/${lead.id}/timeline`)).toMatchObject({
      status: 503,
      reply: { code: 'log_unreachable' },
    })
    const note = await ask<{ id: string }>('POST', `/api/leads/${lead.id}/notes`, { body: 'called' })
    expect(note.status).toBe(201)
    expect(await ask('DELETE', `/api/leads/${lead.id}/notes/${note.reply.id}`)).toMatchObject({
      status: 200,
      reply: { removed: true },
    })
    const act = { purpose: 'analytics', state: 'denied', proof: 'by letter' }
    expect(await ask('POST', `/api/leads/${lead.id}/consent`, act)).toMatchObject({
      status: 201,
      reply: { tookEffect: true },
    })
    expect(await ask('GET', `/api/leads/${lead.id}/consent`)).toMatchObject({
      reply: { items: [{ state: 'denied' }] },
    })
  })

  test('are all described in the OpenAPI document', async () => {
    const { reply } = await ask<{ paths: Record<string, unknown> }>('GET', '/api/openapi.json')
    expect(Object.keys(reply.paths)).toEqual(
      expect.arrayContaining([
        '/api/leads',
        '/api/leads/{id}',
        '/api/leads/{id}/timeline',
        '/api/leads/merge',
      ]),
    )
  })
})
