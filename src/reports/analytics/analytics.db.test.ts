// The tabs against functions over plain lists: made-up leads in two parts of the copy, some rows newer than others.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '../../facts.ts'
import { freshDatabase } from '../../../test/stores.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { openClickHouse } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { createLog } from '../../platform/log.ts'
import { openPostgres, run, sql } from '../../platform/postgres.ts'
import type { Postgres } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { readSettings } from '../../platform/settings.ts'
import { countCohorts, retentionAtAge } from '../../projections/journey/cohorts.ts'
import { countFunnel } from '../../projections/journey/funnel.ts'
import { measureVelocity } from '../../projections/journey/velocity.ts'
import { stages } from '../../projections/contract.ts'
import { readCohort } from './cohort.ts'
import {
  analyticsQuery,
  cohortQuery,
  engagementQuery,
  funnelQuery,
  listLeadsBehind,
  reportSchema,
} from './contract.ts'
import type { Behind, Report } from './contract.ts'
import { reportCsv } from './csv.ts'
import { readEngagement } from './engagement.ts'
import { readFunnel } from './funnel.ts'
import { readLeadQuality } from './lead-quality.ts'
import { readLeadsBehind } from './leads.ts'
import { readOverview } from './overview.ts'

const DAY_MS = 86_400_000
const workspaceId = newId<WorkspaceId>()
const otherWorkspaceId = newId<WorkspaceId>()
// Tuesday 30 June, 21:00 in Tokyo.
const now = new Date('2026-06-30T12:00:00.000Z')
const today = now.getTime() / DAY_MS - 0.5

let postgres: Postgres
let clickhouse: ClickHouse
let services: Services

interface Lead {
  id: string
  isKnown: boolean
  country: string
  source: string
  /** whole days before now, by their instant */
  createdDaysAgo: number
  acts: { day: number; name: string; n: number }[]
  orders: { day: number; minor: number }[]
  stays: { stage: number; daysAgo: number }[]
}

const random = seeded(7)
const names = ['page_viewed', 'form_submitted', 'product_added', 'Store visited']
const leads = Array.from({ length: 400 }, made)
/** Amounts that were told when leads became customers. */
const told = new Map(
  leads
    .filter(({ stays }) => stays.some(({ stage }) => stage === 5))
    .slice(0, 30)
    .map(({ id }, place) => [id, 20_000_000 + place]),
)

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 6 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  services = {
    db: postgres.db,
    clickhouse,
    clock: () => now,
    settings: readSettings({ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl }),
    secretKey: Buffer.alloc(32, 7),
    log: createLog('silent'),
  }
  const teamId = newId()
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  for (const [id, mode] of [
    [workspaceId, 'live'],
    [otherWorkspaceId, 'test'],
  ])
    await run(
      postgres.db,
      sql`insert into workspaces (id, team_id, mode, name, slug, time_zone, currency)
          values (${id}, ${teamId}, ${mode}, 'Shop', ${`shop-${mode}`}, 'Asia/Tokyo', 'EUR')`,
    )
  for (const { id } of leads)
    await run(
      postgres.db,
      sql`insert into leads (id, workspace_id, is_known, source, created_at, updated_at) values (${id}, ${workspaceId}, true, 'tracking', ${now}, ${now})`,
    )
  await run(postgres.db, sql`delete from lead_facts_owed`)
  const row = (lead: Lead, version: number, more: Record<string, unknown> = {}) => ({
    workspace_id: workspaceId,
    lead_id: lead.id,
    version,
    state: 'active',
    is_known: lead.isKnown,
    country: lead.country,
    source: lead.source,
    first_channel: 'Email',
    last_channel: 'Direct',
    created_at: instant(lead.createdDaysAgo),
    last_seen_at: lead.acts.length > 0 ? instant(1) : null,
    act_days: lead.acts.map(({ day }) => day),
    act_names: lead.acts.map(({ name }) => name),
    act_counts: lead.acts.map(({ n }) => n),
    visit_days: [...new Set(lead.acts.map(({ day }) => day))],
    visit_channels: [...new Set(lead.acts.map(({ day }) => day))].map(() => 'Direct'),
    visit_counts: [...new Set(lead.acts.map(({ day }) => day))].map(() => 1),
    act_months: [...new Set(lead.acts.map(({ day }) => monthOf(day)))].sort((a, b) => a - b),
    order_days: lead.orders.map(({ day }) => day),
    order_minor: lead.orders.map(({ minor }) => minor),
    order_currencies: lead.orders.map(() => 'EUR'),
    order_count: lead.orders.length,
    stage: stages[lead.stays.at(-1)!.stage],
    stay_stages: lead.stays.map(({ stage }) => stage),
    stay_since: lead.stays.map(({ daysAgo }) => (now.getTime() - daysAgo * DAY_MS) / 1000),
    ...more,
  })
  const insert = (values: unknown[]) =>
    clickhouse.insert({ table: 'lead_facts', values, format: 'JSONEachRow' })
  const moved = (version: number, amount: number | null) =>
    [...told].map(([lead_id, minor], place) => ({
      workspace_id: workspaceId,
      lead_id,
      place: 1,
      version,
      is_removed: 0,
      at: instant(place),
      to_stage: 'customer',
      amount_minor: amount ?? minor,
      currency: 'EUR',
    }))
  // What was told first was corrected.
  await clickhouse.insert({
    table: 'stage_moves',
    values: [...moved(1, 1), ...moved(2, null)],
    format: 'JSONEachRow',
  })
  // The largest part has the oldest rows of some leads and, of one, the newest.
  await insert([row(leads[1]!, 0, { act_counts: [], act_days: [], act_names: [], country: 'YY' })])
  await insert(
    leads.map((lead, place) =>
      row(lead, 1, place % 10 === 0 ? { act_counts: [], act_days: [], act_names: [], country: 'XX' } : {}),
    ),
  )
  // Every tenth as it is now, in a part of its own; and leads that count nowhere.
  await insert([
    ...leads.filter((_, place) => place % 10 === 0).map((lead) => row(lead, 2)),
    row({ ...made(), id: newId() }, 2, { state: 'gone' }),
    row({ ...made(), id: newId() }, 2, { state: 'binned' }),
    row({ ...made(), id: newId() }, 2, { workspace_id: otherWorkspaceId }),
  ])
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))

