// The facts about a lead that filters, and later rules and segments, may ask for.
import { chSql, factsOf, identifier, param } from '../conditions/index.ts'
import type { ConsentWord, Fact, Facts, Fragment } from '../conditions/index.ts'
import { customFactName } from '../conditions/contract.ts'
import { currencyExponent } from '../lib/money.ts'
import { COLUMNS } from './columns.ts'
import { OPT_IN_COUNTRIES, effectiveConsent } from './consent.ts'
import { purposes } from './contract.ts'
import type { LeadFields, Purpose } from './contract.ts'
import { emailDomainFact, emailKindFact } from './email-facts.ts'
import { standingFacts } from './fact-list.ts'
import { fieldPath } from './fact-row.ts'
import type { FactParts } from './fact-row.ts'
import { segmentFact } from './segment-fact.ts'
import type { SegmentDefinition } from './segment-fact.ts'

/** What facts are read from in memory; in ClickHouse they stand over the columns of `lead_facts`. */
export type LeadSubject = FactParts

export interface CustomField {
  key: string
  label: string
  type: 'text' | 'number' | 'date' | 'boolean'
}

/** What of a workspace the facts of its leads depend on. */
export interface FactSettings {
  customFields: readonly CustomField[]
  /** keys that custom fields had, each with the one that has their values now */
  formerKeys?: ReadonlyMap<string, string>
  /** what silence means, by country; `*` for every other */
  consentDefaults: Readonly<Record<string, 'granted' | 'denied'>>
  /** the workspace's own, in which revenue is asked for: ISO 4217 */
  currency: string
  /** the segments whose members may be asked for */
  segments?: readonly SegmentDefinition[]
  /** what modules above declare, see declared.ts */
  declared?: readonly Fact<LeadSubject>[]
}

/** The facts of leads in a workspace; custom fields are `fields.<key>`, consents `consent.<purpose>`. */
export function leadFacts(settings: FactSettings): Facts<LeadSubject> {
  const { customFields, formerKeys = new Map<string, string>(), consentDefaults, currency } = settings
  const { segments = [], declared = [] } = settings
  const former = new Map([...formerKeys].map(([key, into]) => [customFactName(key), customFactName(into)]))
  const facts: Facts<LeadSubject> = factsOf(
    [
      ...standing,
      segmentFact(labelOf('segment'), segments, () => facts),
      revenueFact(currency),
      ...purposes.map((purpose) => consentFact(purpose, consentDefaults)),
      ...customFields.map(customFact),
      ...declared,
    ],
    former,
  )
  return facts
}

type Name = (typeof standingFacts)[number]['name']

function labelOf(name: Name): string {
  return standingFacts.find((fact) => fact.name === name)!.label
}

// The column in ClickHouse is called as that in PostgreSQL.
function text(name: keyof LeadFields): Fact<LeadSubject> {
  const column = COLUMNS[name]
  return {
    name,
    label: labelOf(name),
    type: 'text',
    read: ({ record }) => record[column],
    column: { sql: identifier(column), isFolded: true },
  }
}

function choice(
  name: Name,
  column: string,
  read: (lead: LeadSubject) => string | null | undefined,
): Fact<LeadSubject> {
  return {
    name,
    label: labelOf(name),
    type: 'choice',
    read: (lead) => read(lead) ?? null,
    column: { sql: identifier(column) },
  }
}

function instant(
  name: Name,
  column: string,
  read: (lead: LeadSubject) => string | null | undefined,
): Fact<LeadSubject> {
  return {
    name,
    label: labelOf(name),
    type: 'date',
    read: (lead) => read(lead) ?? null,
    column: { sql: identifier(column), as: 'instant' },
  }
}

// Whoever has no activity has done nothing: that is known, so a count is never null.
function count(
  name: Name,
  column: string,
  read: (lead: LeadSubject) => number | undefined,
): Fact<LeadSubject> {
  return {
    name,
    label: labelOf(name),
    type: 'number',
    read: (lead) => read(lead) ?? 0,
    column: { sql: identifier(column) },
  }
}

