// Every vendor that can be connected; one line each.
import type { Connector } from './connector.ts'
import { facebook } from './facebook/index.ts'
import { ga4 } from './ga4/index.ts'
import { google } from './google/index.ts'
import { gtm } from './gtm/index.ts'
import { linkedin } from './linkedin/index.ts'
import { meta } from './meta/index.ts'
import { ownServer } from './own-server.ts'
import { shopify } from './shopify/index.ts'

export const connectors: readonly Connector[] = [meta, ga4, gtm, facebook, linkedin, google, shopify]

/** The connector of an id, whoever it leads to: a vendor, or the user's own server. */
export function destinationOf(id: string): Connector | undefined {
  return id === ownServer.id ? ownServer : connectorOf(id)
}

/** The vendor of an id, or undefined. */
export function connectorOf(id: string): Connector | undefined {
  return connectors.find((one) => one.id === id)
}
