// The webhook of Meta's lead ads: its challenge, its signature over the bytes as they came, and what a delivery tells. Pure.
import { createHmac } from 'node:crypto'
import { isSameText } from '../same-text.ts'
import { asObject } from '../exchange.ts'
import type { LeadNotice, LeadWebhook } from '../lead-source.ts'
import type { FacebookSettings } from './index.ts'

/** What Meta repeats when it asks whether the address is ours; made of the app's secret, so that nobody has to invent one. */
export function verifyToken({ appSecret }: FacebookSettings): string {
  return createHmac('sha256', appSecret).update('throughline verify token').digest('hex').slice(0, 32)
}

// https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
export function answerChallenge(
  query: Readonly<Record<string, string>>,
  settings: FacebookSettings,
): { type: string; body: string } | null {
  const challenge = query['hub.challenge'] ?? ''
  const isOurs =
    query['hub.mode'] === 'subscribe' && isSameText(query['hub.verify_token'] ?? '', verifyToken(settings))
  return isOurs && challenge !== '' ? { type: 'text/plain', body: challenge } : null
}

/** Meta signs the text with everything but ASCII escaped, which is how it sends it: only the bytes received can be checked. */
export function verifiesDelivery({ raw, headers }: LeadWebhook, { appSecret }: FacebookSettings): boolean {
  const given = headers['x-hub-signature-256'] ?? ''
  return isSameText(given, `sha256=${createHmac('sha256', appSecret).update(raw).digest('hex')}`)
}

/** A delivery may tell of several pages of the app: only those of this one are read. */
export function readDelivery(
  payload: unknown,
  { pageId }: FacebookSettings,
): { notices: LeadNotice[] } | { refused: string } {
  const { object, entry } = asObject(payload) ?? {}
  if (object !== 'page' || !Array.isArray(entry)) return { refused: 'It tells of no page.' }
  const notices = entry
    .map(asObject)
    .filter((one) => one !== null && idOf(one.id) === pageId)
    .flatMap((one) => (Array.isArray(one?.changes) ? one.changes.map(asObject) : []))
    .flatMap((change) => {
      const value = asObject(change?.value)
      const leadId = idOf(value?.leadgen_id)
      if (change?.field !== 'leadgen' || leadId === '') return []
      const seconds = Number(value?.created_time)
      return {
        leadId,
        formId: idOf(value?.form_id),
        act: 'left' as const,
        at: seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000).toISOString() : null,
      }
    })
  return { notices }
}

/** As Meta documents it: https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#leadgen */
export const exampleDelivery = {
  object: 'page',
  entry: [
    {
      id: '1234567890123456',
      time: 1_763_600_000,
      changes: [
        {
          field: 'leadgen',
          value: {
            leadgen_id: '910000000000000001',
            page_id: '1234567890123456',
            form_id: '4000000000000001',
            adgroup_id: '6100000000000001',
            ad_id: '6000000000000001',
            created_time: 1_763_600_000,
          },
        },
      ],
    },
  ],
}

// Ids come as texts or as numbers; those too large for a number were kept as texts.
function idOf(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return /^\d{1,30}$/.test(text) ? text : ''
}
