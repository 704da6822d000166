// Consent by purpose on both real stores: each count is the list behind it, and nobody counts as allowed who is not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { openClickHouse } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { openPostgres, rows, run, sql } from '../../platform/postgres.ts'
import type { Postgres } from '../../platform/postgres.ts'
import { effectiveConsent } from '../consent.ts'
import { listLeads as listEndpoint, purposes } from '../contract.ts'
import type { Purpose } from '../contract.ts'
import { feedLeadFacts } from '../fact-feed.ts'
import { listLeads } from '../list.ts'
import { getConsentPurpose, listConsentActs, listConsentPurposes } from './index.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const workspaceId = newId<WorkspaceId>()
const strangers = newId<WorkspaceId>()
/** What silence means in each; the first is the one that most tests are about. */
const shops: [what: string, id: WorkspaceId, defaults: Record<string, 'granted' | 'denied'>][] = [
  ['the defaults of the product', workspaceId, {}],
  ['every country taken as a yes but one', strangers, { DE: 'denied', '*': 'granted' }],
  ['every country taken as a no but one', newId<WorkspaceId>(), { DE: 'granted', '*': 'denied' }],
]

let postgres: Postgres
let clickhouse: ClickHouse
const world = {
  get db() {
    return postgres.db
  },
  get clickhouse() {
    return clickhouse
  },
  clock: () => now,
}

interface Person {
  id: string
  email: string | null
  phone: string | null
  country: string | null
  consents: Partial<Record<Purpose, 'granted' | 'denied'>>
}

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  for (const [slug, id, consentDefaults] of shops) {
    const teamId = newId()
    await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
    await run(
      postgres.db,
      sql`insert into workspaces (id, team_id, mode, name, slug, settings)
          values (${id}, ${teamId}, 'live', 'Shop', ${slug}, ${JSON.stringify({ consentDefaults })}::jsonb)`,
    )
    // Every third has no e-mail, every second no phone; each state of each purpose meets each country.
    await run(
      postgres.db,
      sql`insert into leads (id, workspace_id, is_known, first_name, email, phone, country, source, created_at, updated_at)
          select gen_random_uuid(), ${id}, n % 2 = 0, 'Person ' || n, case when n % 3 > 0 then 'p' || n || '@example.com' end,
            case when n % 2 > 0 then '+4930' || (1000000 + n) end,
            (array['DE', 'US', 'CH', 'BR', 'XXL', null])[1 + (n / 9) % 6], 'import', ${now}, ${now}
          from generate_series(1, 324) n`,
    )
  }
  for (const [at, purpose] of purposes.entries()) {
    await run(
      postgres.db,
      sql`insert into consents (workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at)
          select workspace_id, id, ${purpose}, (array['granted', 'denied'])[(n + ${at}) % 3], 'import',
            '{"column": "Opt-in"}', null, ${now}::timestamptz - make_interval(mins => n)
          from (select *, substr(first_name, 8)::int as n from leads) l where (n + ${at}) % 3 > 0`,
    )
  }
  // Out of every count: in the bin, and part of another lead.
  await run(
    postgres.db,
    sql`update leads set status = 'binned', binned_at = ${now} where workspace_id = ${workspaceId} and first_name = 'Person 4'`,
  )
  await run(
    postgres.db,
    sql`update leads set status = 'merged', merged_into = (
          select id from leads where workspace_id = ${workspaceId} and first_name = 'Person 6')
        where workspace_id = ${workspaceId} and first_name = 'Person 5'`,
  )
  while ((await feedLeadFacts(world, 'live')) || (await feedLeadFacts(world, 'bulk')));
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))

async function people(id = workspaceId): Promise<Person[]> {
  return rows<Person>(
    postgres.db,
    sql`select l.id, l.email, l.phone, l.country,
          coalesce((select json_object_agg(c.purpose, c.state) from consents c where c.lead_id = l.id), '{}') as consents
        from leads l where l.workspace_id = ${id} and l.status = 'active'`,
  )
}

/** How many leads the list finds under a filter. */
async function listed(filter: string): Promise<number> {
  const query = listEndpoint.query!.parse({ filter, audience: 'all', limit: '1' })
  return (await listLeads(postgres.db, workspaceId, query, now, clickhouse)).total
}

