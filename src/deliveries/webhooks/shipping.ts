// How events leave to webhooks: with what the lead is like by then, signed anew for each attempt, tried for a day.
import { postEvent, showRequests } from '../../connectors/index.ts'
import type { Wire } from '../../connectors/index.ts'
import type { Shipper, Verdict } from '../shipper.ts'
import { bodyOf, headersOf } from './message.ts'
import type { Message, Secrets } from './message.ts'
import { readToldLeads } from './store.ts'

/** The kind of its deliveries. */
export const WEBHOOK_KIND = 'webhook'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The schedule that Standard Webhooks proposes, as far as it lies within a day. */
const TRIES_AT_MS = [
  5_000,
  5 * MINUTE_MS,
  35 * MINUTE_MS,
  155 * MINUTE_MS,
  8 * HOUR_MS,
  16 * HOUR_MS,
  24 * HOUR_MS,
]

/** Four at once, each with 20 s to answer: a turn ends before its claim. */
const ITEMS_OF_A_TURN = 16

/** @param clock of the attempts that are signed */
export function webhookShipper(clock: () => Date): Shipper {
  return {
    triesAtMs: TRIES_AT_MS,
    turn: () => ITEMS_OF_A_TURN,

    async door(db, wire, items) {
      const ids = items.flatMap(({ leadId }) => leadId ?? [])
      const leads = await readToldLeads(db, wire.connection.workspaceId, ids)
      return items.map((one): Verdict => {
        const lead = one.leadId === null ? null : leads.get(one.leadId)
        if (lead === undefined)
          return {
            kind: 'withheld',
            reason: 'lead_gone',
            words: 'The person was erased, or lies in the bin.',
          }
        const message: Message = {
          id: `msg_${one.id}`,
          type: one.event,
          timestamp: one.occurredAt.toISOString(),
          data: { ...(lead && { lead }), ...asObject(one.item.data) },
        }
        return { kind: 'goes', payload: message }
      })
    },

    group: (_wire, payloads) => payloads.map((_, place) => [place]),

    async send(wire, payloads) {
      const message = payloads[0] as Message
      return [
        await wire.run(() =>
          postEvent(bodyOf(message), headersOf(message, secretsOf(wire, clock()), clock())),
        ),
      ]
    },

    // A receiver recognises a repeat by its webhook-id.
    honoursRepeat: () => true,

    problemOf: (words) =>
      `The receiver answered that it wants no more events (410), so that nothing is sent there. Switch the webhook on again once it does. It said: ${words.slice(0, 300)}`,

    show(connector, settings, payload, where) {
      const message = payload as Message
      const headers = { 'webhook-id': message.id, 'webhook-timestamp': AT_EACH, 'webhook-signature': AT_EACH }
      return showRequests(connector, settings, () => postEvent(bodyOf(message), headers), where)[0] ?? null
    },
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? { ...value } : {}
}

const AT_EACH = '[made for each attempt]'

/** The secrets of a webhook that sign at a moment. */
export function secretsOf(wire: Pick<Wire, 'link'>, at: Date): Secrets {
  const settings = wire.link.settings as { secret: string; previousSecret?: string; previousUntil?: string }
  const isOverlapping = settings.previousUntil !== undefined && new Date(settings.previousUntil) > at
  return {
    secret: settings.secret,
    ...(isOverlapping && settings.previousSecret && { previousSecret: settings.previousSecret }),
  }
}
