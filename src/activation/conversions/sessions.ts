// Visits as a destination counts them: what left, put together by session and client.
import type { Conversions } from '../../connectors/index.ts'
import { presentLeads } from '../../leads/index.ts'
import type { ReplyOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import type * as contract from './contract.ts'
import type { SentSession } from './contract.ts'
import { find } from './destinations.ts'
import { readSent } from './store.ts'
import type { SentRow } from './store.ts'

/** Events that are looked at. */
const MOST = 5_000

export async function listSentSessions(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  workspaceId: string,
  connectionId: string,
  days: number,
): Promise<ReplyOf<typeof contract.listSentSessions>> {
  const { connector } = await find(db, workspaceId, connectionId)
  const since = new Date(clock().getTime() - days * 86_400_000)
  const found = await readSent(db, workspaceId, connectionId, since, MOST)
  const { sessions, withoutSession } = sessionsOf(found, connector.conversions?.sessionOf)
  const ids = [...new Set(sessions.flatMap(({ leadId }) => leadId ?? []))]
  const labels = new Map((await presentLeads(db, workspaceId, ids)).map((lead) => [lead.id, lead.label]))
  return {
    items: sessions.map((one) => ({ ...one, leadLabel: labels.get(one.leadId ?? '') ?? null })),
    withoutSession,
    isCut: found.length === MOST,
  }
}

/** Puts what left together by visit, the newest visit first. Pure. @param sent the newest first */
export function sessionsOf(
  sent: readonly SentRow[],
  read: Conversions['sessionOf'],
): { sessions: Omit<SentSession, 'leadLabel'>[]; withoutSession: number } {
  const sessions = new Map<string, Omit<SentSession, 'leadLabel'>>()
  let withoutSession = 0
  for (const { leadId, occurredAt, status, payload } of sent) {
    const found = read?.(payload)
    if (!found) {
      withoutSession++
      continue
    }
    const at = occurredAt.toISOString()
    const key = `${found.clientId} ${found.sessionId}`
    const known = sessions.get(key)
    const delivered = status === 'sent' ? 1 : 0
    sessions.set(
      key,
      known
        ? {
            ...known,
            firstAt: at,
            leadId: known.leadId ?? leadId,
            events: [...new Set([...found.events, ...known.events])],
            count: known.count + 1,
            delivered: known.delivered + delivered,
            engagementMs: known.engagementMs + found.engagementMs,
            page: found.page || known.page,
          }
        : {
            ...found,
            leadId,
            startedAt: startOf(found.sessionId),
            firstAt: at,
            lastAt: at,
            count: 1,
            delivered,
          },
    )
  }
  return { sessions: [...sessions.values()], withoutSession }
}

// Tags name a session by the second in which it began.
function startOf(sessionId: string): string | null {
  return /^1\d{9}$/.test(sessionId) ? new Date(Number(sessionId) * 1000).toISOString() : null
}
