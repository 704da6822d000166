// How webhooks are named: their states with a colour for each that means something, and their types in groups. Pure.
import { webhookTypes } from '../../../src/deliveries/webhooks/contract.ts'
import type { Webhook, WebhookType } from '../../../src/deliveries/webhooks/contract.ts'

export const statusWords: Record<Webhook['status'], { label: string; colour: string }> = {
  on: { label: 'On', colour: 'green' },
  off: { label: 'Off', colour: 'gray' },
  stopped: { label: 'Stopped', colour: 'red' },
}

/** Types in their groups, as the form shows them. */
export const typeGroups: { group: string; types: { type: WebhookType; label: string }[] }[] = [
  ...new Set(webhookTypes.map(({ group }) => group)),
].map((group) => ({ group, types: webhookTypes.filter((one) => one.group === group) }))

export function typeLabel(type: string): string {
  return webhookTypes.find((one) => one.type === type)?.label ?? type
}
