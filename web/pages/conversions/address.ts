// What of the conversions page stands in the address.

export interface ConversionsAddress {
  /** the id of the connection that is shown; the first unless told */
  destination?: string
}

export function conversionsAddress(search: Record<string, unknown>): ConversionsAddress {
  const { destination } = search
  return typeof destination === 'string' && /^[0-9a-f-]{36}$/i.test(destination) ? { destination } : {}
}
