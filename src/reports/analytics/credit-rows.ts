// The rows that the bars of the tab Attribution are made of: what each touch earned of each conversion, a page at a time.
import { z } from 'zod'
import { chSql, identifier, joinedBy, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { presentLeads } from '../../leads/index.ts'
import type { QueryOf, ReplyOf } from '../../lib/endpoint.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { currencyExponent } from '../../lib/money.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Services } from '../../platform/services.ts'
import { UNATTRIBUTED, modelLabels } from '../../projections/attribution/contract.ts'
import type { ShownModel } from '../../projections/attribution/contract.ts'
import {
  creditOf,
  readLatestRuns,
  refundOf,
  settingsInForce,
  weighByLearned,
} from '../../projections/attribution/index.ts'
import type { ConversionCredit, Found } from '../../projections/attribution/index.ts'
import { goalLabel, goalOf, isRule, whyNot } from './attribution.ts'
import type { CreditLineRow, exportCreditRows, listCreditRows } from './contract.ts'
import { inSpan, ofLeads, ruleOf } from './credit.ts'
import { csv } from './csv.ts'
import { answer, instantSql, scopeOf } from './scope.ts'
import type { Scope } from './scope.ts'

type Asked = QueryOf<typeof exportCreditRows>
type Page = ReplyOf<typeof listCreditRows>

/** What is asked, with what the settings say in the place of what is not told. */
interface Question {
  scope: Scope
  goal: string
  model: ShownModel
  run: { id: string; learnedAt: Date; found: Found } | undefined
  /** what holds of the rows, over the columns of `credits` */
  rows: Fragment
}

/**
 * A page of rows, newest conversions first. Refuses (400) a conversion that the settings do not name, a data-driven model that
 * has not learned, and a cursor of another list.
 */
export async function readCreditRows(
  services: Services,
  workspaceId: WorkspaceId,
  asked: QueryOf<typeof listCreditRows>,
): Promise<Page> {
  const question = await questionOf(services, workspaceId, asked)
  const [sums, page] = await Promise.all([
    readSums(question),
    readPage(question, asked.cursor === undefined ? undefined : decode(asked.cursor), asked.limit),
  ])
  const { goal, model, run } = question
  return {
    goal,
    model,
    run: run ? { runId: run.id, learnedAt: run.learnedAt.toISOString() } : null,
    total: sums.reduce((sum, { n }) => sum + n, 0),
    sums: run ? null : sums.map(({ currency, units, minor }) => ({ currency, units, minor })),
    ...page,
  }
}

/** Rows that are read at once for CSV. */
const CSV_PAGE = 5_000

/** All rows as CSV, read as they are sent. Refuses as a page does, before the first line. */
export async function creditRowsCsv(
  services: Services,
  workspaceId: WorkspaceId,
  asked: Asked,
): Promise<AsyncGenerator<string>> {
  return linesOf(await questionOf(services, workspaceId, asked))
}

async function* linesOf(question: Question): AsyncGenerator<string> {
  const { goal, model, run } = question
  yield csv([
    [
      'Conversion',
      'Conversion id',
      'Converted',
      'Lead id',
      'Lead',
      'Touch',
      'Event id',
      'Touched',
      'Channel',
      'Source',
      'Campaign',
      'Kind',
      'Model',
      'Conversions',
      'Amount',
      'Currency',
      'Settings version',
      'Run',
      'Learned',
    ],
  ])
  for (let after: Place | undefined; ;) {
    const { items, nextCursor } = await readPage(question, after, CSV_PAGE)
    yield csv(
      items.map((row) => [
        goalLabel(goal),
        row.conversionId,
        row.convertedAt,
        row.leadId,
        row.leadLabel,
        row.touch === null ? '' : String(row.touch),
        row.eventId,
        row.touchedAt ?? '',
        row.channel,
        row.source,
        row.campaign,
        row.kind,
        row.modelUsed === 'u_shaped_fallback' ? 'U-shaped, a milestone is missing' : modelLabels[model],
        (row.units / 1e6).toFixed(6),
        major(row.minor, row.currency),
        row.currency,
        String(row.settingsVersion),
        run?.id ?? '',
        run?.learnedAt.toISOString() ?? '',
      ]),
    )
    if (nextCursor === null) return
    after = decode(nextCursor)
  }
}

