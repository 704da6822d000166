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
import type { OrderDeed, Recalled, Speaker, ToldOrder } from './commerce/shop/index.ts'
import type {
  CheckoutWord,
  CustomerWord,
  RefundWord,
  ShopOrderWord,
  ShopPerson,
  ShopProductWord,
  ShopWord,
} from './connectors/index.ts'
import { logEvents, systemEvent } from './events/index.ts'
import type { LoggedEvent } from './events/contract.ts'
import { refuseErased, identifyPeople, recordPeople } from './flow-steps.ts'
import type { FlowContext, IdentifiedSubject, Subject } from './flow-steps.ts'
import type { Claims, Identified } from './identity/index.ts'
import { RANK, readTraits } from './leads/index.ts'
import type { ConsentAct, Words } from './leads/index.ts'
import { newId } from './lib/ids.ts'
import { decimalString } from './lib/money.ts'
import { Ended, drop } from './lib/steps.ts'
import { projectActivity } from './projections/activity/index.ts'

/** The shop that speaks, with what its words need to be understood. */
export interface ShopVoice extends Speaker {
  /** the id of the connector, as a lead's source */
  connector: string
  domain: string
  name: string
}

/** What a shop told at once: a webhook, or a record of its file. */
export interface ShopItem {
  workspaceId: string
  voice: ShopVoice
  words: readonly ShopWord[]
  /** `history`: a first reading, which no destination is told of */
  from: 'history' | 'news'
}

export interface ShopContext extends FlowContext {
  recalled?: Map<string, Recalled>
  /** how many records were new to us, and changed */
  made: number
  changed: number
}

/** An item with whom it is about, if anybody, and what it did. */
export interface ShopSubject extends ShopItem {
  customer?: CustomerWord
  order?: ShopOrderWord
  checkout?: CheckoutWord
  refund?: RefundWord
  product?: ShopProductWord
  addedTags: string[]
  removedTags: string[]
  /** whether anything of it was new */
  isNews: boolean
  subject?: Subject
  identified?: Identified
  events: { leadId: string; event: LoggedEvent }[]
}

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
      [customer?.id, order?.customerId, checkout?.customerId].filter((id) => id != null),
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

