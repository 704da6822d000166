// What a vendor that runs shops declares: how a shop is read, how it tells of changes, and how we write to it. Pure.
import type { Link, Linked } from './connector.ts'
import type { Exchange, Outcome } from './exchange.ts'

/** A webhook as it came in; the bytes are those that were signed. */
export interface ShopWebhookIn {
  raw: Uint8Array
  /** names in small letters */
  headers: Readonly<Record<string, string>>
}

/** What the vendor says of a webhook beside its body. */
export interface WebhookHead {
  topic: string
  /** by which a repeat is recognised */
  deliveryId: string
  /** the address of the shop */
  domain: string
  /** ISO 8601 */
  triggeredAt: string
}

/**
 * When something was changed, by the shop's clock, and when that was told: as texts that sort like the instants. A word with an
 * older one is passed over.
 */
export interface Said {
  changedAt: string
  toldAt: string
}

/** A text of both that sorts as they do. */
export function saidAt({ changedAt, toldAt }: Said): string {
  return `${changedAt}|${toldAt}`
}

export interface ShopPerson {
  email: string | null
  phone: string | null
  firstName: string | null
  lastName: string | null
  company: string | null
  city: string | null
  country: string | null
  language: string | null
}

export interface ShopConsent {
  /** the vendor's word in small letters, such as subscribed */
  state: string
  /** what it means; null where the person decided nothing */
  means: 'granted' | 'denied' | null
  /** when the person acted */
  at: string | null
}

/** What is said of a customer; what is absent was not told. */
export interface CustomerWord {
  kind: 'customer'
  id: string
  /** of the record itself; absent where only what stands below was told */
  record?: { said: Said; person: ShopPerson; note: string | null; locale: string | null; createdAt: string }
  /** all tags as they were at an instant */
  tags?: { all: string[]; at: string }
  tagsAdded?: { tags: string[]; at: string }
  tagsRemoved?: { tags: string[]; at: string }
  email?: ShopConsent
  sms?: ShopConsent
  counts?: { orders: number; spentMinor: number; at: string }
  deletedAt?: string
}

export interface ShopLine {
  id: string
  productId: string | null
  variantId: string | null
  name: string
  variant: string | null
  sku: string | null
  quantity: number
  currentQuantity: number
  priceMinor: number
  discountMinor: number
}

export interface ShopRefund {
  id: string
  minor: number
  at: string
}

/** An order as it is. */
export interface ShopOrderWord {
  kind: 'order'
  id: string
  number: string
  said: Said
  customerId: string | null
  /** of an order without a customer */
  email: string | null
  phone: string | null
  status: string
  fulfilment: string | null
  isEdited: boolean
  isTest: boolean
  currency: string
  totalMinor: number
  /** what is left of it after refunds and edits */
  currentMinor: number
  subtotalMinor: number
  shippingMinor: number
  taxMinor: number
  placedAt: string
  cancelledAt: string | null
  cartToken: string | null
  discountCodes: string[]
  tags: string[]
  note: string | null
  lines: ShopLine[]
  refunds: ShopRefund[]
}

/** A refund that is told apart from its order. */
export interface RefundWord {
  kind: 'refund'
  orderId: string
  refund: ShopRefund
}

export interface ShopProductWord {
  kind: 'product'
  id: string
  said: Said
  /** absent where it was deleted */
  product?: {
    title: string
    handle: string
    vendor: string
    kind: string
    status: string
    tags: string[]
    variants: { id: string; title: string; sku: string | null; priceMinor: number }[]
    createdAt: string
  }
  deletedAt?: string
}

export interface CheckoutWord {
  kind: 'checkout'
  id: string
  said: Said
  token: string
  customerId: string | null
  person: ShopPerson | null
  currency: string
  totalMinor: number
  lines: {
    productId: string | null
    variantId: string | null
    name: string
    sku: string | null
    quantity: number
    priceMinor: number
  }[]
  recoveryUrl: string | null
  startedAt: string
  completedAt: string | null
  deletedAt?: string
}

/** What happened to the shop or our place in it. */
export interface ShopItselfWord {
  kind: 'shop'
  act: 'uninstalled' | 'scopes_changed' | 'changed' | 'file_ready'
  /** of `file_ready` */
  operationId?: string
}

/** What the law has a shop ask. */
export interface RequestWord {
  kind: 'request'
  asks: 'data_request' | 'customer_redact' | 'shop_redact'
  requestId: string
  customerId: string | null
  email: string | null
  phone: string | null
}

export type ShopWord =
  CustomerWord | ShopOrderWord | RefundWord | ShopProductWord | CheckoutWord | ShopItselfWord | RequestWord

/** What a payload says, or why it cannot be read. `subject` is the shop's number of what it is about. */
export type ShopReading = { words: ShopWord[]; subject: string | null } | { refused: string }

/** Who the shop is. */
export interface ShopCard {
  domain: string
  name: string
  /** ISO 4217, of all its amounts */
  currency: string
  timeZone: string
  plan: string | null
  scopes: string[]
}

