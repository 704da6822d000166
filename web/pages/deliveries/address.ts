// The filters of the deliveries that stand in the address.
import type { DeliveryStatus } from '../../../src/deliveries/contract.ts'

// Written out, since the first paint waits for the addresses of all pages and not for the schemas of deliveries.
const statuses: Record<DeliveryStatus, true> = {
  waiting: true,
  sending: true,
  sent: true,
  withheld: true,
  refused: true,
  unknown: true,
}

export interface DeliveriesAddress {
  status?: DeliveryStatus
  connection?: string
  /** the delivery whose detail is open */
  open?: string
}

export function deliveriesAddress(search: Record<string, unknown>): DeliveriesAddress {
  const isStatus = (value: unknown): value is DeliveryStatus =>
    typeof value === 'string' && Object.hasOwn(statuses, value)
  const status = isStatus(search.status) ? search.status : undefined
  const idOf = (value: unknown) =>
    typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined
  const [connection, open] = [idOf(search.connection), idOf(search.open)]
  return { ...(status && { status }), ...(connection && { connection }), ...(open && { open }) }
}
