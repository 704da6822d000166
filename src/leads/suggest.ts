// Values to choose from while a condition is written.
import { chSql, fold, foldSql, param } from '../conditions/index.ts'
import type { Fact, Fragment } from '../conditions/index.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { Refusal } from '../lib/refusal.ts'
import { textProblem } from '../lib/text.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { Db } from '../platform/postgres.ts'
import type { suggestValues as endpoint } from './contract.ts'
import type { LeadSubject } from './facts.ts'
import { factsOfWorkspace } from './filter.ts'
import { readLeadRows } from './store.ts'
import { readValues } from './store/suggest.ts'

/** Throws a Refusal (400) for a fact that has no values to choose from. */
export async function suggestValues(
  { db, clickhouse }: { db: Db; clickhouse: ClickHouse },
  workspaceId: string,
  { fact: name, search }: QueryOf<typeof endpoint>,
): Promise<ReplyOf<typeof endpoint>> {
  const problem = textProblem(JSON.stringify(search))
  if (problem) throw new Refusal('value_unfit', 400, problem)
  const { facts } = await factsOfWorkspace(db, workspaceId)
  const fact = facts.byName.get(name)
  const values = fact && valuesSql(fact)
  if (!values) {
    throw new Refusal(
      'fact_unknown',
      400,
      `${fact?.label ?? name} has no values to choose from; ask for a text, tags or a choice.`,
    )
  }
  const matching =
    search === ''
      ? undefined
      : chSql`position(${foldSql(chSql`value`)}, ${param('String', fold(search))}) > 0`
  const found = await readValues(clickhouse, workspaceId, values, matching)
  if (fact.type !== 'text') return { items: found.map(({ value, count }) => ({ value, count })) }
  // The copy has texts in lower case; one lead that has the value tells how it is written.
  const rows = await readLeadRows(
    db,
    found.map(({ leadId }) => leadId),
  )
  return {
    items: found.map(({ value, count, leadId }) => {
      const record = rows.get(leadId)
      const written =
        record && fact.read({ record, consents: {}, activity: undefined, orders: undefined }, NEVER)
      return { value: written && fold(written) === value ? written : value, count }
    }),
  }
}

// No text moves with time.
const NEVER = { now: new Date(0), timeZone: 'UTC' }

function valuesSql(fact: Fact<LeadSubject>): Fragment | undefined {
  switch (fact.type) {
    case 'tags':
      if ('each' in fact.column) return undefined
      return chSql`arrayMap(tag -> toString(tag), ${fact.column.sql})`
    case 'choice':
      // What moves with time has values of its own making, which whoever declares it lists.
      if (typeof fact.column.sql === 'function') return undefined
      return chSql`[toString(${fact.column.sql})]`
    case 'text':
      return chSql`[toString(${fact.column.sql})]`
    default:
      return undefined
  }
}