const table = (report: Report, id: string) => report.tables.find((one) => one.id === id)!
const cards = (report: Report) =>
  Object.fromEntries(report.cards.map(({ id, now, before }) => [id, [now, before]]))
const query = (asked: object) => ({ ...listLeadsBehind.query!.parse({ of: 'new' }), ...asked })

/** Everybody, asked in a way that sums over all cannot answer. */
const filtered = { filter: JSON.stringify({ not: { fact: 'country', op: 'is', value: 'ZZ' } }) }

describe('the overview', () => {
  test('counts people, orders and revenue of the range and of the one before', async () => {
    const report = reportSchema.parse(
      await readOverview(services, workspaceId, analyticsQuery.parse({ range: '30', ...filtered })),
    )
    const span = (from: number, to: number) => (day: number) => day >= from && day <= to
    const [inNow, inBefore] = [span(today - 29, today), span(today - 59, today - 30)]
    const counted = [inNow, inBefore].map((is) => ({
      newLeads: leads.filter((lead) => is(today - lead.createdDaysAgo)).length,
      activeLeads: leads.filter(({ acts }) => acts.some(({ day }) => is(day))).length,
      orders: leads.flatMap(({ orders }) => orders).filter(({ day }) => is(day)).length,
      revenue: leads
        .flatMap(({ orders }) => orders)
        .reduce((sum, { day, minor }) => (is(day) ? sum + minor : sum), 0),
    }))
    expect(cards(report)).toMatchObject({
      newLeads: counted.map(({ newLeads }) => newLeads),
      activeLeads: counted.map(({ activeLeads }) => activeLeads),
      orders: counted.map(({ orders }) => orders),
      revenue_EUR: counted.map(({ revenue }) => revenue),
    })
    const rows = table(report, 'timeline').rows
    expect(rows).toHaveLength(30)
    expect(rows.reduce((sum, { values }) => sum + Number(values.orders), 0)).toBe(counted[0]!.orders)
    expect(rows.at(-1)).toMatchObject({ values: { on: '2026-06-30' }, isPartial: true })
    expect(report.range).toMatchObject({ fromOn: '2026-06-01', beforeFromOn: '2026-05-02', isOpen: true })
  })

  test('leaves out whom the filters leave out', async () => {
    const asked = analyticsQuery.parse({ range: '365', source: 'import', audience: 'known' })
    const report = await readOverview(services, workspaceId, asked)
    const fit = leads.filter(({ source, isKnown }) => source === 'import' && isKnown)
    expect(cards(report).newLeads![0]).toBe(fit.filter((lead) => lead.createdDaysAgo < 365).length)
  })
})