/** Who an item is about and what it says of them; products and refunds are about nobody. */
export function readBuyer(item: ShopSubject, context: ShopContext): ShopSubject {
  const { voice, customer, order, checkout } = item
  const customerId = customer?.id ?? order?.customerId ?? checkout?.customerId ?? undefined
  const person: Partial<ShopPerson> | undefined = customer
    ? customer.record?.person
    : order
      ? order.customerId
        ? undefined
        : { email: order.email, phone: order.phone }
      : (checkout?.person ?? undefined)
  if (!customer && !order && !checkout) return item
  const read = person && readTraits(traitsOf(person), person.country ?? undefined)
  if (!customerId && !read?.emailKey && !read?.fields.phone) return item
  const saidOn = customer?.record?.said.changedAt ?? order?.placedAt ?? checkout?.said.changedAt
  const at = new Date(customer?.record?.createdAt ?? saidOn ?? context.now)
  const claims: Claims = {
    workspaceId: item.workspaceId,
    vendorCustomerId: customerId && `${voice.connector}:${voice.domain}:${customerId}`,
    email: read?.emailKey,
    phone: read?.fields.phone ?? undefined,
    surname: read?.surname,
    // Whoever types an address into a cart has not shown that it is theirs.
    mayMerge: !checkout,
    at,
    source: voice.connector,
  }
  const words: Words = {
    fields: read?.fields ?? {},
    custom: read?.custom,
    tags: item.addedTags,
    dropTags: item.removedTags,
    rank: RANK.told,
    at: Date.parse(saidOn ?? context.now.toISOString()),
  }
  const hasWords = read !== undefined || item.addedTags.length + item.removedTags.length > 0
  item.subject = {
    workspaceId: item.workspaceId,
    claims,
    words: hasWords ? words : undefined,
    consents: customer ? consentsOf(customer, voice) : [],
    event: becameCustomer(item, at, context.now),
    trace: {},
    order: () => null,
  }
  return item
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

function traitsOf(person: Partial<ShopPerson>): Record<string, unknown> {
  const { email, phone, firstName, lastName, company, city, country, language } = person
  return { email, phone, firstName, lastName, company, city, country, language }
}

function consentsOf(customer: CustomerWord, voice: ShopVoice): ConsentAct[] {
  const acts = [
    ['email_marketing', customer.email],
    ['sms_marketing', customer.sms],
  ] as const
  return acts.flatMap(([purpose, said]) => {
    if (!said?.means) return []
    const proof = { shop: voice.domain, customerId: customer.id, state: said.state }
    return [{ purpose, state: said.means, actedAt: said.at, source: voice.connector, proof }]
  })
}

function becameCustomer({ voice, customer }: ShopSubject, at: Date, now: Date): LoggedEvent {
  return systemEvent({
    eventId: newId(),
    at,
    receivedAt: now,
    name: 'shop_customer_added',
    category: 'record',
    call: 'import',
    source: voice.connector,
    properties: { shop: voice.domain, customer_id: customer?.id },
  })
}

function startedCheckout(item: ShopSubject, now: Date): { leadId: string; event: LoggedEvent } {
  const { voice, checkout, identified } = item
  return {
    leadId: identified!.leadId,
    event: systemEvent({
      eventId: newId(),
      at: new Date(checkout!.startedAt),
      receivedAt: now,
      name: 'checkout_started',
      category: 'commerce',
      call: item.from === 'history' ? 'import' : 'track',
      source: voice.connector,
      valueMinor: checkout!.totalMinor,
      currency: checkout!.currency,
      properties: {
        checkout_id: checkout!.id,
        cart_token: checkout!.token,
        shop: voice.domain,
        products: productsOf(checkout!.lines, checkout!.currency),
      },
    }),
  }
}

function eventsOf(
  { row, word, isNew, isCancelled, isEdited, refunds }: OrderDeed,
  { voice, from }: ShopSubject,
  now: Date,
): { leadId: string; event: LoggedEvent }[] {
  const about = (name: string, at: string, valueMinor: number, more: Record<string, unknown> = {}) => ({
    leadId: row.lead_id,
    event: systemEvent({
      eventId: newId(),
      at: new Date(at),
      receivedAt: now,
      name,
      category: name === 'order_updated' ? 'record' : 'commerce',
      call: from === 'history' ? 'import' : 'track',
      source: voice.connector,
      valueMinor,
      currency: row.currency,
      properties: {
        order_id: row.external_id,
        order_number: row.number,
        shop: voice.domain,
        ...(row.is_test && { test: true }),
        ...more,
      },
    }),
  })
  const events = []
  if (isNew) {
    const products = productsOf(word?.lines ?? [], row.currency)
    events.push(
      about('order_completed', row.placed_at, row.total_minor, {
        products,
        ...(row.discount_codes.length > 0 && { coupon: row.discount_codes[0] }),
      }),
    )
  }
  if (isEdited) events.push(about('order_updated', row.changed_at ?? row.placed_at, 0))
  for (const { id, minor, at } of refunds) events.push(about('order_refunded', at, minor, { refund_id: id }))
  if (isCancelled && row.cancelled_at) events.push(about('order_cancelled', row.cancelled_at, 0))
  return events
}

function productsOf(
  lines: readonly {
    productId: string | null
    name: string
    sku: string | null
    quantity: number
    priceMinor: number
  }[],
  currency: string,
): Record<string, unknown>[] {
  return lines.slice(0, 200).map(({ productId, name, sku, quantity, priceMinor }) => ({
    ...(productId !== null && { product_id: productId }),
    name,
    ...(sku !== null && { sku }),
    quantity,
    price: Number(decimalString(priceMinor, currency)),
  }))
}
