// Every vendor that can be connected; one line each.
import type { Connector } from './connector.ts'
import { ga4 } from './ga4/index.ts'
import { gtm } from './gtm/index.ts'
import { meta } from './meta/index.ts'

export const connectors: readonly Connector[] = [meta, ga4, gtm]

/** The connector of an id, or undefined. */
export function connectorOf(id: string): Connector | undefined {
  return connectors.find((one) => one.id === id)
}
