// What vendors tell us by themselves: challenges are answered, what is signed is kept, and only then is it acknowledged.
import { noteEvent, readConnectionsOf, settingsOf } from '../connectors/index.ts'
import type { ConnectionRow, LeadNotice } from '../connectors/index.ts'
import { parseExactJson } from '../lib/exact-json.ts'
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { queueReading, queueWithdrawal } from './jobs.ts'
import { idOf, sourceOf, toldOf } from './source.ts'
import { insertCaught, markWithdrawn } from './store/caught.ts'
import { noteChallenge, noteTold } from './store/states.ts'

/** Which connections a webhook may be of: one, where its address says so, else all of the vendor's. */
export interface Place {
  connectorId: string
  /** from an address; another workspace's or none at all is answered alike */
  connectionId?: string
}

interface Candidate {
  connection: ConnectionRow
  settings: Record<string, unknown>
}

/** Answers a vendor that asks whether the address is ours. Throws a Refusal (403) where no connection knows the question. */
export async function answerChallenge(
  services: Services,
  place: Place,
  query: Readonly<Record<string, string>>,
): Promise<{ type: string; body: string }> {
  const { leads } = sourceOf(place.connectorId)
  for (const { connection, settings } of await candidates(services, place)) {
    const answer = leads.challenge?.(query, settings) ?? null
    if (!answer) continue
    await noteChallenge(services.db, idOf(connection), services.clock())
    return answer
  }
  throw new Refusal(
    'challenge_unknown',
    403,
    'No connection here knows this question. Compare the verify token or the client id with those of the connection.',
  )
}

/**
 * Keeps what a vendor tells of, for every connection that its signature holds for; it is read and put into the inbox afterwards. Throws a
 * Refusal where nobody signed it (401) or it cannot be read (400); whatever else is thrown means that the vendor should tell it again.
 */
export async function takeWebhook(
  services: Services,
  place: Place,
  webhook: { raw: Buffer; headers: Readonly<Record<string, string>> },
): Promise<void> {
  const { leads } = sourceOf(place.connectorId)
  const signed = (await candidates(services, place)).filter(({ settings }) => leads.verify(webhook, settings))
  if (signed.length === 0) {
    throw new Refusal(
      'signature_invalid',
      401,
      'No connection here has the secret that this was signed with. Compare the secret or key with that of the connection.',
    )
  }
  const payload = parsed(webhook.raw)
  for (const { connection, settings } of signed) {
    const read = leads.read(payload, settings)
    if ('refused' in read) throw new Refusal('lead_unreadable', 400, read.refused)
    if (read.notices.length > 0) await keep(services, connection, read.notices)
  }
}

async function keep(
  services: Services,
  connection: ConnectionRow,
  notices: readonly LeadNotice[],
): Promise<void> {
  const now = services.clock()
  await inTransaction(services.db, async (tx) => {
    const taken = [...new Set(notices.filter(({ act }) => act === 'withdrawn').map(({ leadId }) => leadId))]
    const undone = await markWithdrawn(tx, connection.id, taken, now)
    const told = notices.map((notice) => toldOf(connection, notice, 'webhook'))
    const isNew = (await insertCaught(tx, told, now)) > 0
    await noteTold(tx, idOf(connection), now)
    await noteEvent(tx, connection, now)
    for (const caughtId of undone) await queueWithdrawal(tx, connection.workspaceId, caughtId)
    if (isNew) await queueReading(tx, idOf(connection))
  })
}

// A connection whose secrets cannot be opened, or whose settings are of another time, must not keep the others from being asked.
async function candidates(services: Services, place: Place): Promise<Candidate[]> {
  const { settings: schema } = sourceOf(place.connectorId)
  const found = await readConnectionsOf(services.db, place.connectorId)
  return found
    .filter(({ id }) => place.connectionId === undefined || id === place.connectionId)
    .flatMap((connection) => {
      try {
        const settings = settingsOf(services, connection)
        return schema.safeParse(settings).success ? [{ connection, settings }] : []
      } catch (error) {
        if (error instanceof Refusal) return []
        throw error
      }
    })
}

function parsed(raw: Buffer): unknown {
  try {
    return parseExactJson(raw.toString('utf8'))
  } catch {
    throw new Refusal('lead_unreadable', 400, 'The body is no JSON.')
  }
}
