// An open connection: plays exchanges over the executor, with its address, token and pace, and notes each call without secrets.
import { workspaceSettings } from '../accounts/index.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { missing } from '../lib/refusal.ts'
import { addressOf, timedCall } from '../platform/http.ts'
import type { OutgoingRequest } from '../platform/http.ts'
import type { Services } from '../platform/services.ts'
import { baseAddress, hiding } from './address.ts'
import type { Connector, Link } from './connector.ts'
import type { Answer, Exchange, VendorRequest } from './exchange.ts'
import { wordsOf } from './exchange.ts'
import { destinationOf } from './registry.ts'
import { openSecrets, secretsOf } from './secrets.ts'
import type { Kept } from './secrets.ts'
import { insertCalls, noteEvent, readConnection } from './store.ts'
import type { CallLine, ConnectionRow } from './store.ts'
import { freshKept, refreshed } from './tokens.ts'

export type WireServices = Pick<Services, 'db' | 'clock' | 'settings' | 'secretKey' | 'log'>

/** A connection that can be talked over. */
export interface Wire {
  connection: ConnectionRow
  connector: Connector
  link: Link
  /** true where it talks to the sandbox */
  isTest: boolean
  /**
   * Plays an exchange to its end.
   * @param items that travel in its calls, for the list of calls
   */
  run<T>(make: (link: Link) => Exchange<T>, items?: number): Promise<T>
  /** a text without the connection's secrets */
  hide(text: string): string
  /** writes down the calls made so far */
  flush(): Promise<void>
}

/** Opens a connection; a token that is about to end is refreshed first. Throws 404 where there is none, or its vendor is gone. */
export async function openWire(services: WireServices, workspaceId: string, id: string): Promise<Wire> {
  const connection = await readConnection(services.db, workspaceId, id)
  const connector = connection && destinationOf(connection.connector)
  if (!connection || !connector) throw missing('connection', id)
  const { mode } = await workspaceSettings(services.db, workspaceId as WorkspaceId)
  const isTest = mode === 'test'
  const bare = bareRun(services, connector, connection.id, isTest)
  const kept = await freshKept(services, connector, connection, bare)
  return wireOf(services, { connection, connector, kept, isTest })
}

interface Opened {
  connection: ConnectionRow
  connector: Connector
  kept: Kept
  isTest: boolean
}

function wireOf(services: WireServices, opened: Opened): Wire {
  const { connection, connector, isTest } = opened
  let kept = opened.kept
  const lines: CallLine[] = []
  const link = (): Link => ({
    settings: { ...connection.settings, ...kept.secrets },
    ...(kept.tokens && { accessToken: kept.tokens.accessToken }),
  })
  const hide = (text: string) => hiding(secretsOf(kept))(text)

  async function answer(asked: VendorRequest, items: number): Promise<Answer> {
    const first = await once(asked, items)
    const isExpired = first.kind === 'answered' && first.status === 401 && kept.tokens?.refreshToken
    if (!isExpired) return first
    const renewed = await refreshed(
      services,
      connector,
      connection,
      bareRun(services, connector, connection.id, isTest),
      kept,
    )
    if (!renewed) return first
    kept = renewed
    return once(asked, items)
  }

  async function once(asked: VendorRequest, items: number): Promise<Answer> {
    const { settings } = link()
    const request = outgoing(connector, asked, settings as Record<string, unknown>, isTest, services, kept)
    const calledAt = services.clock()
    const { answer, tookMs } = await timedCall(
      request,
      { key: `${connector.id}:${connection.id}`, ...connector.limits },
      services.settings.privateHosts,
    )
    lines.push({
      calledAt,
      method: request.method,
      url: hide(addressOf(request)),
      status: answer.kind === 'answered' ? answer.status : null,
      items,
      answer: hide(said(answer)),
      tookMs,
    })
    return answer
  }

  return {
    connection,
    connector,
    get link() {
      return link()
    },
    isTest,
    hide,
    async run(make, items = 1) {
      const exchange = make(link())
      let step = exchange.next()
      while (!step.done) step = exchange.next(await answer(step.value, items))
      return step.value
    },
    async flush() {
      const noted = lines.splice(0)
      const newest = noted.at(-1)
      if (!newest) return
      await insertCalls(services.db, connection, noted)
      await noteEvent(services.db, connection, newest.calledAt)
    },
  }
}

/** Plays an exchange without a token, for handing out tokens; its calls are not noted, since their answers are secrets. */
export type BareRun = <T>(given: Readonly<Record<string, unknown>>, exchange: Exchange<T>) => Promise<T>

/** See `BareRun`. */
export function bareRun(
  services: WireServices,
  connector: Connector,
  connectionId: string,
  isTest: boolean,
): BareRun {
  return async (given, exchange) => {
    let step = exchange.next()
    while (!step.done) {
      const request = outgoing(connector, step.value, given, isTest, services, { secrets: {} })
      const pace = { key: `${connector.id}:${connectionId}`, ...connector.limits }
      step = exchange.next((await timedCall(request, pace, services.settings.privateHosts)).answer)
    }
    return step.value
  }
}

/** The settings of a connection, secrets included, without asking the vendor. */
export function settingsOf(
  { secretKey }: Pick<WireServices, 'secretKey'>,
  connection: ConnectionRow,
): Record<string, unknown> {
  return { ...connection.settings, ...openSecrets(secretKey, connection).secrets }
}

function outgoing(
  connector: Connector,
  asked: VendorRequest,
  given: Readonly<Record<string, unknown>>,
  isTest: boolean,
  { settings }: Pick<WireServices, 'settings'>,
  kept: Kept,
): OutgoingRequest {
  const { base = 'api', path, timeoutMs = 15_000, headers, ...rest } = asked
  const { url, isGuarded } = baseAddress(connector, base, given, isTest, settings)
  const token = kept.tokens?.accessToken
  const authority =
    token === undefined || !connector.oauth
      ? {}
      : (connector.oauth.tokenHeader?.(token) ?? { authorization: `Bearer ${token}` })
  return { ...rest, url: url + path, timeoutMs, isGuarded, headers: { ...authority, ...headers } }
}

// What a vendor says when it takes something is of no use later, and may be about people.
function said(answer: Answer): string {
  const isGood = answer.kind === 'answered' && answer.status < 300
  return wordsOf(answer).slice(0, isGood ? 300 : 4_000)
}
