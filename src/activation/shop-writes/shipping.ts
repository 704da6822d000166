// How changes of customers leave to their shop: one at a time, each part such that making it again changes nothing.
import { settleWrite } from '../../commerce/shop/index.ts'
import { showRequests } from '../../connectors/index.ts'
import type { ShopWrite, Wire } from '../../connectors/index.ts'
import type { Shipper, Verdict } from '../../deliveries/index.ts'
import type { Services } from '../../platform/services.ts'

/** The kind of its deliveries. */
export const SHOP_WRITE = 'shop_write'

const ITEMS_OF_A_TURN = 25

/** What became of a change is written down with the customer, too: where lead and shop disagree, a person sees it. */
export function shopWriteShipper(services: Pick<Services, 'db' | 'clock'>): Shipper {
  return {
    turn: () => ITEMS_OF_A_TURN,

    door: (_db, wire, items) =>
      Promise.resolve(
        items.map(({ item }): Verdict =>
          wire.connector.shop
            ? { kind: 'goes', payload: item }
            : { kind: 'refused', reason: 'rules_broken', words: 'The connection leads to no shop.' },
        ),
      ),

    group: (_wire, payloads) => payloads.map((_, place) => [place]),

    async send(wire, payloads) {
      const write = payloads[0] as unknown as ShopWrite
      const { shop } = wire.connector
      if (!shop) return [{ kind: 'refused', words: 'The connection leads to no shop.' }]
      const written = await wire.run((link) => shop.write(link, write))
      const { outcome } = written
      if (outcome.kind === 'sent' || outcome.kind === 'refused')
        await settleWrite(services.db, {
          ...placeOf(wire, write),
          problem: outcome.kind === 'refused' ? outcome.words.slice(0, 500) : null,
          note: written.note,
          fields: written.fields,
          conflicts: (written.conflicts ?? []).map(({ field, ours, theirs }) => ({
            field,
            lead: ours,
            shop: theirs,
            foundAt: services.clock().toISOString(),
          })),
        })
      return [outcome]
    },

    honoursRepeat: () => true,

    show(connector, settings, payload, where) {
      const write = payload as unknown as ShopWrite
      if (!connector.shop) return null
      const { shop } = connector
      return showRequests(connector, settings, (link) => shop.write(link, write), where)[0] ?? null
    },
  }
}

function placeOf(wire: Wire, { customerId }: ShopWrite) {
  return { workspaceId: wire.connection.workspaceId, connectionId: wire.connection.id, customerId }
}
