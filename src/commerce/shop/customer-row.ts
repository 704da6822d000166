// The row of a shop's customer and how words about it change it: the newest word of each part wins, in whatever order they come. Pure.
import { saidAt } from '../../connectors/index.ts'
import type { CustomerWord, ShopConsent } from '../../connectors/index.ts'

/** A row of `shop_customers`; instants are ISO 8601 in UTC. */
export interface ShopCustomerRow {
  workspace_id: string
  connection_id: string
  customer_id: string
  lead_id: string
  tags: string[]
  /** per tag: when it was last added or taken away, and which */
  tag_acts: Record<string, [at: string, isThere: boolean]>
  note: string | null
  locale: string | null
  email_consent: string | null
  email_consent_at: string | null
  sms_consent: string | null
  sms_consent_at: string | null
  order_count: number
  spent_minor: number
  currency: string
  counted_at: string | null
  created_at: string
  updated_at: string
  said_at: string
  deleted_at: string | null
  synced_at: string
}

/** What a word did to a row. */
export interface FoldedCustomer {
  row: ShopCustomerRow
  /** whether anything of it was new */
  isNews: boolean
  /** whether the person's record itself was newer than what was known */
  isNewerRecord: boolean
  addedTags: string[]
  removedTags: string[]
}

/** An empty row of a customer that nothing was said of yet. */
export function blankCustomer(
  of: { workspaceId: string; connectionId: string; currency: string },
  customerId: string,
  at: string,
): ShopCustomerRow {
  return {
    workspace_id: of.workspaceId,
    connection_id: of.connectionId,
    customer_id: customerId,
    lead_id: '',
    tags: [],
    tag_acts: {},
    note: null,
    locale: null,
    email_consent: null,
    email_consent_at: null,
    sms_consent: null,
    sms_consent_at: null,
    order_count: 0,
    spent_minor: 0,
    currency: of.currency,
    counted_at: null,
    created_at: at,
    updated_at: at,
    said_at: '',
    deleted_at: null,
    synced_at: at,
  }
}

/** The row after a word; the one before is left as it is. */
export function foldCustomer(before: ShopCustomerRow, word: CustomerWord, now: Date): FoldedCustomer {
  const row: ShopCustomerRow = { ...before, synced_at: now.toISOString() }
  const { record, counts } = word
  let isNews = false
  let isNewerRecord = false
  if (record && saidAt(record.said) > before.said_at) {
    isNews = isNewerRecord = true
    row.note = record.note
    row.locale = record.locale ?? before.locale
    row.created_at = record.createdAt
    row.updated_at = record.said.changedAt
    row.said_at = saidAt(record.said)
  }
  if (isLaterConsent(word.email, before.email_consent, before.email_consent_at)) {
    isNews = true
    row.email_consent = word.email.state
    row.email_consent_at = word.email.at
  }
  if (isLaterConsent(word.sms, before.sms_consent, before.sms_consent_at)) {
    isNews = true
    row.sms_consent = word.sms.state
    row.sms_consent_at = word.sms.at
  }
  if (counts && (before.counted_at === null || counts.at > before.counted_at)) {
    isNews = true
    row.order_count = counts.orders
    row.spent_minor = counts.spentMinor
    row.counted_at = counts.at
  }
  if (word.deletedAt && before.deleted_at === null) {
    isNews = true
    row.deleted_at = word.deletedAt
  }
  const acts = tagActs(before.tag_acts, word)
  if (acts) {
    row.tag_acts = acts
    row.tags = Object.keys(acts)
      .filter((tag) => acts[tag]?.[1])
      .sort()
  }
  const addedTags = row.tags.filter((tag) => !before.tags.includes(tag))
  const removedTags = before.tags.filter((tag) => !row.tags.includes(tag))
  return { row, isNews: isNews || acts !== null, isNewerRecord, addedTags, removedTags }
}

// An undated word counts only where nothing dated is known; of two of one instant the refusal stands.
function isLaterConsent(
  said: ShopConsent | undefined,
  state: string | null,
  at: string | null,
): said is ShopConsent {
  if (!said || (said.state === state && said.at === at)) return false
  if (state === null) return true
  if (said.at === at) return said.state > state
  return at === null || (said.at !== null && said.at > at)
}

// Of two acts of one instant, taking away wins.
function tagActs(
  before: ShopCustomerRow['tag_acts'],
  word: CustomerWord,
): ShopCustomerRow['tag_acts'] | null {
  const acts = { ...before }
  let isNews = false
  const act = (tag: string, at: string, isThere: boolean) => {
    const known = acts[tag]
    if (known && (known[0] > at || (known[0] === at && (!known[1] || isThere)))) return
    acts[tag] = [at, isThere]
    isNews = true
  }
  if (word.tags) {
    for (const tag of word.tags.all) act(tag, word.tags.at, true)
    const all = new Set(word.tags.all)
    for (const tag of Object.keys(before)) if (!all.has(tag)) act(tag, word.tags.at, false)
  }
  for (const tag of word.tagsAdded?.tags ?? []) act(tag, word.tagsAdded?.at ?? '', true)
  for (const tag of word.tagsRemoved?.tags ?? []) act(tag, word.tagsRemoved?.at ?? '', false)
  return isNews ? acts : null
}
