// The requests of an exchange as they would leave, secrets hidden: played against an answer that says yes, so that nothing is sent. Pure.
import { addressOf, bodyText } from '../platform/http.ts'
import type { Settings } from '../platform/settings.ts'
import { baseAddress, hiding } from './address.ts'
import type { Connector, Link } from './connector.ts'
import { play } from './exchange.ts'
import type { Exchange, VendorRequest } from './exchange.ts'
import { secretNames } from './fields.ts'

/** Which addresses requests are shown with. */
export interface ShowPlace {
  isTest: boolean
  installation: Pick<Settings, 'sandboxUrl' | 'vendorUrls'>
}

export interface ShownRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: unknown
}

/**
 * What an exchange would ask of the vendor.
 * @param settings of the connection; secrets among them are shown as `[hidden]`
 */
export function showRequests(
  connector: Connector,
  settings: Readonly<Record<string, unknown>>,
  make: (link: Link) => Exchange<unknown>,
  where: ShowPlace,
): ShownRequest[] {
  const hide = hiding(secretNames(connector.settings).map((name) => String(settings[name] ?? '')))
  const { requests } = play(make({ settings }), () => ({
    kind: 'answered',
    status: 200,
    headers: {},
    text: '{}',
  }))
  return requests.map((request) => show(connector, settings, request, hide, where))
}

function show(
  connector: Connector,
  settings: Readonly<Record<string, unknown>>,
  request: VendorRequest,
  hide: (text: string) => string,
  { isTest, installation }: ShowPlace,
): ShownRequest {
  const { url } = baseAddress(connector, request.base ?? 'api', settings, isTest, installation)
  const body = bodyText(request.body)
  const headers = { ...(body && { 'content-type': body.type }), ...request.headers }
  return {
    method: request.method,
    url: hide(addressOf({ url: url + request.path, query: request.query })),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hide(value)])),
    body: request.body && 'json' in request.body ? request.body.json : body && hide(body.text),
  }
}
