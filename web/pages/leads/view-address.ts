// A saved view as an address of the list, and back. Pure.
import { conditionSchema } from '../../../src/conditions/contract.ts'
import type { SavedView, createView } from '../../../src/leads/views/contract.ts'
import type { CallInput } from '../../call.ts'
import { sortPart } from './address.ts'
import type { LeadsAddress } from './address.ts'
import { leadsQuery } from './list-query.ts'

/** The list without view, search and filter. */
export const wholeList: Partial<LeadsAddress> = {
  view: undefined,
  q: undefined,
  audience: undefined,
  filter: undefined,
  sort: undefined,
  order: undefined,
  status: undefined,
}

export function addressOfView({ id, question }: SavedView): Partial<LeadsAddress> {
  const filter =
    question.filter === undefined ? undefined : conditionSchema.safeParse(JSON.parse(question.filter))
  return {
    ...wholeList,
    view: id,
    q: question.search,
    audience: question.audience === 'known' ? undefined : question.audience,
    filter: filter?.success ? filter.data : undefined,
    ...sortPart({ by: question.sort, order: question.order }),
  }
}

/** What is saved of an address. */
export function questionOfAddress(address: LeadsAddress): CallInput<typeof createView>['body']['question'] {
  const { search, audience, sort, order, filter } = leadsQuery({ ...address, status: undefined })
  return { search, audience, sort, order, filter }
}

/** Whether the list stands otherwise than the view was saved. */
export function isChanged(view: SavedView, address: LeadsAddress, columns: readonly string[]): boolean {
  const saved = JSON.stringify(comparable(questionOfAddress(addressOfView(view))))
  if (JSON.stringify(comparable(questionOfAddress(address))) !== saved) return true
  return view.columns !== null && [...view.columns].sort().join() !== [...columns].sort().join()
}

function comparable(question: ReturnType<typeof questionOfAddress>) {
  return [question.search, question.audience, question.sort, question.order, question.filter]
}
