// The leads behind a number of a report, those seen last first.
import { chSql, param, written } from '../../conditions/index.ts'
import { presentLeads } from '../../leads/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf, ReplyOf } from '../../lib/endpoint.ts'
import { askPage } from '../../platform/clickhouse.ts'
import type { Services } from '../../platform/services.ts'
import { behindSql } from './behind.ts'
import type { listLeadsBehind } from './contract.ts'
import { scopeOf } from './scope.ts'

/** Throws a Refusal (400) for a filter or a measure that cannot be. */
export async function readLeadsBehind(
  services: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  workspaceId: WorkspaceId,
  asked: QueryOf<typeof listLeadsBehind>,
): Promise<ReplyOf<typeof listLeadsBehind>> {
  const scope = await scopeOf(services, workspaceId, { ...asked, compare: 'none' })
  const { text, params } = written(
    chSql`select lead_id as id from ${scope.rows} where ${scope.leads} and ${behindSql(scope, asked.of, asked.value)}
          order by last_seen_at desc nulls last, lead_id
          limit ${param('Int64', asked.limit)} offset ${param('Int64', asked.offset)}`,
  )
  const page = await askPage<{ id: string }>(services.clickhouse, text, params, {
    exact_rows_before_limit: 1,
  })
  const ids = page.rows.map(({ id }) => id)
  const leads = new Map((await presentLeads(services.db, workspaceId, ids)).map((lead) => [lead.id, lead]))
  return { total: page.rowsBeforeLimit, items: ids.flatMap((id) => leads.get(id) ?? []) }
}
