// Whose words are heard: the connection, its connector and the shop behind it, as the steps of a shop need them.
import { readShop } from './commerce/shop/index.ts'
import { connectorOf, readConnection } from './connectors/index.ts'
import type { Connector, ConnectionRow, Shop } from './connectors/index.ts'
import type { Db } from './platform/postgres.ts'
import type { ShopVoice } from './shop-items.ts'

/** A connected shop. */
export interface ConnectedShop {
  connection: ConnectionRow
  connector: Connector
  shop: Shop
  voice: ShopVoice
}

/** The shop of a connection; null where there is none, or it has not said yet who it is. */
export async function connectedShop(
  db: Db,
  workspaceId: string,
  connectionId: string,
): Promise<ConnectedShop | null> {
  const [connection, row] = await Promise.all([
    readConnection(db, workspaceId, connectionId),
    readShop(db, workspaceId, connectionId),
  ])
  const connector = connection && connectorOf(connection.connector)
  if (!connection || !connector?.shop || !row) return null
  const { domain, name, currency } = row
  return {
    connection,
    connector,
    shop: connector.shop,
    voice: {
      workspaceId,
      connectionId,
      connector: connector.id,
      source: `shop:${domain}`,
      domain,
      name,
      currency,
    },
  }
}
