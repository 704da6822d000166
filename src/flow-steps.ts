// What the steps of `flow.ts` do: the pure ones per item, those with a store for the whole batch.
import { forwardConversions } from './activation/conversions/index.ts'
import { cartFromEvent, orderFromEvent, writeCarts, writeOrders } from './commerce/index.ts'
import type { CartWord, OrderWord } from './commerce/index.ts'
import { logEvents, systemEvent } from './events/index.ts'
import type { LoggedEvent, Trace } from './events/contract.ts'
import { erasedAmong, identify } from './identity/index.ts'
import type { Claims, Identified, IdentityChanges } from './identity/index.ts'
import type { ImportConflict, ImportItem, ImportedOrder } from './imports/contract.ts'
import type { Arrival } from './ingest/contract.ts'
import {
  classifyChannel,
  correctClock,
  describeDevice,
  keepContext,
  locate,
  nameEvent,
  respectRefusal,
} from './ingest/index.ts'
import type { Described, ReadingSettings } from './ingest/index.ts'
import { RANK, readMessagePerson, writePeople } from './leads/index.ts'
import type { ConsentAct, PeopleChanges, PeopleReport, Words } from './leads/index.ts'
import { newId } from './lib/ids.ts'
import { decimalString } from './lib/money.ts'
import { surnameKey } from './lib/names.ts'
import { drop } from './lib/steps.ts'
import type { Ended } from './lib/steps.ts'
import type { Db } from './platform/postgres.ts'
import { projectActivity } from './projections/activity/index.ts'

/** What a batch works with, and what its steps leave for those that follow. */
export interface FlowContext {
  tx: Db
  now: Date
  batchId: string
  /** an import: what people do just now goes first */
  isBulk?: boolean
  settings: Map<string, ReadingSettings>
  /** called once the items' identifiers are attached and their leads locked */
  identified?: () => void
  /** whether it is told what the items wrote over, so that it can be taken back */
  keepsBefore?: boolean
  people?: PeopleReport
  changes?: IdentityChanges
}

/** An item about whom everything is read and nothing decided yet. */
export interface Subject {
  workspaceId: string
  claims: Claims
  words?: Words
  consents: ConsentAct[]
  event: LoggedEvent
  /** by which its sender knows it */
  messageId?: string
  trace: Trace
  order: (leadId: string) => OrderWord | null
  cart?: (leadId: string) => CartWord | null
  /** who is known already is left alone, but for what they refuse */
  leavesKnown?: boolean
}

export type IdentifiedSubject = Subject & { identified: Identified }

/** A row of an import with what the import says of all its rows. */
export interface ImportRow {
  workspaceId: string
  importId: string
  fileName: string
  item: ImportItem
  /** what counts where a lead is known already */
  conflict?: ImportConflict | undefined
}

const settingsOf = (context: FlowContext, workspaceId: string): ReadingSettings =>
  context.settings.get(workspaceId) ?? { ownDomains: [], currency: 'USD' }

export const rightClock = (arrival: Arrival) => correctClock(arrival)
export const nameIt = (item: ReturnType<typeof correctClock>, context: FlowContext) =>
  nameEvent(item, settingsOf(context, item.workspaceId))
export const visitRefused = (item: Described) => respectRefusal(item)
export const describe = (item: Described) => describeDevice(item)
export const classify = (item: Described, context: FlowContext) =>
  classifyChannel(item, settingsOf(context, item.workspaceId))
export const place = (item: Described) => locate(item)
export const keepBrowser = (item: Described) => keepContext(item)

/** Who a message is about, what it says of them, and the order it speaks of. */
export function readPerson(item: Described, context: FlowContext): Subject {
  const { claims, words, consents } = readMessagePerson(item)
  const currency = settingsOf(context, item.workspaceId).currency
  return {
    workspaceId: item.workspaceId,
    claims,
    words,
    consents,
    event: item.event,
    messageId: item.message.messageId,
    trace: item.trace,
    order: (leadId) => orderFromEvent(item.event, { workspaceId: item.workspaceId, leadId }, currency),
    cart: (leadId) => cartFromEvent(item.event, { workspaceId: item.workspaceId, leadId }, currency),
  }
}

