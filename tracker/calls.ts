// The shape of what is sent: calls of Segment's HTTP tracking API (https://segment.com/docs/connections/spec/common/).

export interface Call {
  type: 'page' | 'track' | 'identify' | 'group' | 'alias'
  messageId: string
  anonymousId: string
  userId?: string
  /** Instant of the act by the browser's clock, ISO. The server corrects it by `sentAt`. */
  timestamp: string
  context: Record<string, unknown>
  name?: string
  event?: string
  properties?: Record<string, unknown>
  traits?: Record<string, unknown>
  groupId?: string
  previousId?: string
}

/** A random UUID of version 4. `crypto.randomUUID` is missing on plain http pages. */
export function newId(): string {
  const digit = (): string => (crypto.getRandomValues(new Uint8Array(1))[0]! & 15).toString(16)
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit)
}
