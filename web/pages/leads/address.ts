// What the address of the lead list says: search, audience, order, filter. Pure; app.tsx validates with it.
import { conditionSchema } from '../../../src/conditions/contract.ts'
import type { Condition } from '../../../src/conditions/contract.ts'
import type { Sort } from '../../ui/data-table.tsx'

export interface LeadsAddress {
  q?: string
  /** known leads unless told */
  audience?: 'anonymous' | 'all'
  status?: 'binned'
  /** last seen unless told; the server says which there are */
  sort?: string
  /** newest or highest first unless told */
  order?: 'asc'
  filter?: Condition
  /** the saved view it began with; `none`: the whole list, though another view is the member's first */
  view?: string
}

/** Takes what is well formed and leaves the rest out. */
export function leadsAddress(search: Record<string, unknown>): LeadsAddress {
  const filter = search.filter === undefined ? undefined : conditionSchema.safeParse(search.filter)
  return {
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q.slice(0, 200) } : {}),
    ...(search.audience === 'anonymous' || search.audience === 'all' ? { audience: search.audience } : {}),
    ...(search.status === 'binned' ? { status: search.status } : {}),
    ...(typeof search.sort === 'string' ? { sort: search.sort } : {}),
    ...(search.order === 'asc' ? { order: search.order } : {}),
    ...(filter?.success ? { filter: filter.data } : {}),
    ...(typeof search.view === 'string' && /^(none|[0-9a-f-]{36})$/.test(search.view)
      ? { view: search.view }
      : {}),
  }
}

export function sortOf({ sort, order }: LeadsAddress): Sort {
  return { by: sort ?? 'lastSeenAt', order: order ?? 'desc' }
}

/** The part of an address that says this order; the usual one is left unsaid. */
export function sortPart({ by, order }: Sort): Pick<LeadsAddress, 'sort' | 'order'> {
  return {
    sort: by === 'lastSeenAt' ? undefined : by,
    order: order === 'asc' ? 'asc' : undefined,
  }
}

/** Whether something narrows the list beside the audience. */
export function isNarrowed({ q, filter }: LeadsAddress): boolean {
  return q !== undefined || filter !== undefined
}