describe.each(shops)('under %s', (_what, id, defaults) => {
  test.each(purposes)(
    '%s counts as allowed whoever the rules of consent allow, and nobody else',
    async (purpose) => {
      const found = await getConsentPurpose(world, id, purpose)
      const address = { email_marketing: 'email', sms_marketing: 'phone' } as const
      const needs = purpose in address ? address[purpose as keyof typeof address] : undefined
      const all = await people(id)
      const allowed = all.filter(({ consents, country, ...person }) => {
        const state = consents[purpose]
        const { effective } = effectiveConsent(state && { state }, purpose, country, defaults)
        return effective === 'granted' && (needs === undefined || person[needs] !== null)
      })
      expect(found.leads).toBe(all.length)
      expect(found.allowed.count).toBe(allowed.length)
      expect(found.allowed.count + found.withheld.count).toBe(all.length)
      expect(found.reasons.reduce((sum, { count }) => sum + count, 0)).toBe(found.withheld.count)
      expect(found.granted.count + found.denied.count + found.unknown.count).toBe(all.length)
    },
  )

  test('what silence means by country is said as the rules of consent have it', async () => {
    const { silence, unknown, reasons } = await getConsentPurpose(world, id, 'analytics')
    expect(silence.reduce((sum, { count }) => sum + count, 0)).toBe(unknown.count)
    for (const { country, effective, because } of silence)
      expect({ effective, because }).toEqual(effectiveConsent(undefined, 'analytics', country, defaults))
    const withheld = silence.filter(({ effective }) => effective === 'denied')
    expect(withheld.reduce((sum, { count }) => sum + count, 0)).toBe(
      reasons.find(({ reason }) => reason === 'unknown')?.count,
    )
  })
})

test.each(purposes)('of %s each count is that of the lead list under its filter', async (purpose) => {
  const found = await getConsentPurpose(world, workspaceId, purpose)
  const groups = [found.granted, found.denied, found.unknown, found.allowed, found.withheld]
  for (const { count, filter } of [...groups, ...found.reasons, ...found.silence])
    expect({ filter, count: await listed(filter) }).toEqual({ filter, count })
})

test('the overview says of each purpose what its own page says', async () => {
  const { items, leads, isPartial } = await listConsentPurposes(world, workspaceId)
  expect(isPartial).toBe(false)
  expect(items.map(({ purpose }) => purpose)).toEqual(purposes)
  for (const item of items) {
    const own = await getConsentPurpose(world, workspaceId, item.purpose)
    expect(own).toMatchObject({ ...item, leads })
  }
})

test('silence is never a yes for messages, whatever the settings say', async () => {
  const { silence, reasons } = await getConsentPurpose(world, strangers, 'email_marketing')
  expect(silence).toEqual([])
  expect(reasons.map(({ reason }) => reason)).toEqual(['no_email', 'denied', 'unknown'])
  const silent = (await people(strangers)).filter(({ email, consents }) => email && !consents.email_marketing)
  expect(reasons.at(-1)?.count).toBe(silent.length)
})

test('who is in the bin and whose address was erased is told apart from the leads', async () => {
  await run(
    postgres.db,
    sql`insert into suppressions (workspace_id, kind, hash, erased_at) values
        (${workspaceId}, 3, ${newId()}, ${now}), (${workspaceId}, 5, ${newId()}, ${now}), (${strangers}, 3, ${newId()}, ${now})`,
  )
  const keptOut = async (purpose: Purpose) => (await getConsentPurpose(world, workspaceId, purpose)).keptOut
  expect(await keptOut('email_marketing')).toEqual({ binned: 1, erased: 1 })
  expect(await keptOut('analytics')).toEqual({ binned: 1, erased: 2 })
})

describe('the acts behind a purpose', () => {
  test('are those that stand for active leads of the workspace, as many as it counts', async () => {
    const { sources } = await listConsentActs(postgres.db, workspaceId, 'email_marketing')
    const { granted, denied } = await getConsentPurpose(world, workspaceId, 'email_marketing')
    expect(sources).toEqual([{ source: 'import', via: null, granted: granted.count, denied: denied.count }])
  })

  test('are shown newest first, with proof and who recorded them, and a merged one with where it came from', async () => {
    const [one, other] = await people()
    const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
    const act = (lead: Person, source: string, proof: object, at: Date) =>
      run(
        postgres.db,
        sql`insert into consents (workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at)
          values (${workspaceId}, ${lead.id}, 'sms_marketing', 'granted', ${source}, ${JSON.stringify(proof)}::jsonb, ${at}, ${at})
          on conflict (lead_id, purpose) do update set source = excluded.source, proof = excluded.proof, state = 'granted',
            acted_at = excluded.acted_at, recorded_at = excluded.recorded_at`,
      )
    await act(one!, 'merge', { originalSource: 'tracker', event: 'Consent Changed' }, later(1))
    await act(other!, 'user', { statement: 'by letter' }, later(2))
    await run(
      postgres.db,
      sql`insert into consent_history (id, workspace_id, lead_id, purpose, state, source, actor, recorded_at, took_effect)
          values (${newId()}, ${workspaceId}, ${other!.id}, 'sms_marketing', 'granted', 'user', 'user:ann', ${later(2)}, true)`,
    )
    const { sources, newest } = await listConsentActs(postgres.db, workspaceId, 'sms_marketing')
    expect(newest.slice(0, 2)).toMatchObject([
      { leadId: other!.id, source: 'user', actor: 'user:ann', proof: { statement: 'by letter' } },
      { leadId: one!.id, source: 'merge', actor: null },
    ])
    expect(newest).toHaveLength(20)
    expect(sources).toContainEqual({ source: 'tracker', via: 'event', granted: 1, denied: 0 })
  })
})
