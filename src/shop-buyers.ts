// Reads who a shop speaks of and what it says of them: identifiers, fields, tags and consents. Pure.
import type { CustomerWord, ShopPerson } from './connectors/index.ts'
import type { Claims } from './identity/index.ts'
import { RANK, readTraits } from './leads/index.ts'
import type { ConsentAct, Words } from './leads/index.ts'
import { becameCustomer } from './shop-events.ts'
import type { ShopContext, ShopSubject, ShopVoice } from './shop-items.ts'

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