test('engagement sums acts by type, each under the day on which it was', async () => {
  const report = await readEngagement(
    services,
    workspaceId,
    engagementQuery.parse({ range: '90', ...filtered }),
  )
  for (const name of names) {
    const counted = leads
      .flatMap(({ acts }) => acts)
      .reduce((sum, act) => (act.name === name && act.day > today - 90 ? sum + act.n : sum), 0)
    const row = table(report, 'types').rows.find(({ behind }) => behind?.acts?.value === name)
    expect([name, row?.values.acts]).toEqual([name, counted])
  }
  const others = await readLeadsBehind(
    services,
    workspaceId,
    query({ range: '90', of: 'acted', value: 'kind:action' }),
  )
  const visitors = leads.filter(({ acts }) =>
    acts.some(({ day, name }) => name === 'Store visited' && day > today - 90),
  )
  expect(others.total).toBe(visitors.length)
  const [first] = table(report, 'top').rows
  const most = Math.max(
    ...leads.map(({ acts }) => acts.reduce((sum, { day, n }) => (day > today - 90 ? sum + n : sum), 0)),
  )
  expect(first?.values.acts).toBe(most)
})

describe('the funnel', () => {
  test.each(['passed', 'strict'] as const)(
    'counts %s stages as the function over plain lists does',
    async (order) => {
      const asked = funnelQuery.parse({ range: '365', within: '60', order, audience: 'all' })
      const report = await readFunnel(services, workspaceId, asked)
      const came = leads.filter(({ stays }) => stays[0]!.daysAgo < 364.9)
      const counted = countFunnel(
        came.map(({ stays }) => ({
          entries: stays.map(({ stage, daysAgo }) => ({ step: stage, at: now.getTime() - daysAgo * DAY_MS })),
        })),
        stages.length,
        now.getTime(),
        { windowDays: 60, isStrict: order === 'strict' },
      )
      expect(
        table(report, 'stages').rows.map(({ values }) => [
          values.reached,
          values.dropped ?? 0,
          values.open ?? 0,
          values.skipped ?? 0,
        ]),
      ).toEqual(
        counted.steps.map(({ entered, droppedOff, stillOpen, skipped }) => [
          entered,
          droppedOff,
          stillOpen,
          order === 'strict' ? expect.anything() : skipped,
        ]),
      )
    },
  )

  test.each(['calendar', 'business'] as const)(
    'times stages in %s days as the function over plain lists does, open stays included',
    async (days) => {
      const report = await readFunnel(
        services,
        workspaceId,
        funnelQuery.parse({ from: '2025-01-01', audience: 'all', days }),
      )
      const stays = leads.flatMap(({ id, stays: own }) =>
        own.map(({ stage, daysAgo }, place) => ({
          personId: id,
          stage: stages[stage]!,
          enteredAt: now.getTime() - daysAgo * DAY_MS,
          leftAt: place + 1 < own.length ? now.getTime() - own[place + 1]!.daysAgo * DAY_MS : null,
        })),
      )
      const measured = measureVelocity(stays, now.getTime(), { days, timeZone: 'Asia/Tokyo' })
      const byStage = new Map(measured.stages.map((one) => [one.stage, one]))
      for (const { values } of table(report, 'time').rows) {
        const expected = byStage.get(String(values.stage))
        const near = (found: number | null | undefined) =>
          found ? expect.closeTo(found, 9) : (found ?? null)
        const median = expected?.survivalMedianDays ?? null
        expect(values).toMatchObject({
          ended: expected?.completed ?? 0,
          open: expected?.open ?? 0,
          median: near(expected?.medianDays),
          p75: near(expected?.p75Days),
          p90: near(expected?.p90Days),
          // Known to the day: these leads moved at one time of the day, whose parts business days count.
          medianOfAll: median === null ? null : Math.floor(median + 1e-9),
        })
      }
    },
  )

  test('says how old those are of whom it tells', async () => {
    const report = await readFunnel(
      services,
      workspaceId,
      funnelQuery.parse({ range: '30', audience: 'all' }),
    )
    const came = leads.filter(({ stays }) => stays[0]!.daysAgo < 29.9).map(({ stays }) => stays[0]!.daysAgo)
    expect(table(report, 'stages').about).toContain(
      `They came in ${Math.min(...came)} to ${Math.max(...came)} days ago; ${came.length} of ${came.length} have had less time`,
    )
  })

  test('tells what the pipeline brings in a day, from what its leads did', async () => {
    const asked = funnelQuery.parse({ range: '365', audience: 'all' })
    const report = await readFunnel(services, workspaceId, asked)
    const [row] = table(report, 'pipeline').rows
    const [opportunity, customer] = [stages.indexOf('opportunity'), stages.indexOf('customer')]
    const deals = leads.flatMap(({ id, stays, orders }) => {
      const first = stays.findIndex(({ stage }) => stage === opportunity)
      if (first === -1 || stays[first]!.daysAgo > 364) return []
      const won = stays.slice(first).find(({ stage }) => stage === customer)
      const until = won && today - won.daysAgo
      const ordered = orders.reduce(
        (sum, { day, minor }) =>
          until !== undefined && day >= today - stays[first]!.daysAgo && day <= until ? sum + minor : sum,
        0,
      )
      return {
        isOpen: stays.at(-1)!.stage === opportunity,
        isWon: won !== undefined,
        worth: ordered > 0 ? ordered : (told.get(id) ?? 0),
      }
    })
    const decided = deals.filter(({ isOpen }) => !isOpen)
    const won = decided.filter(({ isWon }) => isWon)
    const valued = won.filter(({ worth }) => worth > 0)
    const mean = valued.reduce((sum, { worth }) => sum + worth, 0) / valued.length
    const open = leads.filter(({ stays }) => stays.at(-1)!.stage === opportunity).length
    expect(valued.length).toBeGreaterThan(3)
    expect(won.some(({ worth }) => worth > 10_000_000)).toBe(true)
    expect(row!.values).toMatchObject({
      open,
      won: won.length,
      lost: decided.length - won.length,
      winRate: expect.closeTo(won.length / decided.length, 12),
      mean: Math.round(mean),
    })
    const days = Number(row!.values.medianOfAll)
    const time = table(report, 'time').rows.find(({ values }) => values.stage === 'opportunity')
    expect(days).toBe(time!.values.medianOfAll)
    const perDay = Math.round((open * (won.length / decided.length) * mean) / days)
    expect(row!.values.perDay).toBe(perDay)
    expect(report.cards.find(({ id }) => id === 'pipeline')?.now).toBe(perDay)
    for (const of of ['won', 'lost'] as const) {
      const listed = await readLeadsBehind(
        services,
        workspaceId,
        query({ range: '365', audience: 'all', of }),
      )
      expect([of, listed.total]).toEqual([of, row!.values[of]])
    }
  })

  test('leaves out a stay that has not begun yet, and says so', async () => {
    const [late] = leads
    await clickhouse.insert({
      table: 'lead_facts',
      format: 'JSONEachRow',
      values: [
        {
          workspace_id: otherWorkspaceId,
          lead_id: late!.id,
          version: 9,
          state: 'active',
          is_known: true,
          stage: 'contacted',
          stay_stages: [0, 1],
          stay_since: [now.getTime() / 1000 - 86_400, now.getTime() / 1000 + 3_600],
        },
      ],
    })
    const report = await readFunnel(
      services,
      otherWorkspaceId,
      funnelQuery.parse({ range: '30', audience: 'all' }),
    )
    expect(report.notes.join(' ')).toContain('1 stays begin after they end, or have not begun yet')
    const contacted = table(report, 'time').rows.find(({ values }) => values.stage === 'contacted')
    expect(contacted?.values).toMatchObject({ ended: 0, open: 0 })
  })
})

