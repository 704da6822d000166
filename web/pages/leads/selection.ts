// Which leads of the list are picked: some by name, or all that the list's question finds.
import type { CallInput } from '../../call.ts'
import type { countSelection } from '../../../src/leads/bulk/contract.ts'
import type { LeadsAddress } from './address.ts'
import { leadsQuery } from './list-query.ts'

export type Picked = { all: false; ids: ReadonlySet<string> } | { all: true }

export const nothingPicked: Picked = { all: false, ids: new Set() }

/** What the server is asked to work on. */
export type SelectionInput = CallInput<typeof countSelection>['body']['selection']

export function selectionOf(picked: Picked, address: LeadsAddress): SelectionInput {
  if (!picked.all) return { ids: [...picked.ids] }
  const { search, filter, audience } = leadsQuery(address)
  return { search, filter, audience }
}

export function isPicked(picked: Picked): boolean {
  return picked.all || picked.ids.size > 0
}
