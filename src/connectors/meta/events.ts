// The events that Meta knows, and how ours go there unless a workspace says otherwise. Pure.
import type { EventMapping, ParameterMapping } from '../conversions.ts'

/** Meta's standard events: https://developers.facebook.com/docs/meta-pixel/reference */
export const standardEvents: readonly { name: string; label: string }[] = [
  { name: 'Purchase', label: 'Purchase' },
  { name: 'Lead', label: 'Lead' },
  { name: 'CompleteRegistration', label: 'Registration completed' },
  { name: 'InitiateCheckout', label: 'Checkout started' },
  { name: 'AddToCart', label: 'Added to cart' },
  { name: 'AddPaymentInfo', label: 'Payment details given' },
  { name: 'AddToWishlist', label: 'Added to a wish list' },
  { name: 'ViewContent', label: 'Product or page viewed' },
  { name: 'Search', label: 'Search' },
  { name: 'Contact', label: 'Contact' },
  { name: 'CustomizeProduct', label: 'Product customised' },
  { name: 'Donate', label: 'Donation' },
  { name: 'FindLocation', label: 'Place looked for' },
  { name: 'Schedule', label: 'Appointment made' },
  { name: 'StartTrial', label: 'Trial started' },
  { name: 'SubmitApplication', label: 'Application submitted' },
  { name: 'Subscribe', label: 'Subscription' },
  { name: 'PageView', label: 'Page view' },
]

const money: ParameterMapping[] = [
  { parameter: 'value', from: 'value' },
  { parameter: 'currency', from: 'currency' },
]
const goods: ParameterMapping[] = [
  ...money,
  { parameter: 'contents', from: 'products' },
  { parameter: 'content_ids', from: 'products' },
  { parameter: 'content_type', from: 'text:product' },
]
const form: ParameterMapping[] = [{ parameter: 'content_name', from: 'property:form_name' }, ...money]

const to = (event: string, name: string, parameters: ParameterMapping[], isOn = true): EventMapping => ({
  event,
  isOn,
  name,
  parameters,
})

/** The browser's pixel tells of views by itself, so that they are off here. */
export const defaults: readonly EventMapping[] = [
  to('order_completed', 'Purchase', [
    ...goods,
    { parameter: 'order_id', from: 'order_id' },
    { parameter: 'num_items', from: 'product_count' },
  ]),
  to('checkout_started', 'InitiateCheckout', [...goods, { parameter: 'num_items', from: 'product_count' }]),
  to('product_added', 'AddToCart', goods),
  to('product_viewed', 'ViewContent', goods, false),
  to('products_searched', 'Search', [{ parameter: 'search_string', from: 'property:query' }], false),
  to('page_viewed', 'PageView', [], false),
  to('form_submitted', 'Lead', form),
  to('demo_requested', 'Lead', form),
  to('quote_requested', 'Lead', form),
  to('content_downloaded', 'Lead', form, false),
  to('meeting_booked', 'Schedule', money),
  to('trial_started', 'StartTrial', money),
  to('signed_up', 'CompleteRegistration', [{ parameter: 'status', from: 'text:completed' }, ...money]),
  to('newsletter_subscribed', 'Subscribe', money, false),
]
