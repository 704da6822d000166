// The list of leads on the real database: every lead on exactly one page, whatever the sort; only those that are asked for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { listLeads as endpoint } from './contract.ts'
import { recordSorts } from './store/list.ts'
import { listFacets, listLeads } from './list.ts'
import { newLeadRow } from './record.ts'
import type { LeadRow } from './record.ts'
import { insertLeadRows } from './store.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const workspaceId = newId<WorkspaceId>()
const otherWorkspaceId = newId<WorkspaceId>()

let postgres: Postgres
beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 4 })
  await makeWorkspace(workspaceId)
})
afterAll(() => postgres.close())

const list = (query: Record<string, unknown>, workspace: string = workspaceId) =>
  listLeads(postgres.db, workspace, endpoint.query!.parse(query), now)

const labels = async (query: Record<string, unknown>) => (await list(query)).items.map((lead) => lead.label)

// Filters by date ask for its time zone.
async function makeWorkspace(id: string): Promise<void> {
  await run(postgres.db, sql`insert into teams (id, name) values (${id}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${id}, ${id}, 'live', 'Shop', ${id})`,
  )
}

function lead(given: Partial<LeadRow>): LeadRow {
  const made = newLeadRow({ id: newId(), workspaceId, source: 'manual', at: now, now, isKnown: true })
  return { ...made, ...given }
}

async function seen(leadId: string, at: string, events: number): Promise<void> {
  await run(
    postgres.db,
    sql`insert into lead_activity (lead_id, workspace_id, version, first_seen_at, last_seen_at, event_count, session_count, state)
        values (${leadId}, ${workspaceId}, 1, ${at}, ${at}, ${events}, 1, '{}')`,
  )
}

