// The filters of the deliveries that stand in the address.
import { deliveryStatuses } from '../../../src/deliveries/contract.ts'
import type { DeliveryStatus } from '../../../src/deliveries/contract.ts'

export interface DeliveriesAddress {
  status?: DeliveryStatus
  connection?: string
  /** the delivery whose detail is open */
  open?: string
}

export function deliveriesAddress(search: Record<string, unknown>): DeliveriesAddress {
  const status = deliveryStatuses.find((known) => known === search.status)
  const idOf = (value: unknown) =>
    typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined
  const [connection, open] = [idOf(search.connection), idOf(search.open)]
  return { ...(status && { status }), ...(connection && { connection }), ...(open && { open }) }
}