const standing: Fact<LeadSubject>[] = [
  text('email'),
  emailDomainFact,
  emailKindFact,
  text('phone'),
  text('firstName'),
  text('lastName'),
  text('company'),
  text('jobTitle'),
  text('city'),
  text('language'),
  choice('country', 'country', ({ record }) => record.country),
  choice('timeZone', 'time_zone', ({ record }) => record.time_zone),
  choice('source', 'source', ({ record }) => record.source),
  choice('owner', 'owner_id', ({ record }) => record.owner_id),
  choice('firstChannel', 'first_channel', ({ activity }) => activity?.first_channel),
  choice('lastChannel', 'last_channel', ({ activity }) => activity?.last_channel),
  choice('stage', 'stage', ({ state }) => state?.stage ?? 'new'),
  instant('stageSince', 'stage_since', ({ state }) => state?.stage_since),
  {
    name: 'tags',
    label: labelOf('tags'),
    type: 'tags',
    read: ({ record }) => record.tags,
    column: { sql: identifier('tags') },
  },
  {
    name: 'isKnown',
    label: labelOf('isKnown'),
    type: 'boolean',
    read: ({ record }) => record.is_known,
    column: { sql: identifier('is_known') },
  },
  instant('createdAt', 'created_at', ({ record }) => record.created_at),
  instant('firstSeenAt', 'first_seen_at', ({ activity }) => activity?.first_seen_at),
  instant('lastSeenAt', 'last_seen_at', ({ activity }) => activity?.last_seen_at),
  instant('firstOrderAt', 'first_order_at', ({ orders }) => orders?.firstAt),
  instant('lastOrderAt', 'last_order_at', ({ orders }) => orders?.lastAt),
  count('eventCount', 'event_count', ({ activity }) => activity?.event_count),
  count('sessionCount', 'session_count', ({ activity }) => activity?.session_count),
  count('pageCount', 'page_count', ({ activity }) => activity?.page_count),
  count('orderCount', 'order_count', ({ orders }) => orders?.count),
]

// In major units, as a person types it.
function revenueFact(currency: string): Fact<LeadSubject> {
  const units = 10 ** (currencyExponent(currency) ?? 2)
  return {
    name: 'revenue',
    label: labelOf('revenue'),
    type: 'number',
    read: ({ orders }) => (orders?.revenue[currency] ?? 0) / units,
    column: { sql: chSql`(revenue_minor[${param('String', currency)}] / ${param('Float64', units)})` },
  }
}

function consentFact(purpose: Purpose, defaults: FactSettings['consentDefaults']): Fact<LeadSubject> {
  const stated = identifier(`consent_${purpose}`)
  const name = `consent.${purpose}` as const
  return {
    name,
    label: labelOf(name),
    type: 'consent',
    read: ({ record, consents }): ConsentWord => {
      const state = consents[purpose]
      const standing = state && { state }
      return {
        stated: state ?? null,
        isAllowed: effectiveConsent(standing, purpose, record.country, defaults).effective === 'granted',
      }
    },
    column: { stated, isAllowed: allowedSql(purpose, stated, defaults) },
  }
}

// As `effectiveConsent` says it.
function allowedSql(purpose: Purpose, stated: Fragment, defaults: FactSettings['consentDefaults']): Fragment {
  if (purpose === 'email_marketing' || purpose === 'sms_marketing') return chSql`(${stated} = 'granted')`
  const named = (state: 'granted' | 'denied') =>
    param(
      'Array(String)',
      Object.keys(defaults).filter((country) => country !== '*' && defaults[country] === state),
    )
  const other = defaults['*']
    ? chSql`${param('Int64', defaults['*'] === 'granted' ? 1 : 0)} = 1`
    : chSql`(match(country, '^[A-Z]{2}$') and country not in ${param('Array(String)', [...OPT_IN_COUNTRIES])})`
  return chSql`(${stated} = 'granted' or (${stated} = 'unknown' and
    multiIf(country in ${named('granted')}, true, country in ${named('denied')}, false, ${other})))`
}

// A value of another type than the field's counts as not known, in both readers.
function customFact({ key, label, type }: CustomField): Fact<LeadSubject> {
  const name = customFactName(key)
  const at = (kind: 't' | 'n' | 'd' | 'b', as: Fragment) =>
    chSql`fields.${identifier(fieldPath(kind, key))}.:${as}`
  switch (type) {
    case 'text':
      return {
        name,
        label,
        type: 'text',
        read: ({ record }) => ofType(record.fields[key], 'string'),
        column: { sql: chSql`ifNull(${at('t', chSql`String`)}, '')`, isFolded: true },
      }
    case 'number':
      return {
        name,
        label,
        type: 'number',
        read: ({ record }) => ofType(record.fields[key], 'number'),
        column: { sql: at('n', chSql`Float64`) },
      }
    case 'boolean':
      return {
        name,
        label,
        type: 'boolean',
        read: ({ record }) => ofType(record.fields[key], 'boolean'),
        column: { sql: at('b', chSql`Bool`) },
      }
    case 'date':
      return {
        name,
        label,
        type: 'date',
        read: ({ record }) => ofType(record.fields[key], 'string'),
        column: { sql: chSql`ifNull(${at('d', chSql`String`)}, '')`, as: 'text' },
      }
  }
}

function ofType(value: unknown, type: 'string'): string | null
function ofType(value: unknown, type: 'number'): number | null
function ofType(value: unknown, type: 'boolean'): boolean | null
function ofType(value: unknown, type: 'string' | 'number' | 'boolean'): unknown {
  return typeof value === type ? value : null
}
