// Puts news into the outbox, once for each webhook that wants them.
import { inTransaction } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { send } from '../jobs.ts'
import type { Outgoing } from '../store.ts'
import { WEBHOOK_KIND } from './shipping.ts'
import { readSegmentNames, readSubscriptions, readToldOrders, takeNews } from './store.ts'
import type { News, Subscription } from './store.ts'

const AT_ONCE = 500

/** Tells webhooks what happened since it was last asked. @returns how many news there were, 500 at most */
export async function tellWebhooks({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<number> {
  return inTransaction(db, async (tx) => {
    const news = await takeNews(tx, AT_ONCE)
    if (news.length === 0) return 0
    const workspaceIds = [...new Set(news.map(({ workspaceId }) => workspaceId))]
    const [subscriptions, orders, segments] = await Promise.all([
      readSubscriptions(tx, workspaceIds),
      readToldOrders(tx, workspaceIds, named(news, 'orderId')),
      readSegmentNames(tx, workspaceIds, named(news, 'segmentId')),
    ])
    const outgoing = news.flatMap((one) => {
      const { orderId, segmentId, ...details } = one.details
      const data = {
        ...details,
        ...(typeof orderId === 'string' && { order: orders.get(orderId) ?? null }),
        ...(typeof segmentId === 'string' && {
          segment: { id: segmentId, name: segments.get(segmentId) ?? '' },
        }),
      }
      return subscriptions.filter((asked) => wants(asked, one)).map((asked) => outgoingOf(asked, one, data))
    })
    await send(tx, outgoing, clock())
    return news.length
  })
}

/** Whether a webhook is told of something. Pure. */
export function wants(asked: Subscription, { workspaceId, type, details }: News): boolean {
  if (asked.workspaceId !== workspaceId || !asked.types.includes(type)) return false
  if (typeof details.segmentId === 'string')
    return asked.segmentIds.length === 0 || asked.segmentIds.includes(details.segmentId)
  if (type === 'lead.score_reached')
    return Number(details.before) < asked.scoreFrom && Number(details.score) >= asked.scoreFrom
  return true
}

function outgoingOf(asked: Subscription, one: News, data: Record<string, unknown>): Outgoing {
  return {
    workspaceId: one.workspaceId,
    connectionId: asked.id,
    kind: WEBHOOK_KIND,
    key: one.key,
    leadId: one.leadId,
    event: one.type,
    occurredAt: one.happenedAt.toISOString(),
    item: { data: one.type === 'lead.score_reached' ? { ...data, threshold: asked.scoreFrom } : data },
  }
}

function named(news: readonly News[], name: string): string[] {
  return [...new Set(news.flatMap(({ details }) => (typeof details[name] === 'string' ? details[name] : [])))]
}
