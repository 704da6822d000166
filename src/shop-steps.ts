// What the steps of a shop's line in `flow.ts` do: from what a shop told to leads, orders, their events and the log.
import { forwardConversions } from './activation/conversions/index.ts'
import {
  hearCustomer,
  keepCheckouts,
  keepCustomers,
  keepOrders,
  keepProducts,
  recallCustomers,
} from './commerce/shop/index.ts'
import type { Recalled, ToldOrder } from './commerce/shop/index.ts'
import { logEvents } from './events/index.ts'
import { identifyPeople, recordPeople, refuseErased } from './flow-steps.ts'
import type { IdentifiedSubject, Subject } from './flow-steps.ts'
import { Ended, drop } from './lib/steps.ts'
import { projectActivity } from './projections/activity/index.ts'
import { eventsOf, startedCheckout } from './shop-events.ts'
import type { ShopContext, ShopItem, ShopSubject, ShopVoice } from './shop-items.ts'

export { readBuyer } from './shop-buyers.ts'

/** Sorts the words of an item by what they are about. */
export function sortWords(item: ShopItem): ShopSubject {
  const found: ShopSubject = { ...item, addedTags: [], removedTags: [], isNews: false, events: [] }
  for (const word of item.words) {
    if (word.kind === 'customer') found.customer = word
    else if (word.kind === 'order') found.order = word
    else if (word.kind === 'refund') found.refund = word
    else if (word.kind === 'product') found.product = word
    else if (word.kind === 'checkout') found.checkout = word
  }
  return found
}

/** What was known of the customers, and what the words make of it. */
export async function recallBuyers(items: ShopSubject[], context: ShopContext): Promise<ShopSubject[]> {
  context.recalled = new Map()
  for (const [connectionId, group] of byShop(items)) {
    const ids = group.flatMap(({ customer, order, checkout }) =>
      [customer?.id, order?.customerId, checkout?.customerId].filter((id) => typeof id === 'string'),
    )
    const recalled = await recallCustomers(context.tx, group[0]!.voice, ids)
    context.recalled.set(connectionId, recalled)
    for (const item of group) {
      if (!item.customer) continue
      const heard = hearCustomer(recalled, item.voice, item.customer, context.now)
      item.isNews ||= heard.isNews
      item.addedTags = heard.addedTags
      item.removedTags = heard.removedTags
      if (!heard.isNewerRecord) item.customer = { ...item.customer, record: undefined }
    }
  }
  return items
}

/** Nothing of a person who was erased is taken in any more. */
export async function refuseErasedBuyers(
  items: ShopSubject[],
  context: ShopContext,
): Promise<(ShopSubject | Ended)[]> {
  return withSubjects(
    items,
    (subjects) => refuseErased(subjects, context),
    (item) => item,
  )
}

/** Whose each item is. */
export async function identifyBuyers(
  items: ShopSubject[],
  context: ShopContext,
): Promise<(ShopSubject | Ended)[]> {
  const found = await withSubjects(
    items,
    (subjects) => identifyPeople(subjects, context),
    (item, subject: IdentifiedSubject) => {
      item.subject = subject
      item.identified = subject.identified
      return item
    },
  )
  // An order that nobody is named of, as over the counter, belongs to no lead.
  return found.map((item) =>
    !(item instanceof Ended) && item.order && !item.identified ? drop('nobody_named') : item,
  )
}

/** Leads, their fields, tags and consents. */
export async function recordBuyers(items: ShopSubject[], context: ShopContext): Promise<ShopSubject[]> {
  const subjects = items.flatMap(({ subject, identified }) =>
    subject && identified ? [{ ...subject, identified }] : [],
  )
  await recordPeople(subjects, context)
  return items
}

/** Customers, orders, refunds, products and checkouts, and the events that they come to. */
export async function keepShop(items: ShopSubject[], context: ShopContext): Promise<ShopSubject[]> {
  for (const [connectionId, group] of byShop(items)) {
    const { voice } = group[0]!
    const recalled = context.recalled?.get(connectionId)
    if (recalled) await keepBuyers(group, recalled, context)
    await keepSales(group, voice, context)
    const products = group.filter((item) => item.product)
    const kept = await keepProducts(
      context.tx,
      voice,
      products.map((item) => item.product!),
    )
    products.forEach((item, i) => count(item, context, kept[i]!))
    const checkouts = group.filter((item) => item.checkout)
    const carts = await keepCheckouts(
      context.tx,
      voice,
      checkouts.map((item) => ({ word: item.checkout!, leadId: item.identified?.leadId ?? null })),
    )
    checkouts.forEach((item, i) => {
      count(item, context, carts[i]!)
      if (carts[i]!.isNew && item.identified) item.events.push(startedCheckout(item, context.now))
    })
  }
  return items
}

