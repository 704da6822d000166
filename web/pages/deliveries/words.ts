// How deliveries are named: their statuses with a colour for each that means something.
import type { Delivery, DeliveryStatus } from '../../../src/deliveries/contract.ts'
import { reasonWords } from '../../../src/deliveries/contract.ts'
import { webhookTypes } from '../../../src/deliveries/webhooks/contract.ts'
import { eventLabel } from '../../../src/events/contract.ts'

export const statusWords: Record<DeliveryStatus, { label: string; colour: string }> = {
  waiting: { label: 'Waiting', colour: 'gray' },
  sending: { label: 'Under way', colour: 'gray' },
  sent: { label: 'Sent', colour: 'green' },
  withheld: { label: 'Withheld', colour: 'gray' },
  refused: { label: 'Refused', colour: 'red' },
  unknown: { label: 'Unknown', colour: 'yellow' },
}

/** What it tells of. */
export function labelOf({ kind, event }: Pick<Delivery, 'kind' | 'event'>): string {
  return kind === 'webhook'
    ? (webhookTypes.find(({ type }) => type === event)?.label ?? event)
    : eventLabel(event)
}

/** Why it stands as it does, in a line. */
export function whyOf({ reason, words, status }: Pick<Delivery, 'reason' | 'words' | 'status'>): string {
  if (reason && reason !== 'vendor_refused' && reason !== 'rules_broken') return reasonWords[reason]
  if (status === 'sent') return ''
  return words ?? ''
}