test('cohorts come back as the function over plain lists counts them, months that are not over marked', async () => {
  const report = await readCohort(services, workspaceId, cohortQuery.parse({ range: '365', audience: 'all' }))
  const counted = countCohorts(
    leads.map(({ createdDaysAgo, acts }) => ({
      startOn: dayText(today - createdDaysAgo),
      events: acts.map(({ day }) => ({ on: dayText(Math.max(day, today - createdDaysAgo)) })),
    })),
    dayText(today),
  )
  const shown = table(report, 'retention').rows.slice(0, -1)
  const expected = counted.cohorts.filter(({ month }) => month >= '2025-07')
  expect(shown.map(({ values }) => [String(values.cohort).slice(0, 7), values.people])).toEqual(
    expected.map(({ month, size }) => [month, size]),
  )
  for (const [place, { cells }] of expected.entries())
    for (const { month, share, state } of cells) {
      expect(shown[place]!.values[`m${month}`]).toBeCloseTo(share, 12)
      expect(shown[place]!.partial?.includes(`m${month}`) ?? false).toBe(state === 'partial')
    }
})

test('cohorts come back at exact ages as the function over plain lists counts them, and are listed', async () => {
  const asked = cohortQuery.parse({ range: '365', audience: 'all' })
  const report = await readCohort(services, workspaceId, asked)
  for (const { values, behind, partial } of table(report, 'ages').rows) {
    const people = leads
      .map(({ createdDaysAgo, acts }) => ({
        startOn: dayText(today - createdDaysAgo),
        events: acts.map(({ day }) => ({ on: dayText(day) })),
      }))
      .filter(({ startOn }) => startOn.slice(0, 7) === String(values.cohort).slice(0, 7))
    for (const age of [30, 60, 90]) {
      const counted = retentionAtAge(people, age, dayText(today))
      expect(values[`d${age}`]).toBe(counted.share)
      expect(partial?.includes(`d${age}`)).toBe(counted.of > 0 && counted.of < people.length)
      const listed = await readLeadsBehind(
        services,
        workspaceId,
        query({ range: '365', audience: 'all', ...behind?.[`d${age}`] }),
      )
      expect(listed.total).toBe(counted.people)
    }
  }
})

