// What an entry of a payload is to the inbox. Pure.
import type { Origin } from '../ingest/contract.ts'
import type { InboxRow } from '../ingest/index.ts'
import { newId } from '../lib/ids.ts'
import type { Entry } from './reading.ts'

/** The webhook that it came through. */
export interface Through {
  id: string
  workspaceId: string
  name: string
  /** the call proved whom it is from, so it may merge leads as a server may */
  isSigned: boolean
}

export function entryRow(through: Through, entry: Entry, deliveryId: string, now: Date): InboxRow {
  const messageId = `webhook:${through.id}:${entry.key}`
  const { userId, anonymousId, traits, properties, campaign, pageUrl, occurredAt } = entry
  const proof = { webhook: through.name, webhookId: through.id, delivery: deliveryId }
  const origin: Origin = {
    via: 'webhook',
    ...(through.isSigned ? { trusted: true } : {}),
    consents: entry.consents.map(({ purpose, state, said }) => ({
      purpose,
      state,
      proof: { ...proof, said },
    })),
  }
  return {
    id: newId(),
    receivedAt: now,
    workspaceId: through.workspaceId,
    lane: 'live',
    connection: `webhook:${through.id}`,
    source: 'webhook',
    messageId,
    sender: userId ?? anonymousId ?? String(traits.email ?? traits.phone ?? messageId).toLowerCase(),
    origin,
    text: JSON.stringify({
      type: 'track',
      event: entry.event,
      messageId,
      ...(userId ? { userId } : {}),
      ...(anonymousId ? { anonymousId } : {}),
      ...(occurredAt ? { timestamp: occurredAt } : {}),
      properties: { ...properties, webhook_id: through.id, webhook_name: through.name },
      context: {
        library: { name: 'throughline.webhook' },
        traits,
        ...(Object.keys(campaign).length > 0 ? { campaign } : {}),
        ...(pageUrl ? { page: { url: pageUrl } } : {}),
      },
    }),
  }
}
