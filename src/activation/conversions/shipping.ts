// How conversions leave: the door that every one passes right before, and the vendor's own way of sending.
import { workspaceSettings } from '../../accounts/index.ts'
import { connectorOf, showRequests } from '../../connectors/index.ts'
import type { Shipper, Verdict } from '../../deliveries/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { ConversionItem } from './item.ts'
import { askedPeople, judge } from './judge.ts'
import { readMappings, readPeople } from './store.ts'

/** Requests of one turn, where each carries one person's events. */
const CALLS_OF_A_TURN = 4

export const conversionShipper: Shipper = {
  turn({ connector }) {
    const { batchLimit = 1 } = connector.conversions ?? {}
    return batchLimit >= 100 ? batchLimit : connector.limits.concurrency * CALLS_OF_A_TURN
  },

  async door(db, wire, items, now) {
    const { workspaceId, id } = wire.connection
    const [people, mappings, { consentDefaults }] = await Promise.all([
      readPeople(
        db,
        workspaceId,
        askedPeople(items.map(({ item, leadId }) => ({ item: item as ConversionItem, leadId }))),
      ),
      readMappings(db, workspaceId, id),
      workspaceSettings(db, workspaceId as WorkspaceId),
    ])
    const { settings } = wire.link
    const circumstances = { connector: wire.connector, mappings, settings, consentDefaults, now }
    return items.map((one): Verdict => {
      const item = one.item as ConversionItem
      const { stop, built } = judge(item, one.leadId, people, circumstances)
      return stop ?? { kind: 'goes', payload: built!.payload }
    })
  },

  group: (wire, payloads) => wire.connector.conversions!.group(payloads),

  send: (wire, payloads) =>
    wire.run((link) => wire.connector.conversions!.send(payloads, link), payloads.length),

  honoursRepeat: (connector, payload, ageMs) =>
    connectorOf(connector)?.conversions?.honoursRepeat(payload, ageMs) ?? false,

  isRepeat(connector, before, now) {
    const { repeatKey } = connectorOf(connector)?.conversions ?? {}
    return !repeatKey || repeatKey(before) === repeatKey(now)
  },

  show(connector, settings, payload, where) {
    const [request] = showRequests(
      connector,
      settings,
      (link) => connector.conversions!.send([payload], link),
      where,
    )
    return request ?? null
  },
}
