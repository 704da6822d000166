// From a selection to its leads: how many they are, and their ids as they were at one instant.
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import type { Selection } from './bulk/contract.ts'
import { catchUp } from './fact-feed.ts'
import { copyFilterOf, filterOf } from './list.ts'
import { countPacked, unpacked } from './packed-ids.ts'
import { isCopyAway, isOnlyInCopy, sourceOf } from './source.ts'
import { countInCopy, countRecords, packInCopy, packRecords } from './store/selection.ts'
import type { WantedInCopy, WantedRecords } from './store/selection.ts'

export type SelectionWorld = Pick<Services, 'db' | 'clickhouse' | 'clock'>

export interface Selected {
  workspaceId: string
  selection: Selection
  status: 'active' | 'binned'
}

/** The leads that a selection had at one instant, in the order of their ids; 16 bytes of memory each. */
export interface FixedLeads {
  count: number
  /** so many ids at a time */
  pages(size: number): Generator<string[]>
}

/** How many leads a selection has. Refuses what `fixLeads` refuses. */
export async function countLeads(world: SelectionWorld, selected: Selected): Promise<number> {
  return answered(
    world,
    selected,
    (wanted) => countRecords(world.db, wanted),
    (wanted) => countInCopy(world.clickhouse, wanted),
  )
}

/**
 * The leads of a selection now. Throws a Refusal where its filter asks for what is not there (400), and (503) where only
 * ClickHouse knows and it is away (`leads_unreachable`) or its copy is too far behind (`leads_filling`, `leads_behind`).
 */
export async function fixLeads(world: SelectionWorld, selected: Selected): Promise<FixedLeads> {
  const packed = await answered(
    world,
    selected,
    (wanted) => packRecords(world.db, wanted),
    (wanted) => packInCopy(world.clickhouse, wanted),
  )
  return { count: countPacked(packed), pages: (size) => unpacked(packed, size) }
}

// Asked of the copy like the list, but only once it knows what was written before: what is done to the leads found must not
// go by what they were. Where it cannot know soon, PostgreSQL answers, slower, as far as it can.
async function answered<T>(
  { db, clickhouse, clock }: SelectionWorld,
  { workspaceId, selection, status }: Selected,
  inRecords: (wanted: WantedRecords) => Promise<T>,
  inCopy: (wanted: WantedInCopy) => Promise<T>,
): Promise<T> {
  if ('ids' in selection) return inRecords({ workspaceId, status, ids: selection.ids })
  const { audience, filter } = selection
  const search = selection.search !== undefined && selection.search.length >= 2 ? selection.search : undefined
  const question = { workspaceId, status, audience, search }
  const now = clock()
  const isEverybody = search === undefined && filter === undefined
  if (!isEverybody && (await sourceOf(db, workspaceId, { search, filter })) === 'copy') {
    const wanted = { ...question, filter: await copyFilterOf(db, workspaceId, { filter }, now) }
    try {
      const behind = await catchUp({ db, clickhouse }, workspaceId)
      if (behind === 0) return await inCopy(wanted)
      if (isOnlyInCopy(filter)) throw copyBehind(behind)
    } catch (error) {
      if (!isCopyAway(error)) throw error
      if (isOnlyInCopy(filter)) throw copyUnreachable()
    }
  }
  return inRecords({ ...question, filter: await filterOf(db, workspaceId, { filter }, now) })
}

function copyBehind(leads: number): Refusal {
  return new Refusal(
    'leads_behind',
    503,
    `${leads} leads changed a moment ago and are still being made ready for filters, so this one could find leads that no longer fit. Try again in a minute or two, or filter by what stands on the lead.`,
    { retryAfterSeconds: 30, details: { leads } },
  )
}

function copyUnreachable(): Refusal {
  return new Refusal(
    'leads_unreachable',
    503,
    'Events, consents and orders are filtered in ClickHouse, which cannot be reached right now. Nothing was changed; try again soon, or filter by what stands on the lead.',
    { retryAfterSeconds: 5 },
  )
}
