// Turns the address of the lead list into what is asked of the server.
import { leadSorts } from '../../../src/leads/contract.ts'
import { sortOf } from './address.ts'
import type { LeadsAddress } from './address.ts'

/** The input of `listLeads` for an address. */
export function leadsQuery(address: LeadsAddress) {
  const { by, order } = sortOf(address)
  return {
    search: address.q,
    audience: address.status === 'binned' ? ('all' as const) : (address.audience ?? ('known' as const)),
    status: address.status ?? ('active' as const),
    sort: leadSorts.find((name) => name === by) ?? ('lastSeenAt' as const),
    order,
    filter: address.filter ? JSON.stringify(address.filter) : undefined,
    limit: 100,
  }
}