test('cohorts keep a share of the revenue of their first month', async () => {
  const report = await readCohort(
    services,
    workspaceId,
    cohortQuery.parse({ range: '365', audience: 'all', cohort: 'order' }),
  )
  const [first] = table(report, 'kept_EUR').rows
  const month = String(first?.values.cohort).slice(0, 7)
  const own = leads.filter(({ orders }) => orders[0] && dayText(orders[0].day).startsWith(month))
  const brought = (after: number) =>
    own
      .flatMap(({ orders }) => orders)
      .reduce(
        (sum, { day, minor }) => (monthOf(day) - monthOf(dayOf(month)) === after ? sum + minor : sum),
        0,
      )
  expect(first?.values.m0).toBe(1)
  for (const after of [1, 2, 3])
    expect(first?.values[`m${after}`]).toBeCloseTo(brought(after) / brought(0), 12)
})

test('lead quality tells scored leads from those of whom nothing is known', async () => {
  const report = reportSchema.parse(
    await readLeadQuality(services, workspaceId, analyticsQuery.parse({ range: '30' })),
  )
  expect(cards(report).scored![0]).toBe(0)
  expect(report.notes.join(' ')).toContain('400 leads have no score')
})

describe('the leads behind a number', () => {
  const behindOf = async (report: Report, asked: object) => {
    const numbers: [string, number, Behind][] = [
      ...report.cards.flatMap(({ id, now: value, behind, kind }): [string, number, Behind][] =>
        behind &&
        kind === 'number' &&
        ['newLeads', 'activeLeads', 'entered', 'customers', 'people'].includes(id)
          ? [[id, value ?? 0, behind]]
          : [],
      ),
      ...report.tables.flatMap(({ id, rows }) =>
        ['stages', 'now', 'grades', 'retention'].includes(id)
          ? rows.flatMap(({ values, behind = {} }) =>
              Object.entries(behind).flatMap(([key, of]): [string, number, Behind][] =>
                key === 'converted' || key.startsWith('m')
                  ? []
                  : [[`${id}.${key}`, Number(values[key] ?? 0), of]],
              ),
            )
          : [],
      ),
    ]
    expect(numbers.length).toBeGreaterThan(0)
    for (const [name, value, of] of numbers) {
      const listed = await readLeadsBehind(services, workspaceId, query({ ...asked, ...of, limit: 5 }))
      expect([name, listed.total]).toEqual([name, value])
      expect(listed.items).toHaveLength(Math.min(5, value))
    }
  }

  test('are as many as it says, on the overview', async () => {
    const asked = analyticsQuery.parse({ range: '90', ...filtered })
    await behindOf(await readOverview(services, workspaceId, asked), asked)
  })

  test.each(['passed', 'strict'] as const)(
    'are as many as it says, in the funnel of %s stages',
    async (order) => {
      const asked = funnelQuery.parse({ range: '180', order })
      await behindOf(await readFunnel(services, workspaceId, asked), asked)
    },
  )

  test('are as many as it says, in cohorts', async () => {
    const asked = cohortQuery.parse({ range: '365', cohort: 'order' })
    await behindOf(await readCohort(services, workspaceId, asked), asked)
  })
})

