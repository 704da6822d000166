// How the facts of leads are read in PostgreSQL, over `leads l left join lead_activity a`.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { PostgresColumn } from '../conditions/index.ts'
import { customFactName } from '../conditions/contract.ts'
import { COLUMNS } from './columns.ts'
import type { CustomField } from './facts.ts'

/** The column of a fact; undefined for what PostgreSQL is not asked for. */
export function listColumns(
  customFields: readonly CustomField[],
): (fact: string) => PostgresColumn | undefined {
  const custom = new Map(customFields.map((field) => [customFactName(field.key), customColumn(field)]))
  return (fact) => custom.get(fact) ?? standing.get(fact)
}

const standing = new Map<string, PostgresColumn>([
  ...Object.entries({
    ...COLUMNS,
    source: 'source',
    owner: 'owner_id',
    tags: 'tags',
    isKnown: 'is_known',
    createdAt: 'created_at',
  }).map(([name, column]): [string, PostgresColumn] => [name, { sql: sql.ref(`l.${column}`) }]),
  [
    'segment',
    {
      sql: sql`coalesce((select array_agg(m.segment_id::text) from segment_members m where m.lead_id = l.id), '{}'::text[])`,
    },
  ],
  ['emailDomain', { sql: sql`split_part(l.email, '@', -1)` }],
  ['firstSeenAt', { sql: sql`a.first_seen_at` }],
  ['lastSeenAt', { sql: sql`a.last_seen_at` }],
  // Whoever has no activity has done nothing: that is known, so a count is never null.
  ['eventCount', { sql: sql`coalesce(a.event_count, 0)` }],
  ['sessionCount', { sql: sql`coalesce(a.session_count, 0)` }],
  ['firstChannel', { sql: sql`a.first_channel` }],
  ['lastChannel', { sql: sql`a.last_channel` }],
])

// A value of another type than the field's counts as not known.
function customColumn({ key, type }: CustomField): PostgresColumn {
  const value = sql`l.fields->${key}::text`
  const asText = sql`(l.fields->>${key}::text)`
  const where = (json: string, expression: RawBuilder<unknown>) =>
    sql`(case when jsonb_typeof(${value}) = ${json}::text then ${expression} end)`
  switch (type) {
    case 'text':
      return { sql: where('string', asText) }
    case 'number':
      return { sql: where('number', sql`${asText}::float8`) }
    case 'boolean':
      return { sql: where('boolean', sql`${asText}::boolean`) }
    case 'date':
      return { sql: where('string', asText), as: 'text' }
  }
}
