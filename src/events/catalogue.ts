// The catalogue of event types: our name of each, the names that senders use for it, and its category.
import { clipText } from '../lib/text.ts'
import type { Category } from './contract.ts'

export interface EventType {
  /** ours: past tense, snake_case */
  name: string
  category: Category
  /** what a person reads on the timeline */
  label: string
  /** true where it happened to a lead, or we did it: sent, bounced, edited. It says nothing of the lead's own doing. */
  isPassive?: true
}

/** Types that the product knows; any other event keeps its sender's words and counts as an `action`. */
export const catalogue: readonly EventType[] = [
  { name: 'page_viewed', category: 'page', label: 'Viewed a page' },
  { name: 'screen_viewed', category: 'page', label: 'Viewed a screen' },
  { name: 'form_submitted', category: 'form', label: 'Submitted a form' },
  { name: 'demo_requested', category: 'form', label: 'Requested a demo' },
  { name: 'meeting_booked', category: 'form', label: 'Booked a meeting' },
  { name: 'content_downloaded', category: 'form', label: 'Downloaded content' },
  { name: 'webinar_registered', category: 'form', label: 'Registered for a webinar' },
  { name: 'webinar_attended', category: 'action', label: 'Attended a webinar' },
  { name: 'event_attended', category: 'action', label: 'Attended an event' },
  { name: 'video_watched', category: 'action', label: 'Watched a video' },
  { name: 'quote_requested', category: 'form', label: 'Asked for a quote' },
  { name: 'trial_started', category: 'form', label: 'Started a trial' },
  { name: 'newsletter_subscribed', category: 'form', label: 'Subscribed to the newsletter' },
  { name: 'survey_answered', category: 'form', label: 'Answered a survey' },
  { name: 'review_posted', category: 'form', label: 'Posted a review' },
  { name: 'referral_made', category: 'action', label: 'Recommended us' },
  { name: 'ad_clicked', category: 'action', label: 'Clicked an ad' },
  { name: 'ad_viewed', category: 'action', label: 'Saw an ad', isPassive: true },
  { name: 'social_followed', category: 'action', label: 'Followed on social media' },
  { name: 'social_reacted', category: 'action', label: 'Reacted on social media' },
  { name: 'social_commented', category: 'action', label: 'Commented on social media' },
  { name: 'social_shared', category: 'action', label: 'Shared on social media' },
  { name: 'call_connected', category: 'conversation', label: 'Spoke on the phone' },
  { name: 'call_missed', category: 'conversation', label: 'Was not reached by phone', isPassive: true },
  { name: 'voicemail_left', category: 'conversation', label: 'Left a voicemail' },
  { name: 'meeting_attended', category: 'conversation', label: 'Attended a meeting' },
  { name: 'meeting_missed', category: 'conversation', label: 'Missed a meeting', isPassive: true },
  { name: 'meeting_cancelled', category: 'conversation', label: 'Cancelled a meeting', isPassive: true },
  { name: 'chat_started', category: 'conversation', label: 'Started a chat' },
  { name: 'chat_ended', category: 'conversation', label: 'Ended a chat', isPassive: true },
  { name: 'social_message_received', category: 'conversation', label: 'Wrote on social media' },
  { name: 'ticket_opened', category: 'conversation', label: 'Opened a ticket' },
  { name: 'ticket_solved', category: 'conversation', label: 'Had a ticket solved', isPassive: true },
  { name: 'signed_up', category: 'form', label: 'Signed up' },
  { name: 'signed_in', category: 'action', label: 'Signed in' },
  { name: 'products_searched', category: 'commerce', label: 'Searched products' },
  { name: 'product_list_viewed', category: 'commerce', label: 'Viewed a product list' },
  { name: 'product_viewed', category: 'commerce', label: 'Viewed a product' },
  { name: 'product_added', category: 'commerce', label: 'Added to cart' },
  { name: 'product_removed', category: 'commerce', label: 'Removed from cart' },
  { name: 'cart_viewed', category: 'commerce', label: 'Viewed the cart' },
  { name: 'checkout_started', category: 'commerce', label: 'Started checkout' },
  { name: 'cart_abandoned', category: 'commerce', label: 'Left a cart behind', isPassive: true },
  { name: 'order_completed', category: 'commerce', label: 'Placed an order' },
  { name: 'order_updated', category: 'commerce', label: 'Order changed', isPassive: true },
  { name: 'order_refunded', category: 'commerce', label: 'Order refunded', isPassive: true },
  { name: 'order_cancelled', category: 'commerce', label: 'Order cancelled', isPassive: true },
  { name: 'email_sent', category: 'message', label: 'E-mail sent', isPassive: true },
  { name: 'email_delivered', category: 'message', label: 'E-mail delivered', isPassive: true },
  { name: 'email_opened', category: 'message', label: 'Opened an e-mail' },
  { name: 'email_link_clicked', category: 'message', label: 'Clicked in an e-mail' },
  { name: 'email_replied', category: 'message', label: 'Replied to an e-mail' },
  { name: 'email_bounced', category: 'message', label: 'E-mail bounced', isPassive: true },
  { name: 'email_complained', category: 'message', label: 'Marked an e-mail as spam' },
  { name: 'sms_sent', category: 'message', label: 'SMS sent', isPassive: true },
  { name: 'sms_delivered', category: 'message', label: 'SMS delivered', isPassive: true },
  { name: 'sms_failed', category: 'message', label: 'SMS failed', isPassive: true },
  { name: 'sms_link_clicked', category: 'message', label: 'Clicked in an SMS' },
  { name: 'sms_replied', category: 'message', label: 'Replied to an SMS' },
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
  { name: 'shop_customer_added', category: 'record', label: 'Became a customer of the shop' },
  { name: 'order_taken_out', category: 'record', label: 'Order taken out with its import' },
  { name: 'note_added', category: 'record', label: 'Note added' },
  { name: 'stage_moved', category: 'record', label: 'Moved to another stage' },
  { name: 'segment_entered', category: 'record', label: 'Entered a segment' },
  { name: 'segment_left', category: 'record', label: 'Left a segment' },
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

/**
 * Whether it is something that the person did, as far as a touch or a visit is one: neither what happened to the lead or its
 * record, nor a refusal. Machines are told apart elsewhere (`isBot`).
 */
export function isAct(name: string, category: Category): boolean {
  return ACT_CATEGORIES.has(category) && !passive.has(name)
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
  'email marked as spam': 'email_complained',
  'sms clicked': 'sms_link_clicked',
  'call answered': 'call_connected',
  'phone call': 'call_connected',
  'live chat conversation started': 'chat_started',
  'live chat conversation ended': 'chat_ended',
  'webinar registration': 'webinar_registered',
  'quote request': 'quote_requested',
  'support ticket opened': 'ticket_opened',
  'support ticket solved': 'ticket_solved',
  'consent updated': 'consent_changed',
}

/** `isAct` as lists: the categories, and the names in them that are none all the same. */
export function actWords(): { categories: Category[]; passive: string[] } {
  return { categories: [...ACT_CATEGORIES], passive: [...passive] }
}

const ACT_CATEGORIES: ReadonlySet<Category> = new Set([
  'page',
  'action',
  'form',
  'commerce',
  'message',
  'conversation',
])
const passive = new Set([
  ...catalogue.filter(({ isPassive }) => isPassive).map(({ name }) => name),
  'email_complained',
])
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