/** What a row of a file says: who, which fields, which consents, which order. */
export function readRow(
  { workspaceId, importId, fileName, item, conflict }: ImportRow,
  context: FlowContext,
): Subject {
  const at = item.order ? new Date(item.order.placedAt) : new Date(item.createdAt ?? context.now)
  const source = item.order ? 'import:orders' : 'import'
  return {
    workspaceId,
    claims: {
      workspaceId,
      userId: item.userId,
      vendorCustomerId: item.vendorCustomerId,
      email: item.emailKey ?? item.email,
      phone: item.phone,
      surname: surnameKey(item.fields.lastName) ?? undefined,
      mayMerge: true,
      at,
      source: 'import',
    },
    words: {
      fields: withAddresses(item),
      custom: item.custom,
      tags: item.tags,
      rank: conflict === 'overwrite' ? RANK.told : RANK.imported,
      at: context.now.getTime(),
      fillsOnly: conflict === 'fill',
    },
    leavesKnown: conflict === 'skip',
    consents: item.consents.map((consent) => ({
      purpose: consent.purpose,
      state: consent.state,
      actedAt: consent.actedAt ?? null,
      source: 'import',
      proof: { ...consent.proof, importId, fileName, row: item.row },
    })),
    event: systemEvent({
      eventId: newId(),
      at: item.order ? at : context.now,
      receivedAt: context.now,
      name: item.order ? 'order_completed' : 'lead_imported',
      category: item.order ? 'commerce' : 'record',
      call: 'import',
      source,
      valueMinor: item.order?.totalMinor,
      currency: item.order?.currency,
      properties: item.order
        ? {
            order_id: item.order.externalId,
            order_number: item.order.number,
            importId,
            row: item.row,
            products: productsOf(item.order),
          }
        : rowProperties(importId, fileName, item),
    }),
    trace: {},
    order: (leadId) =>
      item.order
        ? {
            workspaceId,
            leadId,
            source,
            externalId: item.order.externalId,
            number: item.order.number,
            status: item.order.status,
            currency: item.order.currency,
            totalMinor: item.order.totalMinor,
            subtotalMinor: item.order.subtotalMinor,
            shippingMinor: item.order.shippingMinor,
            taxMinor: item.order.taxMinor,
            refund: { mode: 'set', minor: item.order.refundedMinor },
            placedAt: item.order.placedAt,
            cancelledAt: item.order.cancelledAt ?? null,
            lines: item.order.lines.map((line) => ({
              name: line.title,
              sku: line.sku,
              quantity: line.quantity,
              priceMinor: line.priceMinor,
            })),
            isTest: item.order.isTest,
            kind: 'order',
          }
        : null,
  }
}

function withAddresses({ fields, email, phone }: ImportItem): Words['fields'] {
  const words: Words['fields'] = { ...fields }
  if (email) words.email = email
  if (phone) words.phone = phone
  return words
}

function rowProperties(
  importId: string,
  fileName: string,
  { row, consents }: ImportItem,
): Record<string, unknown> {
  if (consents.length === 0) return { importId, fileName, row }
  const said: Record<string, string> = {}
  for (const { purpose, state } of consents) said[purpose] = state
  return { importId, fileName, row, consents: said }
}

// As a tracked order names its products, so that one reader understands both.
function productsOf(order: ImportedOrder): Record<string, unknown>[] {
  return order.lines.map((line) => ({
    name: line.title,
    sku: line.sku,
    quantity: line.quantity,
    price: Number(decimalString(line.priceMinor, order.currency)),
  }))
}

/** Nothing about a person who was erased is taken in any more. */
export async function refuseErased(items: Subject[], context: FlowContext): Promise<(Subject | Ended)[]> {
  const erased = await erasedAmong(
    context.tx,
    items.map((item) => item.claims),
  )
  return items.map((item, i) => (erased[i] ? drop('lead_erased') : item))
}

/** Whose each message is; one that names nobody belongs to nobody. */
export async function identifyPeople(
  items: Subject[],
  context: FlowContext,
): Promise<(IdentifiedSubject | Ended)[]> {
  const { decided, changes } = await identify(
    context.tx,
    items.map((item) => item.claims),
    context.now,
  )
  context.changes = changes
  context.identified?.()
  return items.map((item, i) => {
    const identified = decided[i]
    if (!identified) return drop('nobody_named')
    item.trace.matchedBy = identified.matchedBy
    if (identified.merged.length > 0) item.trace.merged = identified.merged.length
    if (identified.proposed) item.trace.proposed = true
    return { ...item, identified }
  })
}