async function questionOf(services: Services, workspaceId: WorkspaceId, asked: Asked): Promise<Question> {
  const [scope, { settings }, runs] = await Promise.all([
    scopeOf(services, workspaceId, { ...asked, compare: 'none' }),
    settingsInForce(services.db, workspaceId),
    readLatestRuns(services.db, workspaceId),
  ])
  const { goal } = goalOf(settings, asked.goal)
  const model = asked.model ?? settings.models[0] ?? 'linear'
  const run = isRule(model) ? undefined : runs.find((one) => one.goal === goal)
  const silent = isRule(model) ? null : whyNot(run?.found, model)
  if (silent !== null)
    throw new Refusal('model_not_learned', 400, `${modelLabels[model]} has no rows yet. ${silent}`)
  const earned = ruleOf(model)
  return {
    scope,
    goal,
    model,
    run,
    rows: joinedBy('and', [
      ofLeads(scope),
      chSql`(${identifier(`${earned}_units`)} != 0 or ${identifier(`${earned}_minor`)} != 0)`,
      ...(asked.name === undefined
        ? []
        : [chSql`${identifier(asked.dimension)} = ${param('String', asked.name)}`]),
    ]),
  }
}

function fromOf({ scope, goal }: Question): Fragment {
  return chSql`(select * from credits final where ${inSpan(scope, goal, chSql`converted_at`, scope.window.now)})`
}

function readSums(
  question: Question,
): Promise<{ currency: string; n: number; units: number; minor: number }[]> {
  const earned = ruleOf(question.model)
  return answer(
    question.scope,
    chSql`select currency, count() as n, sum(${identifier(`${earned}_units`)}) as units, sum(${identifier(`${earned}_minor`)}) as minor
          from ${fromOf(question)} where ${question.rows} group by currency order by currency`,
  )
}

interface Stored {
  lead: string
  place: number
  conversion: string
  convertedMs: number
  part: number
  touch: number
  event: string
  touchedMs: number | null
  channel: string
  source: string
  campaign: string
  currency: string
  modelUsed: string
  version: number
  units: number
  minor: number
}

async function readPage(
  question: Question,
  after: Place | undefined,
  limit: number,
): Promise<Pick<Page, 'items' | 'nextCursor'>> {
  const { scope, model, rows } = question
  const earned = ruleOf(model)
  const found = await answer<Stored>(
    scope,
    chSql`select toString(lead_id) as lead, place, conversion_id as conversion, toUnixTimestamp64Milli(converted_at) as convertedMs,
            part, touch, touch_id as event, toUnixTimestamp64Milli(touched_at) as touchedMs, channel, source, campaign, currency,
            model_used as modelUsed, settings_version as version,
            ${identifier(`${earned}_units`)} as units, ${identifier(`${earned}_minor`)} as minor
          from ${fromOf(question)} where ${rows} ${after ? chSql`and ${behindSql(after)}` : chSql``}
          order by converted_at desc, lead_id, place limit ${param('Int64', limit + 1)}`,
  )
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const [learned, leads] = await Promise.all([
    creditLearned(question, page),
    presentLeads(scope.db, scope.workspaceId, [...new Set(page.map(({ lead }) => lead))]),
  ])
  const labels = new Map(leads.map(({ id, label }) => [id as string, label]))
  return {
    items: page.map((row): CreditLineRow => {
      const isTouched = row.touchedMs !== null
      const credit = learned.get(keyOf(row))?.[row.part === 1 ? 1 : 0]
      return {
        leadId: row.lead,
        leadLabel: labels.get(row.lead) ?? '',
        conversionId: row.conversion,
        convertedAt: new Date(row.convertedMs).toISOString(),
        kind: row.part === 1 ? 'refund' : 'credit',
        touch: isTouched ? row.touch + 1 : null,
        eventId: row.event,
        touchedAt: row.touchedMs === null ? null : new Date(row.touchedMs).toISOString(),
        channel: row.channel,
        source: row.source,
        campaign: row.campaign,
        units: credit ? (credit.countUnits[row.touch] ?? 0) : row.units,
        minor: credit ? (credit.valueMinor[row.touch] ?? 0) : row.minor,
        currency: row.currency,
        modelUsed: model === 'w_shaped' && isTouched ? row.modelUsed : model,
        settingsVersion: row.version,
      }
    }),
    nextCursor: found.length > limit && last ? encode(last) : null,
  }
}