/** Projections of the events. */
export async function projectShop(items: ShopSubject[], context: ShopContext): Promise<ShopSubject[]> {
  const created = new Set(context.changes?.newLeads.map(({ lead }) => lead.id))
  await projectActivity(
    context.tx,
    items.flatMap(({ workspaceId, events }) => events.map((one) => ({ workspaceId, ...one }))),
    context.people?.merged ?? [],
    { isNew: (leadId) => created.has(leadId) },
  )
  return items
}

/** Conversions for the vendors that take them, of what is news. */
export async function forwardShop(items: ShopSubject[], context: ShopContext): Promise<ShopSubject[]> {
  const news = items.filter(({ from }) => from === 'news')
  await forwardConversions(
    context.tx,
    news.flatMap(({ workspaceId, events }) => events.map((one) => ({ workspaceId, ...one }))),
    context.now,
  )
  return items
}

/** The rows for the log. */
export async function writeShopLog(items: ShopSubject[], context: ShopContext): Promise<ShopSubject[]> {
  await logEvents(
    context.tx,
    [
      ...items.flatMap(({ workspaceId, events }) => events.map((one) => ({ workspaceId, ...one }))),
      ...(context.people?.events ?? []),
    ],
    context.batchId,
    context.isBulk,
  )
  return items
}

async function keepBuyers(group: ShopSubject[], recalled: Recalled, context: ShopContext): Promise<void> {
  const leadOf = new Map<string, string>()
  for (const { customer, identified } of group)
    if (customer && identified) leadOf.set(customer.id, identified.leadId)
  const { made, changed } = await keepCustomers(context.tx, recalled, leadOf)
  context.made += made.size
  context.changed += changed
  for (const { customer, identified, subject, events } of group) {
    if (!customer || !identified || !subject || !made.delete(customer.id)) continue
    events.push({ leadId: identified.leadId, event: subject.event })
  }
}

async function keepSales(group: ShopSubject[], voice: ShopVoice, context: ShopContext): Promise<void> {
  const told: { item: ShopSubject; one: ToldOrder }[] = []
  for (const item of group) {
    if (item.order && item.identified)
      told.push({ item, one: { word: item.order, leadId: item.identified.leadId } })
    else if (item.refund) told.push({ item, one: { word: item.refund } })
  }
  const deeds = await keepOrders(
    context.tx,
    voice,
    told.map(({ one }) => one),
    context.now,
  )
  deeds.forEach((deed, i) => {
    const { item } = told[i]!
    if (!deed) {
      // Its order will bring it; it is kept until then.
      item.isNews = true
      return
    }
    count(item, context, { isNews: deed.isNews, isNew: deed.isNew })
    item.events.push(...eventsOf(deed, item, context.now))
  })
}

function count(item: ShopSubject, context: ShopContext, kept: { isNews: boolean; isNew: boolean }): void {
  item.isNews ||= kept.isNews
  if (kept.isNew) context.made++
  else if (kept.isNews) context.changed++
}

async function withSubjects<Result>(
  items: ShopSubject[],
  work: (subjects: Subject[]) => Promise<(Result | Ended)[]>,
  then: (item: ShopSubject, result: Result) => ShopSubject,
): Promise<(ShopSubject | Ended)[]> {
  const named = items.filter((item) => item.subject)
  const results = await work(named.map((item) => item.subject!))
  const ended = new Map<ShopSubject, ShopSubject | Ended>()
  named.forEach((item, i) => {
    const result = results[i]!
    ended.set(item, result instanceof Ended ? result : then(item, result))
  })
  return items.map((item) => ended.get(item) ?? item)
}

function byShop(items: readonly ShopSubject[]): Map<string, ShopSubject[]> {
  const groups = new Map<string, ShopSubject[]>()
  for (const item of items) {
    const group = groups.get(item.voice.connectionId)
    if (group) group.push(item)
    else groups.set(item.voice.connectionId, [item])
  }
  return groups
}
