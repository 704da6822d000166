// Where a question over leads is asked: in PostgreSQL, where they are written, or of their copy in ClickHouse.
import { leavesOf } from '../conditions/contract.ts'
import type { Condition } from '../conditions/contract.ts'
import { Refusal } from '../lib/refusal.ts'
import { isClickHouseUnreachable } from '../platform/clickhouse.ts'
import type { Db } from '../platform/postgres.ts'
import type { ListSource } from './cursor.ts'
import { listColumns } from './list-columns.ts'
import { isAddress, isLarge } from './store/list.ts'
import { isCopyWhole } from './store/lead-facts.ts'

export interface SourceQuestion {
  search: string | undefined
  filter: Condition | undefined
}

/**
 * Few leads are asked for where they are written, so that every change is seen at once; so is a whole address, by its index.
 * What only the copy knows, such as events, is asked of it however few they are; refused (503 `leads_filling`) while it is
 * filled.
 */
export async function sourceOf(
  db: Db,
  workspaceId: string,
  { search, filter }: SourceQuestion,
): Promise<ListSource> {
  if (isOnlyInCopy(filter)) {
    return copyOrRefuse(db, workspaceId)
  }
  if (search !== undefined && isAddress(search)) return 'records'
  return (await isLarge(db, workspaceId)) && (await isCopyWhole(db, workspaceId)) ? 'copy' : 'records'
}

/** For what only the copy knows; refuses (503 `leads_filling`) while it is filled. */
export async function copyOrRefuse(db: Db, workspaceId: string): Promise<'copy'> {
  if (!(await isCopyWhole(db, workspaceId))) throw copyFilled()
  return 'copy'
}

/** Whether a filter asks for what PostgreSQL is not asked for: events, consents, orders. */
export function isOnlyInCopy(filter: Condition | undefined): boolean {
  return (
    filter !== undefined &&
    leavesOf(filter).some(
      ({ leaf }) => 'event' in leaf || !(leaf.fact.startsWith('fields.') || columnOf(leaf.fact)),
    )
  )
}

/** Whether an error says that the copy cannot be read now. */
export function isCopyAway(error: unknown): boolean {
  return error instanceof Refusal ? error.code === 'log_unreachable' : isClickHouseUnreachable(error)
}

const columnOf = listColumns([])

function copyFilled(): Refusal {
  return new Refusal(
    'leads_filling',
    503,
    'What leads did is being made ready for filters; that takes a minute or two after an upgrade. Try again soon, or filter by what stands on the lead.',
    { retryAfterSeconds: 10 },
  )
}