/** How a file that the shop writes for us fares. `lost`: it is gone, and has to be written anew. */
export type FileState =
  | { state: 'writing'; records: number }
  | { state: 'ready'; url: string | null; bytes: number; records: number; at: string }
  | { state: 'failed'; words: string }
  | { state: 'lost'; words: string }

/** A result, or what became of the call instead. */
export type Asked<T> = { ok: true; value: T } | { ok: false; outcome: Exclude<Outcome, { kind: 'sent' }> }

export type ShopFileKind = 'customers' | 'orders' | 'products' | 'checkouts'

/** A change that we make in the shop. */
export interface ShopWrite {
  customerId: string
  addTags?: string[]
  removeTags?: string[]
  /** appended to what the shop has noted */
  addNote?: string
  email?: { state: 'granted' | 'denied'; at: string }
  sms?: { state: 'granted' | 'denied'; at: string }
  /** custom fields by key: `agreed` is what both had, null where the shop had none; `force` overwrites whatever is there */
  fields?: { key: string; value: string; agreed: string | null; force?: boolean }[]
}

/** What became of a change: what the shop has now where it said so, and fields that somebody else changed meanwhile. */
export interface ShopWritten {
  outcome: Outcome
  note?: string | null
  fields?: Record<string, string>
  conflicts?: { field: string; ours: string; theirs: string }[]
}

export interface ShopDeclared<Settings> {
  /** rights that everything here needs, by what fails without them */
  scopes: readonly string[]
  /** which of the rights that it asks for a shop has not given */
  missingScopes(granted: readonly string[]): string[]
  /** the shop's address out of the settings, in small letters, as webhooks name it */
  domainOf(settings: Settings): string
  /** what a webhook says of itself; null where it is none */
  head(webhook: ShopWebhookIn): WebhookHead | null
  /** whether the vendor signed it, in constant time */
  verify(webhook: ShopWebhookIn, settings: Settings): boolean
  /** topics of payloads that `read` takes, with an example of each */
  examples: Readonly<Record<string, unknown>>
  /** reads a webhook: unknown fields are left, a malformed payload is refused and never throws */
  read(head: Pick<WebhookHead, 'topic' | 'triggeredAt'>, payload: unknown, currency: string): ShopReading
  card(linked: Linked<Settings>): Exchange<Asked<ShopCard>>
  /** makes sure that the shop tells these addresses of everything; those it told before are left as they are */
  subscribe(linked: Linked<Settings>, baseUrl: string): Exchange<Asked<{ topics: number }>>
  /** has the shop write a file of everything, or of what changed since */
  startFile(linked: Linked<Settings>, kind: ShopFileKind, since: string | null): Exchange<Asked<string>>
  fileState(linked: Linked<Settings>, operationId: string): Exchange<Asked<FileState>>
  cancelFile(linked: Linked<Settings>, operationId: string): Exchange<void>
  /**
   * Reads the lines of a record and what belongs to it, parsed. @param toldAt when the file was written @param currency the shop's
   * @returns null where it is no record that can be read
   */
  readRecord(
    kind: ShopFileKind,
    lines: readonly Record<string, unknown>[],
    toldAt: string,
    currency: string,
  ): ShopWord | null
  /** whether a line begins a record, rather than belonging to the one before */
  beginsRecord(line: string): boolean
  write(linked: Linked<Settings>, change: ShopWrite): Exchange<ShopWritten>
  /** takes our app out of the shop, so that it sends nothing more */
  uninstall(linked: Linked<Settings>): Exchange<Outcome>
}

export type Shop = Omit<
  ShopDeclared<unknown>,
  'card' | 'subscribe' | 'startFile' | 'fileState' | 'cancelFile' | 'write' | 'uninstall'
> & {
  card(link: Link): Exchange<Asked<ShopCard>>
  subscribe(link: Link, baseUrl: string): Exchange<Asked<{ topics: number }>>
  startFile(link: Link, kind: ShopFileKind, since: string | null): Exchange<Asked<string>>
  fileState(link: Link, operationId: string): Exchange<Asked<FileState>>
  cancelFile(link: Link, operationId: string): Exchange<void>
  write(link: Link, change: ShopWrite): Exchange<ShopWritten>
  uninstall(link: Link): Exchange<Outcome>
}

/** The capability as the rest of the product uses it: the schema reads the settings first. */
export function shopOf<Settings>(shop: ShopDeclared<Settings>, read: (given: unknown) => Settings): Shop {
  const linked = (link: Link): Linked<Settings> => ({ ...link, settings: read(link.settings) })
  return {
    ...shop,
    domainOf: (given) => shop.domainOf(read(given)),
    verify: (webhook, given) => shop.verify(webhook, read(given)),
    card: (link) => shop.card(linked(link)),
    subscribe: (link, baseUrl) => shop.subscribe(linked(link), baseUrl),
    startFile: (link, kind, since) => shop.startFile(linked(link), kind, since),
    fileState: (link, operationId) => shop.fileState(linked(link), operationId),
    cancelFile: (link, operationId) => shop.cancelFile(linked(link), operationId),
    write: (link, change) => shop.write(linked(link), change),
    uninstall: (link) => shop.uninstall(linked(link)),
  }
}