/** By conversion what each of its touches earned by what was learned, and what refunds took back; empty of other models. */
async function creditLearned(
  { scope, goal, model, run }: Question,
  page: readonly Stored[],
): Promise<Map<string, [given: ConversionCredit, taken: ConversionCredit]>> {
  if (!run || (model !== 'markov_1' && model !== 'shapley') || page.length === 0) return new Map()
  const leads = [...new Set(page.map(({ lead }) => lead))]
  const conversions = [...new Set(page.map(({ conversion }) => conversion))]
  const found = await answer<{
    lead: string
    conversion: string
    way: [touch: number, channel: string][]
    given: number
    taken: number
  }>(
    scope,
    chSql`select toString(lead_id) as lead, conversion_id as conversion,
            arraySort(groupArrayIf((touch, toString(channel)), part = 0)) as way,
            sumIf(linear_minor, part = 0) as given, -sumIf(linear_minor, part = 1) as taken
          from (select * from credits final where ${inSpan(scope, goal, chSql`converted_at`, scope.window.now)}
                  and lead_id in ${param('Array(UUID)', leads)})
          where conversion_id in ${param('Array(String)', conversions)} group by lead_id, conversion_id`,
  )
  return new Map(
    found.map(({ lead, conversion, way, given, taken }) => {
      const path = way.map(([, channel]) => channel)
      const isTouched = path[0] !== UNATTRIBUTED
      const shares = (isTouched ? weighByLearned(model, run.found, path) : null) ?? Float64Array.of(1)
      const credit = creditOf({ valueMinor: given, count: 1 }, shares)
      return [keyOf({ lead, conversion }), [credit, refundOf(credit, taken)]]
    }),
  )
}

function keyOf({ lead, conversion }: Pick<Stored, 'lead' | 'conversion'>): string {
  return `${lead} ${conversion}`
}

/** Where a page ended. */
type Place = z.infer<typeof placeSchema>
const placeSchema = z.tuple([z.number().int(), z.uuid(), z.number().int().min(0)])

function behindSql([at, lead, place]: Place): Fragment {
  const instant = instantSql(at)
  return chSql`(converted_at < ${instant} or (converted_at = ${instant}
    and (lead_id, place) > (${param('UUID', lead)}, ${param('Int64', place)})))`
}

function encode({ convertedMs, lead, place }: Stored): string {
  return Buffer.from(JSON.stringify([convertedMs, lead, place])).toString('base64url')
}

function decode(text: string): Place {
  let read: unknown
  try {
    read = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    read = undefined
  }
  const place = placeSchema.safeParse(read)
  if (place.success) return place.data
  throw new Refusal(
    'cursor_invalid',
    400,
    'The cursor does not belong to this list. Start again without one; pass `nextCursor` as it came.',
  )
}

function major(minor: number, currency: string): string {
  const exponent = currencyExponent(currency) ?? 2
  return (minor / 10 ** exponent).toFixed(exponent)
}
