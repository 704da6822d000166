// The values that leads have of a field, most frequent first, from ClickHouse's copy of the leads.
import { chSql, param, written } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { FacetRows } from './list.ts'

/** What active leads have, each list at most 500 long, in one pass over four columns. */
export async function readFacetsInCopy(clickhouse: ClickHouse, workspaceId: string): Promise<FacetRows> {
  const [found] = await ask<FacetRows>(
    clickhouse,
    `select arraySlice(arraySort(groupUniqArrayArray(tags)), 1, 500) as tags,
            arraySlice(arraySort(groupUniqArray(source)), 1, 500) as sources,
            arraySlice(arraySort(groupUniqArrayIf(country, country != '')), 1, 500) as countries
     from lead_facts final where workspace_id = {workspace:UUID} and state = 'active'`,
    { workspace: workspaceId },
  )
  return found ?? { tags: [], sources: [], countries: [] }
}

export interface FoundValue {
  /** as the copy has it: texts are folded */
  value: string
  count: number
  /** a lead that has it */
  leadId: string
}

/**
 * @param values over `lead_facts`: an Array(String)
 * @param matching over `value`; undefined for all
 */
export async function readValues(
  clickhouse: ClickHouse,
  workspaceId: string,
  values: Fragment,
  matching: Fragment | undefined,
): Promise<FoundValue[]> {
  const { text, params } = written(
    chSql`select value, count() as count, any(lead_id) as leadId
      from lead_facts final array join ${values} as value
      where workspace_id = ${param('UUID', workspaceId)} and state = 'active' and value != '' and length(value) <= 200
        and ${matching ?? chSql`1`}
      group by value order by count desc, value limit 20`,
  )
  const found = await ask<FoundValue>(clickhouse, text, params, { maxSeconds: 5 })
  return found.map((row) => ({ ...row, count: Number(row.count) }))
}