/** What the items and the identities decided for them change about people. */
export function peopleChanges(
  items: IdentifiedSubject[],
  changes: Pick<IdentityChanges, 'newLeads' | 'becameKnown' | 'merges'> | undefined,
): PeopleChanges {
  return {
    newLeads:
      changes?.newLeads.map(({ lead, source, at }) => ({
        id: lead.id,
        workspaceId: lead.workspaceId,
        source,
        at,
        isKnown: lead.isKnown,
      })) ?? [],
    becameKnown: changes?.becameKnown ?? [],
    merges: changes?.merges ?? [],
    sayings: items.map((item) => {
      const isLeft = item.leavesKnown === true && !item.identified.created
      return {
        leadId: item.identified.leadId,
        workspaceId: item.workspaceId,
        words: isLeft ? undefined : item.words,
        consents: isLeft ? item.consents.filter(({ state }) => state === 'denied') : item.consents,
        merged: item.identified.merged,
      }
    }),
    actor: '',
  }
}

/** New leads, merges, fields and consents. */
export async function recordPeople(
  items: IdentifiedSubject[],
  context: FlowContext,
): Promise<IdentifiedSubject[]> {
  context.people = await writePeople(
    context.tx,
    { ...peopleChanges(items, context.changes), keepsBefore: context.keepsBefore },
    context.now,
  )
  items.forEach((item, i) => {
    const changed = context.people?.changed[i] ?? []
    const consents = context.people?.consents[i] ?? []
    if (changed.length > 0) item.trace.changed = changed
    if (consents.length > 0) item.trace.consents = consents
  })
  return items
}

/** Carts and orders that the items speak of. An order that a file tells once more is no second purchase. */
export async function recordOrders(
  items: IdentifiedSubject[],
  context: FlowContext,
): Promise<IdentifiedSubject[]> {
  await writeCarts(
    context.tx,
    items.flatMap((item) => item.cart?.(item.identified.leadId) ?? []),
    context.now,
  )
  const spoken = items.flatMap((item) => {
    const word = item.order(item.identified.leadId)
    return word ? [{ item, word }] : []
  })
  if (spoken.length === 0) return items
  const isNew = await writeOrders(
    context.tx,
    spoken.map(({ word }) => word),
    context.now,
  )
  spoken.forEach(({ item }, i) => {
    if (isNew[i] || item.event.call !== 'import') return
    const told = { name: 'order_updated', category: 'record', valueMinor: 0, currency: '' } as const
    item.event = { ...item.event, ...told, occurredAt: item.event.receivedAt }
  })
  return items
}

/** Projections, each lead's events together. */
export async function project(
  items: IdentifiedSubject[],
  context: FlowContext,
): Promise<IdentifiedSubject[]> {
  const created = new Set(context.changes?.newLeads.map(({ lead }) => lead.id))
  await projectActivity(
    context.tx,
    items.map((item) => ({
      leadId: item.identified.leadId,
      workspaceId: item.workspaceId,
      event: item.event,
    })),
    context.people?.merged ?? [],
    { isNew: (leadId) => created.has(leadId) },
  )
  return items
}

/** Conversions for the vendors that take them, into their outbox; they leave after the commit. */
export async function forward(
  items: IdentifiedSubject[],
  context: FlowContext,
): Promise<IdentifiedSubject[]> {
  await forwardConversions(
    context.tx,
    items.map((item) => ({
      workspaceId: item.workspaceId,
      leadId: item.identified.leadId,
      event: item.event,
      messageId: item.messageId,
    })),
    context.now,
  )
  return items
}

/** The rows for the log, stored with the decision; they are sent after the commit. */
export async function writeLog(
  items: IdentifiedSubject[],
  context: FlowContext,
): Promise<IdentifiedSubject[]> {
  await logEvents(
    context.tx,
    [
      ...items.map((item) => ({
        workspaceId: item.workspaceId,
        leadId: item.identified.leadId,
        event: item.event,
      })),
      ...(context.people?.events ?? []),
    ],
    context.batchId,
    context.isBulk,
  )
  return items
}
