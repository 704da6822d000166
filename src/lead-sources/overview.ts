// How each source of leads stands: its connection, its health, what it caught, and what is to be done at the vendor.
import { connectors, readConnections, settingsOf } from '../connectors/index.ts'
import type { ConnectionRow } from '../connectors/index.ts'
import type { ReplyOf } from '../lib/endpoint.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import type * as contract from './contract.ts'
import type { LeadSourceCard } from './contract.ts'
import { healthOf } from './health.ts'
import { webhookUrl } from './listening.ts'
import { sourceOf } from './source.ts'
import { countCaught, readStates } from './store/states.ts'
import type { CaughtCounts, SourceState } from './store/states.ts'

/** How each source of leads stands. @param origin of this installation, as vendors reach it */
export async function listSources(
  services: Services,
  workspaceId: string,
  origin: string,
): Promise<ReplyOf<typeof contract.listLeadSources>> {
  const now = services.clock()
  const [connections, states, counts] = await Promise.all([
    readConnections(services.db, workspaceId),
    readStates(services.db, workspaceId),
    countCaught(services.db, workspaceId, now),
  ])
  const sources = connectors.filter(({ leads }) => leads)
  return {
    catalogue: sources.map(({ id, name, summary, initials }) => ({ connector: id, name, summary, initials })),
    items: connections
      .filter(({ connector }) => sources.some(({ id }) => id === connector))
      .map((connection) =>
        cardOf(services, connection, {
          origin,
          state: states.find(({ connectionId }) => connectionId === connection.id),
          counts: counts.find(({ connectionId }) => connectionId === connection.id),
        }),
      ),
  }
}

function cardOf(
  services: Services,
  connection: ConnectionRow,
  known: { origin: string; state: SourceState | undefined; counts: CaughtCounts | undefined },
): LeadSourceCard {
  const connector = sourceOf(connection.connector)
  const { leads } = connector
  const { state, counts } = known
  const settings = readableSettings(services, connection)
  const url = webhookUrl(known.origin, connector, connection.id)
  const at = (instant: Date | null | undefined) => instant?.toISOString() ?? null
  const health = healthOf(
    {
      status: connection.status,
      connectionProblem: connection.problem,
      vendor: connector.name,
      listeningAt: state?.listeningAt ?? null,
      canListen: leads.listen !== undefined,
      problem: state?.problem ?? null,
      waitingSince: counts?.waitingSince ?? null,
      failed: counts?.failed ?? 0,
      toldAt: state?.toldAt ?? null,
      lastLeadAt: counts?.lastLeadAt ?? null,
      lastTestAt: counts?.lastTestAt ?? null,
      caughtUpAt: state?.caughtUpAt ?? null,
      canCatchUp: leads.catchUp !== undefined,
      challengedAt: state?.challengedAt ?? null,
      challengedEveryMs: leads.challengedEveryMs ?? null,
      warning: settings ? (leads.warning?.(settings, services.clock()) ?? null) : null,
    },
    services.clock(),
  )
  return {
    connectionId: connection.id,
    connector: connection.connector,
    path: leads.path,
    name: connection.name,
    status: connection.status,
    ...health,
    webhookUrl: url,
    steps: settings
      ? leads.setUp(settings, url).map(({ label, value }) => ({ label, value: value ?? null }))
      : [],
    isListening: state?.listeningAt !== null && state?.listeningAt !== undefined,
    canListen: leads.listen !== undefined,
    canCatchUp: leads.catchUp !== undefined,
    canListForms: leads.forms !== undefined,
    canSendTest: leads.sendTest !== undefined,
    testHow: leads.testHow,
    isCatchingUp: state?.catchingSince !== null && state?.catchingSince !== undefined,
    waiting: counts?.waiting ?? 0,
    caught: counts?.caught ?? 0,
    tests: counts?.tests ?? 0,
    failed: counts?.failed ?? 0,
    withdrawn: counts?.withdrawn ?? 0,
    missed: state?.missed ?? 0,
    quality: counts?.quality ?? null,
    lastLeadAt: at(counts?.lastLeadAt),
    lastTestAt: at(counts?.lastTestAt),
    toldAt: at(state?.toldAt),
    challengedAt: at(state?.challengedAt),
    caughtUpAt: at(state?.caughtUpAt),
  }
}

// Secrets sealed under another key leave the steps out; the connection itself says what to do.
function readableSettings(services: Services, connection: ConnectionRow): Record<string, unknown> | null {
  try {
    const settings = settingsOf(services, connection)
    return sourceOf(connection.connector).settings.safeParse(settings).success ? settings : null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
