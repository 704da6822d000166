// Values that a builder offers of a field, from the copy of the leads and written as a lead has them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { factsLine } from './fact-row.ts'
import { newLeadRow } from './record.ts'
import type { LeadRow } from './record.ts'
import { insertLeadRows } from './store.ts'
import { insertFacts } from './store/lead-facts.ts'
import { suggestValues } from './suggest.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const workspaceId = newId<WorkspaceId>()

let postgres: Postgres
let clickhouse: ClickHouse
beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 2 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  await run(postgres.db, sql`insert into teams (id, name) values (${workspaceId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${workspaceId}, ${workspaceId}, 'live', 'Shop', 'shop')`,
  )
  await run(
    postgres.db,
    sql`insert into custom_fields (workspace_id, key, label, type) values (${workspaceId}, 'plan', 'Plan', 'text')`,
  )
  const lead = (given: Partial<LeadRow>): LeadRow => ({
    ...newLeadRow({ id: newId(), workspaceId, source: 'manual', at: now, now, isKnown: true }),
    ...given,
  })
  const leads = [
    lead({ company: 'Müller GmbH', tags: ['vip', 'Wholesale'], fields: { plan: 'Gold' } }),
    lead({ company: 'Müller GmbH', tags: ['vip'], fields: { plan: 'gold' } }),
    lead({ company: 'ACME', country: 'DE' }),
    lead({ company: 'Binned', status: 'binned' }),
  ]
  await insertLeadRows(postgres.db, leads)
  await insertFacts(
    clickhouse,
    leads.map((record) => factsLine({ record, consents: {}, activity: undefined, orders: undefined }, 1)),
  )
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))

const values = (fact: string, search = '') =>
  suggestValues({ db: postgres.db, clickhouse }, workspaceId, { fact, search })

test('values come with how many leads have them, as one of these leads writes them', async () => {
  expect(await values('company')).toEqual({
    items: [
      { value: 'Müller GmbH', count: 2 },
      { value: 'ACME', count: 1 },
    ],
  })
  expect(await values('company', 'MÜLL')).toEqual({ items: [{ value: 'Müller GmbH', count: 2 }] })
  expect((await values('fields.plan')).items).toMatchObject([{ count: 2 }])
  expect((await values('fields.plan')).items[0]?.value.toLowerCase()).toBe('gold')
})

test('tags are offered one by one, choices to the letter, and what has no values is refused', async () => {
  expect(await values('tags')).toEqual({
    items: [
      { value: 'vip', count: 2 },
      { value: 'Wholesale', count: 1 },
    ],
  })
  expect(await values('country', 'd')).toEqual({ items: [{ value: 'DE', count: 1 }] })
  await expect(values('createdAt')).rejects.toMatchObject({ code: 'fact_unknown' })
  await expect(values('fields.nope')).rejects.toMatchObject({ code: 'fact_unknown' })
})
