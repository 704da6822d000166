// The facts about a lead that filters, and later rules and segments, may ask for.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { factsOf } from '../conditions/index.ts'
import type { Fact, Facts } from '../conditions/index.ts'
import type { LeadRow } from './record.ts'

/** What the projection `activity` keeps of a lead, as far as facts and lists read it; instants are ISO 8601 in UTC. */
export interface LeadActivity {
  first_seen_at: string | null
  last_seen_at: string | null
  event_count: number | null
  session_count: number | null
  first_channel: string | null
  last_channel: string | null
}

export type LeadSubject = LeadRow & LeadActivity

export interface CustomField {
  key: string
  label: string
  type: 'text' | 'number' | 'date' | 'boolean'
}

/**
 * The facts of leads in a workspace. In SQL they stand over `leads l left join lead_activity a`.
 * @param customFields become `fields.<key>`
 */
export function leadFacts(customFields: readonly CustomField[]): Facts<LeadSubject> {
  return factsOf([...standing, ...customFields.map(customFact)])
}

type TextColumn =
  | 'email'
  | 'phone'
  | 'first_name'
  | 'last_name'
  | 'company'
  | 'job_title'
  | 'city'
  | 'country'
  | 'language'
  | 'source'
  | 'owner_id'

function text(name: string, label: string, column: TextColumn): Fact<LeadSubject> {
  return { name, label, type: 'text', read: (lead) => lead[column], sql: sql.ref(`l.${column}`) }
}

const standing: Fact<LeadSubject>[] = [
  text('email', 'E-mail', 'email'),
  text('phone', 'Phone', 'phone'),
  text('firstName', 'First name', 'first_name'),
  text('lastName', 'Last name', 'last_name'),
  text('company', 'Company', 'company'),
  text('jobTitle', 'Job title', 'job_title'),
  text('city', 'City', 'city'),
  text('country', 'Country', 'country'),
  text('language', 'Language', 'language'),
  text('source', 'Source', 'source'),
  text('owner', 'Owner', 'owner_id'),
  { name: 'tags', label: 'Tags', type: 'tags', read: (lead) => lead.tags, sql: sql`l.tags` },
  {
    name: 'isKnown',
    label: 'Is known',
    type: 'boolean',
    read: (lead) => lead.is_known,
    sql: sql`l.is_known`,
  },
  {
    name: 'createdAt',
    label: 'Created',
    type: 'instant',
    read: (lead) => lead.created_at,
    sql: sql`l.created_at`,
  },
  {
    name: 'firstSeenAt',
    label: 'First seen',
    type: 'instant',
    read: (lead) => lead.first_seen_at,
    sql: sql`a.first_seen_at`,
  },
  {
    name: 'lastSeenAt',
    label: 'Last seen',
    type: 'instant',
    read: (lead) => lead.last_seen_at,
    sql: sql`a.last_seen_at`,
  },
  // Whoever has no activity has done nothing: that is known, so a count is never null.
  {
    name: 'eventCount',
    label: 'Events',
    type: 'number',
    read: (lead) => lead.event_count ?? 0,
    sql: sql`coalesce(a.event_count, 0)`,
  },
  {
    name: 'sessionCount',
    label: 'Sessions',
    type: 'number',
    read: (lead) => lead.session_count ?? 0,
    sql: sql`coalesce(a.session_count, 0)`,
  },
  {
    name: 'firstChannel',
    label: 'First channel',
    type: 'text',
    read: (lead) => lead.first_channel,
    sql: sql`a.first_channel`,
  },
  {
    name: 'lastChannel',
    label: 'Last channel',
    type: 'text',
    read: (lead) => lead.last_channel,
    sql: sql`a.last_channel`,
  },
]

// A value of another type than the field's counts as not known, in both readers.
function customFact({ key, label, type }: CustomField): Fact<LeadSubject> {
  const name = `fields.${key}`
  const value = sql`l.fields->${key}::text`
  const asText = sql`(l.fields->>${key}::text)`
  const where = (condition: RawBuilder<unknown>, expression: RawBuilder<unknown>) =>
    sql`(case when ${condition} then ${expression} end)`
  const isType = (json: string) => sql`jsonb_typeof(${value}) = ${json}::text`
  switch (type) {
    case 'text':
      return {
        name,
        label,
        type: 'text',
        read: (lead) => ofType(lead.fields[key], 'string'),
        sql: where(isType('string'), asText),
      }
    case 'number':
      return {
        name,
        label,
        type: 'number',
        read: (lead) => ofType(lead.fields[key], 'number'),
        sql: where(isType('number'), sql`${asText}::float8`),
      }
    case 'boolean':
      return {
        name,
        label,
        type: 'boolean',
        read: (lead) => ofType(lead.fields[key], 'boolean'),
        sql: where(isType('boolean'), sql`${asText}::boolean`),
      }
    case 'date':
      // Compared as text, since a cast would throw on a date that no calendar has.
      return {
        name,
        label,
        type: 'instant',
        read: (lead) => isoInstant(ofType(lead.fields[key], 'string')),
        instantAs: 'text',
        sql: sql`(case when ${asText} ~ ${DAY.source}::text then ${asText} || ${MIDNIGHT}::text when ${asText} ~ ${INSTANT.source}::text then ${asText} end)`,
      }
  }
}

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$/
const MIDNIGHT = 'T00:00:00.000Z'

function isoInstant(value: string | null): string | null {
  if (value === null) return null
  return DAY.test(value) ? value + MIDNIGHT : INSTANT.test(value) ? value : null
}

function ofType(value: unknown, type: 'string'): string | null
function ofType(value: unknown, type: 'number'): number | null
function ofType(value: unknown, type: 'boolean'): boolean | null
function ofType(value: unknown, type: 'string' | 'number' | 'boolean'): unknown {
  return typeof value === type ? value : null
}
