// The row of a lead in ClickHouse's `lead_facts`, made from what PostgreSQL holds of it.
import { DAY, INSTANT, fold as foldText } from '../conditions/index.ts'
import type { Purpose } from './contract.ts'
import type { LeadRow } from './record.ts'

/** What the row reads of the record. */
export type FactRecord = Omit<LeadRow, 'merged_into' | 'provenance' | 'revision'>

/** What the projection `activity` keeps, as far as the row has it; instants are ISO 8601 in UTC. */
export interface FactActivity {
  first_seen_at: string
  last_seen_at: string
  event_count: number
  session_count: number
  page_count: number
  first_channel: string | null
  last_channel: string | null
}

/** Orders that count, of the lead and of those merged into it. */
export interface FactOrders {
  count: number
  /** net of refunds, in minor units, by currency */
  revenue: Record<string, number>
  firstAt: string
  lastAt: string
}

/**
 * What is understood of a lead, by column of `lead_facts`, as db/clickhouse tells them; what is absent has the column's
 * default. Instants are ISO 8601 in UTC.
 */
export interface FactState {
  stage?: string
  stage_since?: string | null
  score_version?: number
  score_at?: string
  score_sums?: readonly number[]
  score_demographic?: number | null
  score_firmographic?: number | null
  known_demographic?: number
  known_firmographic?: number
  is_seen?: boolean
  do_not_contact?: boolean
  last_human_at?: string | null
  last_intent_at?: string | null
  active_days?: readonly number[]
  churn_risk?: number | null
  disengagement_risk?: number | null
  churn_asked_for?: string | null
  ltv_minor?: number | null
  predicted_ltv_minor?: number | null
  health_value?: number | null
  health_relationship?: number | null
  rfm_segment?: string
  next_order_at?: string | null
  /** as of churn_asked_for, as health is: 0 to 100 */
  trend?: string
  health?: number | null
  act_days?: readonly number[]
  act_names?: readonly string[]
  act_counts?: readonly number[]
  visit_days?: readonly number[]
  visit_channels?: readonly string[]
  visit_counts?: readonly number[]
  act_months?: readonly number[]
  order_days?: readonly number[]
  order_minor?: readonly number[]
  order_currencies?: readonly string[]
  stay_stages?: readonly number[]
  /** seconds since 1970 */
  stay_since?: readonly number[]
  /** chance to convert, 0 to 1, as of predicted_at */
  predicted_score?: number | null
  predicted_at?: string | null
}

export interface FactParts {
  record: FactRecord
  consents: Partial<Record<Purpose, 'granted' | 'denied'>>
  activity: FactActivity | undefined
  orders: FactOrders | undefined
  /** absent where the lead is not understood yet */
  state?: FactState | undefined
  /** ids of the segments that the lead is in; undefined where nobody asked */
  segments?: readonly string[]
}

// What stands where nothing is understood yet.
const noState = {
  stage: 'new',
  stage_since: null,
  score_version: -1,
  score_at: '1970-01-01T00:00:00.000Z',
  score_sums: [],
  score_demographic: null,
  score_firmographic: null,
  known_demographic: 0,
  known_firmographic: 0,
  is_seen: false,
  do_not_contact: false,
  last_human_at: null,
  last_intent_at: null,
  active_days: [],
  churn_risk: null,
  disengagement_risk: null,
  churn_asked_for: null,
  ltv_minor: null,
  predicted_ltv_minor: null,
  health_value: null,
  health_relationship: null,
  rfm_segment: '',
  next_order_at: null,
  trend: '',
  health: null,
  act_days: [],
  act_names: [],
  act_counts: [],
  visit_days: [],
  visit_channels: [],
  visit_counts: [],
  act_months: [],
  order_days: [],
  order_minor: [],
  order_currencies: [],
  stay_stages: [],
  stay_since: [],
  predicted_score: null,
  predicted_at: null,
} satisfies Required<FactState>

/** Columns of `lead_facts` that projections fill. */
const stateColumns = Object.keys(noState) as (keyof FactState)[]

/** The columns of `lead_facts`, in the order of `factsLine`. */
export const factColumns = [
  'workspace_id',
  'lead_id',
  'version',
  'state',
  'fields',
  'is_known',
  'email',
  'phone',
  'first_name',
  'last_name',
  'company',
  'job_title',
  'city',
  'country',
  'language',
  'time_zone',
  'source',
  'owner_id',
  'tags',
  'consent_email_marketing',
  'consent_sms_marketing',
  'consent_analytics',
  'consent_ad_user_data',
  'consent_ad_personalisation',
  'created_at',
  'updated_at',
  'binned_at',
  'first_seen_at',
  'last_seen_at',
  'event_count',
  'session_count',
  'page_count',
  'first_channel',
  'last_channel',
  'order_count',
  'revenue_minor',
  'first_order_at',
  'last_order_at',
  'name_key',
  'search_text',
  ...stateColumns,
] as const

