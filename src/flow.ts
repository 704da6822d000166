// The way of the data, as lists of named steps: from a message or a row to a lead, its projections and the log.
import { forgetDestination } from './activation/conversions/index.ts'
import {
  classify,
  describe,
  forward,
  identifyPeople,
  keepBrowser,
  nameIt,
  place,
  project,
  readPerson,
  readRow,
  recordOrders,
  recordPeople,
  refuseErased,
  rightClock,
  visitRefused,
  writeLog,
} from './flow-steps.ts'
import type { FlowContext, ImportRow } from './flow-steps.ts'
import type { OnDisconnect } from './connectors/index.ts'
import { forgetOrdersOf } from './commerce/index.ts'
import { cancelSyncs, forgetInShops, noteUninstalled } from './commerce/shop/index.ts'
import { forgetDeliveries, withholdFor } from './deliveries/index.ts'
import { tellErased } from './deliveries/webhooks/index.ts'
import { forgetFormsOf } from './forms/index.ts'
import { forgetChanges, forgetRows, renameMappedField } from './imports/index.ts'
import { forgetInboundOf } from './inbound/index.ts'
import type { Arrival } from './ingest/contract.ts'
import type { DebuggerReactions } from './ingest/index.ts'
import type { FieldReactions, LeadReactions } from './leads/index.ts'
import { line } from './lib/steps.ts'
import { forgetCaught, forgetSource } from './lead-sources/index.ts'
import { enqueue } from './platform/jobs.ts'
import type { Db } from './platform/postgres.ts'
import { forgetNotices } from './notices/index.ts'
import { forgetActivity, projectActivity } from './projections/activity/index.ts'
import { forgetMoves, renameLifecycleField } from './projections/lifecycle/index.ts'
import { renameScoreField } from './projections/score/index.ts'
import { forgetStates } from './projections/history/index.ts'
import {
  forwardShop,
  identifyBuyers,
  keepShop,
  projectShop,
  readBuyer,
  recallBuyers,
  recordBuyers,
  refuseErasedBuyers,
  sortWords,
  writeShopLog,
} from './shop-steps.ts'
import type { ShopContext, ShopItem } from './shop-items.ts'
import { forgetInSegments, forgetMembers, renameSegmentField } from './segments/index.ts'

/** A tracking message, from the inbox to the log. */
export const inbound = line<FlowContext, Arrival>()
  .then({ name: 'correct_clock', each: rightClock })
  .then({ name: 'name_event', each: nameIt })
  .then({ name: 'respect_refusal', each: visitRefused })
  .then({ name: 'describe_device', each: describe })
  .then({ name: 'classify_channel', each: classify })
  .then({ name: 'locate', each: place })
  .then({ name: 'keep_browser', each: keepBrowser })
  .then({ name: 'read_person', each: readPerson })
  .then({ name: 'refuse_erased', batch: refuseErased })
  .then({ name: 'identify', batch: identifyPeople })
  .then({ name: 'record_people', batch: recordPeople })
  .then({ name: 'record_orders', batch: recordOrders })
  .then({ name: 'project', batch: project })
  .then({ name: 'forward', batch: forward })
  .then({ name: 'log', batch: writeLog })

/** A row of an imported file, from its mapped cells to the log. */
export const imported = line<FlowContext, ImportRow>()
  .then({ name: 'read_row', each: readRow })
  .then({ name: 'refuse_erased', batch: refuseErased })
  .then({ name: 'identify', batch: identifyPeople })
  .then({ name: 'record_people', batch: recordPeople })
  .then({ name: 'record_orders', batch: recordOrders })
  .then({ name: 'project', batch: project })
  .then({ name: 'log', batch: writeLog })

/** What a connected shop told: a webhook, or a record of a file, from its words to the log. */
export const shopped = line<ShopContext, ShopItem>()
  .then({ name: 'sort_words', each: sortWords })
  .then({ name: 'recall_buyers', batch: recallBuyers })
  .then({ name: 'read_buyer', each: readBuyer })
  .then({ name: 'refuse_erased', batch: refuseErasedBuyers })
  .then({ name: 'identify', batch: identifyBuyers })
  .then({ name: 'record_people', batch: recordBuyers })
  .then({ name: 'keep_shop', batch: keepShop })
  .then({ name: 'project', batch: projectShop })
  .then({ name: 'forward', batch: forwardShop })
  .then({ name: 'log', batch: writeShopLog })

/** What higher modules do about facts of lower ones, in the same transaction. */
export const reactions = {
  /** leads merged by hand: their activity becomes one */
  async merged(tx, pairs) {
    await projectActivity(tx, [], pairs)
    await reactions.aliased(tx)
  },
  /** leads parted again: what each did is folded anew from the log */
  async unmerged(tx, leadIds, workspaceId) {
    await enqueue(tx, 'projections.refold', { workspaceId, leadIds })
    await reactions.aliased(tx)
  },
  /** events that the log had refused are on their way to it again: what was folded without them is folded anew */
  async relogged(tx: Db, leadIds: string[], workspaceId: string) {
    await enqueue(tx, 'projections.refold', { workspaceId, leadIds })
  },
  /** leads are gone for good: their orders, what they did, what files changed in them, and the rows of files that name them */
  async erased(tx, { workspaceId, leadIds, names }) {
    await forgetInShops(tx, workspaceId, leadIds)
    await forgetOrdersOf(tx, workspaceId, leadIds)
    await forgetActivity(tx, leadIds)
    await forgetStates(tx, leadIds)
    await enqueue(tx, 'projections.forget', { workspaceId, leadIds })
    await forgetMoves(tx, leadIds)
    await forgetMembers(tx, workspaceId, leadIds)
    await forgetDeliveries(tx, workspaceId, leadIds, names)
    await tellErased(tx, workspaceId, leadIds, new Date())
    await forgetInSegments(tx, workspaceId, names)
    await forgetNotices(tx, workspaceId, leadIds)
    await forgetCaught(tx, workspaceId, names)
    await forgetFormsOf(tx, workspaceId, names)
    await forgetInboundOf(tx, workspaceId, names)
    if (names.length > 0) {
      await forgetRows(tx, workspaceId, names)
      await forgetChanges(tx, workspaceId, leadIds)
    }
    await reactions.aliased(tx)
  },
  /** a custom field is part of another now: files that wait to be read fill that one, and segments and rules ask for it */
  async fieldMerged(tx, { workspaceId, from, into }) {
    const renamed = { workspaceId, from, into: into.key, now: new Date() }
    await renameMappedField(tx, workspaceId, from, into)
    await renameSegmentField(tx, renamed)
    await renameScoreField(tx, renamed)
    await renameLifecycleField(tx, renamed)
  },
  /** a connection is given up: what waited to be sent over it stays here */
  async disconnected(tx, workspaceId, connectionId) {
    await withholdFor(tx, workspaceId, connectionId)
    await forgetDestination(tx, workspaceId, connectionId)
    await forgetSource(tx, workspaceId, connectionId, new Date())
    await cancelSyncs(tx, workspaceId, connectionId, 'The shop was disconnected.', new Date())
    await noteUninstalled(tx, workspaceId, connectionId, new Date())
  },
  /** who is part of whom changed: reads over many leads learn it */
  async aliased(tx: Db) {
    await enqueue(tx, 'identity.feed_aliases', {}, { key: 'identity.feed_aliases' })
  },
} satisfies LeadReactions &
  FieldReactions &
  DebuggerReactions & { aliased(tx: Db): Promise<void>; disconnected: OnDisconnect }