test('every tab answers from one part of the copy what it answered from several', async () => {
  const filtered = { filter: JSON.stringify({ fact: 'country', op: 'is', value: 'DE' }), audience: 'all' }
  const ask = () =>
    Promise.all(
      [{}, filtered].flatMap((filters) => [
        readOverview(services, workspaceId, analyticsQuery.parse({ range: '90', ...filters })),
        readFunnel(services, workspaceId, funnelQuery.parse({ range: '365', ...filters })),
        readLeadQuality(services, workspaceId, analyticsQuery.parse({ range: '30', ...filters })),
        readEngagement(services, workspaceId, engagementQuery.parse({ range: '180', ...filters })),
        readCohort(services, workspaceId, cohortQuery.parse({ range: '365', ...filters })),
      ]),
    )
  const several = await ask()
  await clickhouse.command({ query: 'optimize table lead_facts final' })
  expect(await ask()).toEqual(several)
})

test('a table is CSV with amounts in major units', async () => {
  const report = await readOverview(services, workspaceId, analyticsQuery.parse({ range: '7' }))
  const lines = reportCsv(report, undefined).trimEnd().split('\r\n')
  expect(lines[0]).toBe('From,New leads,Visits,Orders,Revenue (EUR)')
  expect(lines).toHaveLength(8)
  expect(lines[1]).toMatch(/^2026-06-24,\d+,\d+,\d+,\d+\.\d\d$/)
  expect(() => reportCsv(report, 'nothing')).toThrow('no table of that name')
})

test('a range that ends before it begins, or that no calendar has, is refused with a sentence', async () => {
  for (const ends of [{ from: '2026-05-02', to: '2026-05-01' }, { from: '2026-02-30' }])
    await expect(readOverview(services, workspaceId, analyticsQuery.parse(ends))).rejects.toMatchObject({
      code: 'range_invalid',
    })
})

function made(): Lead {
  const createdDaysAgo = Math.floor(random() * 420)
  const activeDays = [
    ...new Set(
      Array.from(
        { length: Math.floor(random() * 5) },
        () => today - Math.floor(random() * (createdDaysAgo + 1)),
      ),
    ),
  ]
  const acts = activeDays
    .sort((a, b) => a - b)
    .flatMap((day) =>
      names.filter(() => random() < 0.6).map((name) => ({ day, name, n: 1 + Math.floor(random() * 9) })),
    )
  const orderDays = activeDays.filter(() => random() < 0.3)
  let daysAgo = createdDaysAgo
  const stays = [{ stage: 0, daysAgo }]
  while (daysAgo > 1 && random() < 0.7) {
    daysAgo -= 1 + Math.floor(random() * Math.min(daysAgo - 1, 50))
    const others = stages.map((_, stage) => stage).filter((stage) => stage !== stays.at(-1)!.stage)
    stays.push({ stage: others[Math.floor(random() * others.length)]!, daysAgo })
  }
  return {
    id: newId(),
    isKnown: random() < 0.6,
    country: random() < 0.5 ? 'DE' : 'JP',
    source: random() < 0.5 ? 'tracking' : 'import',
    createdDaysAgo,
    acts,
    orders: orderDays.map((day) => ({ day, minor: Math.floor(random() * 10_000) })),
    stays,
  }
}

function instant(daysAgo: number): string {
  return new Date(now.getTime() - daysAgo * DAY_MS).toISOString()
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

function dayOf(month: string): number {
  return Date.parse(`${month}-01T00:00:00.000Z`) / DAY_MS
}

function monthOf(day: number): number {
  const date = new Date(day * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}
