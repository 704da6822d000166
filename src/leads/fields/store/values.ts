// The values that leads have of custom fields: counted over all fields, and read in slices for a dry run or a change.
import { chSql, identifier, joinedBy, param, written } from '../../../conditions/index.ts'
import type { Fragment } from '../../../conditions/index.ts'
import { ask } from '../../../platform/clickhouse.ts'
import type { ClickHouse } from '../../../platform/clickhouse.ts'
import { firstRow, rows, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import { fieldPath } from '../../fact-row.ts'
import type { FieldType } from '../contract.ts'

export interface FieldCount {
  key: string
  /** active leads with any value */
  leads: number
  /** of those, whose value is of the field's type */
  fitting: number
  /** up to twelve leads that have one */
  leadIds: string[]
}

/** Fields that are counted in one query of the copy: each reads up to four paths. */
const FIELDS_AT_ONCE = 40

type Counted = readonly { key: string; type: FieldType }[]

/** How many active leads have a value of each field, from PostgreSQL. */
export async function countInRecords(db: Db, workspaceId: string, fields: Counted): Promise<FieldCount[]> {
  return rows(
    db,
    sql`select f.key, count(*)::int as leads,
          count(*) filter (where case f.type
            when 'number' then jsonb_typeof(v.value) = 'number'
            when 'boolean' then jsonb_typeof(v.value) = 'boolean'
            when 'text' then jsonb_typeof(v.value) = 'string'
            else jsonb_typeof(v.value) = 'string' and v.value #>> '{}' ~ ${DATE} end)::int as fitting,
          (array_agg(l.id))[1:12] as "leadIds"
        from leads l, jsonb_each(l.fields) v
        join unnest(${fields.map((f) => f.key)}::text[], ${fields.map((f) => f.type)}::text[]) as f(key, type) on f.key = v.key
        where l.workspace_id = ${workspaceId} and l.status = 'active'
        group by f.key`,
  )
}

/** The same from ClickHouse's copy of the leads. Throws `log_unreachable` (503) where it is away. */
export async function countInCopy(
  clickhouse: ClickHouse,
  workspaceId: string,
  fields: Counted,
): Promise<FieldCount[]> {
  const counts: FieldCount[] = []
  for (let at = 0; at < fields.length; at += FIELDS_AT_ONCE) {
    const some = fields.slice(at, at + FIELDS_AT_ONCE)
    const { text, params } = written(
      chSql`select ${joinedBy(
        ',',
        some.flatMap(({ key, type }, nth) => {
          const any = joinedBy('or', [
            isThere('t', key, chSql`String`),
            isThere('n', key, chSql`Float64`),
            isThere('b', key, chSql`Bool`),
          ])
          return [
            chSql`countIf(${any}) as ${identifier(`leads_${nth}`)}`,
            chSql`countIf(${fits(key, type)}) as ${identifier(`fitting_${nth}`)}`,
            chSql`groupArrayIf(12)(lead_id, ${any}) as ${identifier(`ids_${nth}`)}`,
          ]
        }),
      )} from lead_facts final where workspace_id = ${param('UUID', workspaceId)} and state = 'active'`,
    )
    const [row] = await ask<Record<string, number | string[]>>(clickhouse, text, params)
    for (const [nth, { key }] of some.entries()) {
      counts.push({
        key,
        leads: Number(row?.[`leads_${nth}`]),
        fitting: Number(row?.[`fitting_${nth}`]),
        leadIds: row?.[`ids_${nth}`] as string[],
      })
    }
  }
  return counts
}

/** The values of one field as some leads have them. */
export async function readExamples(
  db: Db,
  workspaceId: string,
  wanted: readonly { key: string; leadIds: string[] }[],
): Promise<{ key: string; value: unknown }[]> {
  const pairs = wanted.flatMap(({ key, leadIds }) => leadIds.map((id) => ({ key, id })))
  return rows(
    db,
    sql`select w.key, l.fields->w.key as value
        from unnest(${pairs.map((p) => p.key)}::text[], ${pairs.map((p) => p.id)}::uuid[]) as w(key, id)
        join leads l on l.id = w.id and l.workspace_id = ${workspaceId} where l.fields ? w.key`,
  )
}

/** A value of a field with the leads that have it; `other` is theirs of a second field. */
export interface ValueGroup {
  value: unknown
  leads: number
}

/** Leads that a dry run reads in one query. */
const SLICE = 20_000

/** The last lead of the next slice; undefined behind the last one. */
export async function endOfSlice(
  db: Db,
  workspaceId: string,
  afterId: string | null,
  size = SLICE,
): Promise<string | undefined> {
  const found = await firstRow<{ id: string }>(
    db,
    sql`select id from (
          select id from leads where workspace_id = ${workspaceId} ${afterId === null ? sql`` : sql`and id > ${afterId}`}
          order by id limit ${size}) slice
        order by id desc limit 1`,
  )
  return found?.id
}

/** The values that the leads of a slice have, each once; merged leads are left out. */
export async function readValueGroups(
  db: Db,
  workspaceId: string,
  key: string,
  slice: { afterId: string | null; toId: string },
): Promise<ValueGroup[]> {
  return rows(
    db,
    sql`select l.fields->${key}::text as value, count(*)::int as leads from leads l
        where ${inSlice(workspaceId, slice)} and l.status <> 'merged' and l.fields ? ${key}::text group by 1`,
  )
}

/** A lead of a slice with its values of two fields, and whether the word behind the first is the newer one. */
export interface ValuePair {
  id: string
  from: unknown
  /** undefined where the lead has none */
  into: unknown
  isNewer: boolean
}

/** The leads of a slice that have a value of the field `from`; merged ones are left out. */
export async function readValuePairs(
  db: Db,
  workspaceId: string,
  { from, into }: { from: string; into: string },
  slice: { afterId: string | null; toId: string },
): Promise<ValuePair[]> {
  const at = (key: string) =>
    sql`coalesce((coalesce(l.provenance->${`fields.${key}`}::text, l.provenance->'*')->>1)::bigint, 0)`
  const found = await rows<ValuePair>(
    db,
    sql`select l.id, l.fields->${from}::text as from, l.fields->${into}::text as into, ${at(from)} > ${at(into)} as "isNewer"
        from leads l
        where ${inSlice(workspaceId, slice)} and l.status <> 'merged' and l.fields ? ${from}::text`,
  )
  return found.map((pair) => ({ ...pair, into: pair.into ?? undefined }))
}

/** How many leads have a value of a field, those in the bin too. */
export async function countHolders(db: Db, workspaceId: string, key: string): Promise<number> {
  const counted = await firstRow<{ leads: number }>(
    db,
    sql`select count(*)::int as leads from leads
        where workspace_id = ${workspaceId} and status <> 'merged' and fields ? ${key}::text`,
  )
  return counted?.leads ?? 0
}

/** What is true of the leads of a slice, over `leads l`. */
export function inSlice(workspaceId: string, { afterId, toId }: { afterId: string | null; toId: string }) {
  return sql`l.workspace_id = ${workspaceId} and l.id <= ${toId} ${afterId === null ? sql`` : sql`and l.id > ${afterId}`}`
}

const DATE = '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z)?$'

function isThere(kind: 't' | 'n' | 'd' | 'b', key: string, as: Fragment): Fragment {
  return chSql`isNotNull(fields.${identifier(fieldPath(kind, key))}.:${as})`
}

function fits(key: string, type: FieldType): Fragment {
  switch (type) {
    case 'text':
      return isThere('t', key, chSql`String`)
    case 'number':
      return isThere('n', key, chSql`Float64`)
    case 'boolean':
      return isThere('b', key, chSql`Bool`)
    case 'date':
      return isThere('d', key, chSql`String`)
  }
}
