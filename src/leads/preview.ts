// How many leads a condition fits right now, and who some of them are: what a builder shows while a rule is written.
import { checkCondition, chSql, conditionSql } from '../conditions/index.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { Db } from '../platform/postgres.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import type { previewLeads as previewEndpoint } from './contract.ts'
import { factsOfWorkspace } from './filter.ts'
import { presentLead } from './presenter.ts'
import { readLeadRows } from './store.ts'
import { readActivity } from './store/detail.ts'
import { findPlacesInCopy } from './store/list-copy.ts'
import { isCopyWhole } from './store/lead-facts.ts'

/** Leads shown as examples. */
const EXAMPLES = 20

/** Asks the copy of the leads. Throws `log_unreachable` (503) while ClickHouse is away. */
export async function previewLeads(
  { db, clickhouse }: { db: Db; clickhouse: ClickHouse },
  workspaceId: string,
  { condition, audience }: BodyOf<typeof previewEndpoint>,
  now: Date,
): Promise<ReplyOf<typeof previewEndpoint>> {
  const { facts, timeZone } = await factsOfWorkspace(db, workspaceId)
  const checked = checkCondition(condition, facts)
  const scope = { now, timeZone, workspaceId, leadId: chSql`lead_id` }
  const [{ places, total }, isWhole] = await Promise.all([
    findPlacesInCopy(clickhouse, {
      workspaceId,
      status: 'active',
      audience,
      search: undefined,
      filter: conditionSql(checked, scope),
      sort: 'lastSeenAt',
      order: 'desc',
      after: undefined,
      limit: EXAMPLES,
    }),
    isCopyWhole(db, workspaceId),
  ])
  const ids = places.map((place) => place.id)
  const [leads, activity] = await Promise.all([readLeadRows(db, ids), readActivity(db, ids)])
  const examples = ids.flatMap((id) => {
    const lead = leads.get(id)
    const isShown = lead?.workspace_id === workspaceId && lead.status === 'active'
    return isShown ? [presentLead(lead, activity.get(id))] : []
  })
  return { count: total, examples, isPartial: !isWhole }
}