/** A line of JSONCompactEachRow over `factColumns`. */
export function factsLine({ record, consents, activity, orders, state }: FactParts, version: number): string {
  const head = `["${record.workspace_id}","${record.id}",${version},"${record.status}",${fieldsJson(record.fields)},`
  const { email, phone, first_name, last_name, company } = record
  return (
    head +
    JSON.stringify([
      record.is_known,
      fold(email),
      fold(phone),
      fold(first_name),
      fold(last_name),
      fold(company),
      fold(record.job_title),
      fold(record.city),
      record.country ?? '',
      fold(record.language),
      record.time_zone ?? '',
      record.source,
      record.owner_id ?? '',
      record.tags,
      consents.email_marketing ?? 'unknown',
      consents.sms_marketing ?? 'unknown',
      consents.analytics ?? 'unknown',
      consents.ad_user_data ?? 'unknown',
      consents.ad_personalisation ?? 'unknown',
      record.created_at,
      record.updated_at,
      record.binned_at,
      activity?.first_seen_at ?? null,
      activity?.last_seen_at ?? null,
      activity?.event_count ?? 0,
      activity?.session_count ?? 0,
      activity?.page_count ?? 0,
      activity?.first_channel ?? '',
      activity?.last_channel ?? '',
      orders?.count ?? 0,
      orders?.revenue ?? {},
      orders?.firstAt ?? null,
      orders?.lastAt ?? null,
      nameKey(first_name, last_name),
      searchText(record),
      ...stateColumns.map((column) => state?.[column] ?? noState[column]),
    ]).slice(1)
  )
}

/** The columns of `goneLine`. */
export const goneColumns = ['workspace_id', 'lead_id', 'version', 'state'] as const

/** The line of a lead that is part of another now, or is no more: it holds nothing of the person. */
export function goneLine(workspaceId: string, leadId: string, version: number): string {
  return `["${workspaceId}","${leadId}",${version},"gone"]`
}

/** First and last name as lists sort them: without case and accents; '' where neither is known. */
export function nameKey(firstName: string | null, lastName: string | null): string {
  const name = firstName && lastName ? `${firstName} ${lastName}` : (firstName ?? lastName ?? '')
  const plain = /^[ -~]*$/.test(name) ? name : name.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  return plain.toLowerCase().trim()
}

/** What a search looks through, in lower case, as PostgreSQL's `leads.search_text` has it. */
export function searchText(
  lead: Pick<FactRecord, 'first_name' | 'last_name' | 'email' | 'company' | 'phone'>,
): string {
  const { first_name, last_name, email, company, phone } = lead
  return `${first_name ?? ''} ${last_name ?? ''} ${email ?? ''} ${company ?? ''} ${phone ?? ''}`.toLowerCase()
}

/** How a value of a custom field is kept under its key: as text, number, date or truth. */
export type FieldKind = 't' | 'n' | 'd' | 'b'

/**
 * The path of a custom field in the column `fields`. Only letters and digits of ASCII stay as they are, since a dot would cut
 * the path in two; everything else stands as `$<hex>$`.
 */
export function fieldPath(kind: FieldKind, key: string): string {
  const known = paths.get(key)
  if (known !== undefined) return `${kind}_${known}`
  const path = key.replaceAll(/[^A-Za-z0-9_]/gu, (letter) => `$${letter.codePointAt(0)!.toString(16)}$`)
  if (paths.size > 20_000) paths.clear()
  paths.set(key, path)
  return `${kind}_${path}`
}

const DASH = 45

const paths = new Map<string, string>()

// Whole numbers are written with a fraction, so that a field has one type in ClickHouse whatever its values.
function fieldsJson(fields: Record<string, unknown>): string {
  let json = '{'
  for (const key in fields) {
    const value = fields[key]
    if (typeof value === 'string') {
      json += `${json === '{' ? '' : ','}"${fieldPath('t', key)}":${JSON.stringify(foldText(value))}`
      if (isDate(value)) json += `,"${fieldPath('d', key)}":"${value}"`
    } else if (typeof value === 'number' && Number.isFinite(value)) {
      json += `${json === '{' ? '' : ','}"${fieldPath('n', key)}":${Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : value}`
    } else if (typeof value === 'boolean') {
      json += `${json === '{' ? '' : ','}"${fieldPath('b', key)}":${value}`
    }
  }
  return `${json}}`
}

// Most texts are none: one character tells.
function isDate(value: string): boolean {
  return value.charCodeAt(4) === DASH && (DAY.test(value) || INSTANT.test(value))
}

function fold(text: string | null): string {
  return text === null ? '' : foldText(text)
}
