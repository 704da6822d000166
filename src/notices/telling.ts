// Notices as events of webhooks: each told once, and what goes on happening once an hour. Pure.
import type { WebhookNews } from '../deliveries/webhooks/index.ts'
import type { WebhookType } from '../deliveries/webhooks/contract.ts'
import type { Candidate } from './candidates.ts'
import type { NoticeKind } from './contract.ts'

const HOUR_MS = 3_600_000

const TYPES: Partial<Record<NoticeKind, WebhookType>> = {
  lost_connection: 'notice.connection_lost',
  stopped_webhook: 'notice.connection_lost',
  failed_deliveries: 'notice.deliveries_failing',
  finished_import: 'notice.import_done',
  failed_import: 'notice.import_failed',
  parked_messages: 'notice.messages_parked',
  refused_events: 'notice.events_refused',
  abandoned_carts: 'notice.carts_abandoned',
}

/** Types that notices become. */
export const toldTypes: readonly WebhookType[] = [...new Set(Object.values(TYPES))]

/** Of what happened within the last hour; the outbox takes each under its key once, however often it is asked. */
export function webhookNewsOf(found: readonly Candidate[], workspaceId: string, now: Date): WebhookNews[] {
  return found.flatMap(({ kind, subject, happenedAt, count, about }) => {
    const type = TYPES[kind]
    if (!type || happenedAt <= now.getTime() - HOUR_MS) return []
    return [
      {
        workspaceId,
        type,
        key: `${type}:${subject}:${Math.floor(happenedAt / HOUR_MS)}`,
        leadId: null,
        happenedAt: new Date(happenedAt),
        details: { kind, subject: subject === '' ? null : subject, count, about },
      },
    ]
  })
}
