// The catalogue of event types: our name of each, the names that senders use for it, and its category.
import { clipText } from '../lib/text.ts'
import type { Category } from './contract.ts'

export interface EventType {
  /** ours: past tense, snake_case */
  name: string
  category: Category
  /** what a person reads on the timeline */
  label: string
}

/** Types that the product knows; any other event keeps its sender's words and counts as an `action`. */
export const catalogue: readonly EventType[] = [
  { name: 'page_viewed', category: 'page', label: 'Viewed a page' },
  { name: 'screen_viewed', category: 'page', label: 'Viewed a screen' },
  { name: 'form_submitted', category: 'form', label: 'Submitted a form' },
  { name: 'demo_requested', category: 'form', label: 'Requested a demo' },
  { name: 'meeting_booked', category: 'form', label: 'Booked a meeting' },
  { name: 'content_downloaded', category: 'form', label: 'Downloaded content' },
  { name: 'webinar_attended', category: 'action', label: 'Attended a webinar' },
  { name: 'signed_up', category: 'form', label: 'Signed up' },
  { name: 'signed_in', category: 'action', label: 'Signed in' },
  { name: 'products_searched', category: 'commerce', label: 'Searched products' },
  { name: 'product_list_viewed', category: 'commerce', label: 'Viewed a product list' },
  { name: 'product_viewed', category: 'commerce', label: 'Viewed a product' },
  { name: 'product_added', category: 'commerce', label: 'Added to cart' },
  { name: 'product_removed', category: 'commerce', label: 'Removed from cart' },
  { name: 'cart_viewed', category: 'commerce', label: 'Viewed the cart' },
  { name: 'checkout_started', category: 'commerce', label: 'Started checkout' },
  { name: 'order_completed', category: 'commerce', label: 'Placed an order' },
  { name: 'order_updated', category: 'commerce', label: 'Order changed' },
  { name: 'order_refunded', category: 'commerce', label: 'Order refunded' },
  { name: 'order_cancelled', category: 'commerce', label: 'Order cancelled' },
  { name: 'email_delivered', category: 'message', label: 'E-mail delivered' },
  { name: 'email_opened', category: 'message', label: 'Opened an e-mail' },
  { name: 'email_link_clicked', category: 'message', label: 'Clicked in an e-mail' },
  { name: 'email_bounced', category: 'message', label: 'E-mail bounced' },
  { name: 'unsubscribed', category: 'consent', label: 'Unsubscribed' },
  { name: 'consent_changed', category: 'consent', label: 'Consent changed' },
  { name: 'identified', category: 'identity', label: 'Identified' },
  { name: 'grouped', category: 'identity', label: 'Joined a group' },
  { name: 'aliased', category: 'identity', label: 'Linked an identity' },
  { name: 'lead_created', category: 'record', label: 'Lead created' },
  { name: 'lead_imported', category: 'record', label: 'Imported' },
  { name: 'lead_updated', category: 'record', label: 'Lead edited' },
  { name: 'lead_merged', category: 'identity', label: 'Merged with another lead' },
  { name: 'lead_unmerged', category: 'identity', label: 'Merge undone' },
  { name: 'lead_binned', category: 'record', label: 'Moved to the bin' },
  { name: 'lead_restored', category: 'record', label: 'Restored from the bin' },
  { name: 'order_taken_out', category: 'record', label: 'Order taken out with its import' },
  { name: 'note_added', category: 'record', label: 'Note added' },
]

/** Our name and category for a tracked event: `Order Completed`, `order completed` and `order_completed` are one. */
export function eventType(senderName: string): { name: string; category: Category } {
  const known = byKey.get(keyOf(senderName))
  return known ?? { name: clipText(senderName.trim(), 200), category: 'action' }
}

/** The words for a timeline; a sender's own name stays as it is. */
export function eventLabel(name: string): string {
  return byName.get(name)?.label ?? name
}

// Names of Segment's e-commerce and e-mail specifications that are not just ours in other clothes.
const otherNames: Record<string, string> = {
  'viewed page': 'page_viewed',
  pageview: 'page_viewed',
  'form submit': 'form_submitted',
  'lead form submitted': 'form_submitted',
  'demo request': 'demo_requested',
  'account created': 'signed_up',
  'user signed up': 'signed_up',
  'logged in': 'signed_in',
  'added to cart': 'product_added',
  'add to cart': 'product_added',
  purchase: 'order_completed',
  'order placed': 'order_completed',
  'email link clicked': 'email_link_clicked',
  'e-mail opened': 'email_opened',
  'consent updated': 'consent_changed',
}

const byName = new Map(catalogue.map((type) => [type.name, type]))
const byKey = new Map([
  ...catalogue.map((type) => [keyOf(type.name), type] as const),
  ...Object.entries(otherNames).flatMap(([other, name]) => {
    const type = byName.get(name)
    return type ? [[keyOf(other), type] as const] : []
  }),
])

function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim()
}
