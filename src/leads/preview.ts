// How many leads a condition fits right now, and who some of them are: what a builder shows while a rule is written.
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { Db } from '../platform/postgres.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import type { previewLeads as previewEndpoint } from './contract.ts'
import { copyFilterOf, presentPlaces } from './list.ts'
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
  const filter = await copyFilterOf(db, workspaceId, { filter: condition }, now)
  const [{ places, total }, isWhole] = await Promise.all([
    findPlacesInCopy(clickhouse, {
      workspaceId,
      status: 'active',
      audience,
      search: undefined,
      filter,
      sort: 'lastSeenAt',
      order: 'desc',
      after: undefined,
      limit: EXAMPLES,
    }),
    isCopyWhole(db, workspaceId),
  ])
  const examples = await presentPlaces(db, workspaceId, 'active', places, now)
  return { count: total, examples, isPartial: !isWhole }
}