describe('pages of leads', () => {
  const ids: string[] = []
  beforeAll(async () => {
    // Many equal values and many missing ones, so that ties and the step from the last value to none are crossed by pages.
    const leads = Array.from({ length: 61 }, (_, i) =>
      lead({
        first_name: i % 4 === 0 ? null : ['Émile', 'emil', 'Zoë', 'Ann'][i % 3]!,
        email: i % 3 === 0 ? null : `p${i % 9}@example.com`,
        created_at: new Date(now.getTime() - (i % 5) * 1000).toISOString(),
      }),
    )
    await insertLeadRows(postgres.db, leads)
    await insertLeadRows(postgres.db, [
      { ...lead({ first_name: 'Foreign' }), workspace_id: otherWorkspaceId },
    ])
    for (const [i, { id }] of leads.entries()) {
      ids.push(id)
      if (i % 3 !== 1) await seen(id, new Date(now.getTime() - (i % 7) * 60_000).toISOString(), i % 4)
    }
  })

  const cases = recordSorts.flatMap((sort) =>
    (['asc', 'desc'] as const).flatMap((order) =>
      [undefined, { fact: 'source', op: 'is', value: 'manual' }].map(
        (filter) => [sort, order, filter] as const,
      ),
    ),
  )
  test.each(cases)('show every lead once, sorted by %s %s, filtered by %j', async (sort, order, filter) => {
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await list({
        sort,
        order,
        cursor,
        limit: 7,
        ...(filter ? { filter: JSON.stringify(filter) } : {}),
      })
      expect(page).toMatchObject({ total: 61, totalIsExact: true })
      found.push(...page.items.map((item) => item.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(found).toHaveLength(61)
    expect([...found].sort()).toEqual([...ids].sort())
    const whole = await list({ sort, order, limit: 200 })
    expect(whole.items.map((item) => item.id)).toEqual(found)
    if (sort === 'eventCount') return
    const values = whole.items.map((item) => (sort === 'name' ? item.firstName : item[sort]))
    expect(values.slice(values.indexOf(null)).every((value) => value === null)).toBe(values.includes(null))
  })

  test('stand through leads that come in between', async () => {
    const first = await list({ sort: 'createdAt', order: 'desc', limit: 20 })
    const fresh = lead({ created_at: new Date(now.getTime() + 60_000).toISOString() })
    await insertLeadRows(postgres.db, [fresh])
    const second = await list({ sort: 'createdAt', order: 'desc', limit: 200, cursor: first.nextCursor })
    await run(postgres.db, sql`delete from leads where id = ${fresh.id}`)
    const both = [...first.items, ...second.items].map((item) => item.id)
    expect(new Set(both).size).toBe(61)
  })

  test.each([
    ['of another sort', { sort: 'email', order: 'desc' }],
    ['of another order', { sort: 'createdAt', order: 'asc' }],
  ])('refuse a cursor %s', async (_what, change) => {
    const { nextCursor } = await list({ sort: 'createdAt', order: 'desc', limit: 2 })
    await expect(list({ ...change, cursor: nextCursor })).rejects.toMatchObject({
      code: 'cursor_invalid',
      status: 400,
    })
  })

  test('refuse a cursor that somebody made up', async () => {
    const made = (value: unknown) =>
      Buffer.from(JSON.stringify(['createdAt', 'desc', value, newId(), 5, true])).toString('base64url')
    for (const cursor of ['x', '%%%', made("'; drop table leads"), made('2026-99-99T00:00:00Z'), made(5)]) {
      await expect(list({ sort: 'createdAt', cursor })).rejects.toBeInstanceOf(Refusal)
    }
  })

  test('count no further than 10,000', async () => {
    const many = newId()
    await makeWorkspace(many)
    await run(
      postgres.db,
      sql`insert into leads (id, workspace_id, is_known, first_name, source, created_at, updated_at)
          select gen_random_uuid(), ${many}, true, 'Ann', 'manual', ${now}, ${now} from generate_series(1, 10050)`,
    )
    for (const query of [
      {},
      { search: 'ann' },
      { filter: JSON.stringify({ fact: 'firstName', op: 'is', value: 'ann' }) },
    ]) {
      const page = await list({ ...query, sort: 'createdAt', limit: 200 }, many)
      expect(page).toMatchObject({ total: 10_000, totalIsExact: false })
      expect(page.items).toHaveLength(200)
      const next = await list({ ...query, sort: 'createdAt', limit: 200, cursor: page.nextCursor }, many)
      expect(new Set([...page.items, ...next.items].map((item) => item.id)).size).toBe(400)
    }
  })
})

describe('the list of leads', () => {
  beforeAll(async () => {
    await run(postgres.db, sql`delete from leads`)
    await run(postgres.db, sql`delete from lead_activity`)
    const merged = lead({ first_name: 'Merged', status: 'merged' })
    await insertLeadRows(postgres.db, [
      lead({
        first_name: 'Jane',
        last_name: 'Döring',
        email: 'jane@shop.example',
        phone: '+493012345678',
        tags: ['vip'],
        country: 'DE',
      }),
      lead({
        first_name: '100%',
        last_name: "O'Hara; drop table leads",
        company: 'a_b \\ c',
        fields: { plan: 'gold' },
      }),
      lead({
        first_name: 'Binned',
        status: 'binned',
        binned_at: now.toISOString(),
        tags: ['old'],
        country: 'AT',
      }),
      lead({ id: newId(), is_known: false, source: 'tracking' }),
      { ...merged, merged_into: newId() },
      {
        ...lead({ first_name: 'Jane', last_name: 'Elsewhere', tags: ['theirs'] }),
        workspace_id: otherWorkspaceId,
      },
    ])
    await run(
      postgres.db,
      sql`insert into custom_fields (workspace_id, key, label, type) values (${workspaceId}, 'plan', 'Plan', 'text')`,
    )
  })

  test('holds the active known leads of its own workspace, and others only where they are asked for', async () => {
    expect((await labels({ sort: 'name', order: 'asc' })).sort()).toEqual([
      "100% O'Hara; drop table leads",
      'Jane Döring',
    ])
    expect(await labels({ status: 'binned' })).toEqual(['Binned'])
    expect((await list({ audience: 'anonymous' })).items).toMatchObject([
      { isKnown: false, source: 'tracking' },
    ])
    expect((await list({ audience: 'all' })).total).toBe(3)
  })

  test.each([
    ['jane döring', ['Jane Döring']],
    ['DÖRING', ['Jane Döring']],
    ['jane@shop.example', ['Jane Döring']],
    ['Jane@shop.ex', ['Jane Döring']],
    ['030 1234-5678', []],
    ['30 1234-5678', ['Jane Döring']],
    ['0%', ["100% O'Hara; drop table leads"]],
    ['a_b \\', ["100% O'Hara; drop table leads"]],
    ['_b', ["100% O'Hara; drop table leads"]],
    ["'; drop table leads; --", []],
    ["o'hara; drop", ["100% O'Hara; drop table leads"]],
    ['nobody', []],
  ])('finds by part of a name, address, phone or company: %s', async (search, found) => {
    expect(await labels({ search })).toEqual(found)
  })

  test('is filtered by standing and custom fields, and refuses one that does not exist', async () => {
    const filtered = (condition: unknown) => labels({ filter: JSON.stringify(condition) })
    expect(await filtered({ fact: 'tags', op: 'has_any', value: ['vip'] })).toEqual(['Jane Döring'])
    expect(await filtered({ fact: 'fields.plan', op: 'is', value: 'GOLD' })).toEqual([
      "100% O'Hara; drop table leads",
    ])
    await expect(filtered({ fact: 'fields.nope', op: 'is_set' })).rejects.toMatchObject({
      code: 'fact_unknown',
    })
  })

  test('offers as filters only what active leads of the workspace have', async () => {
    expect(await listFacets(postgres.db, workspaceId)).toEqual({
      tags: ['vip'],
      sources: ['manual', 'tracking'],
      countries: ['DE'],
      customFields: [{ key: 'plan', label: 'Plan', type: 'text' }],
      archivedFields: [],
    })
  })
})
