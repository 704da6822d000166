// The events that GA4 recommends, those it reserves, and how ours go there unless a workspace says otherwise. Pure.
import type { EventMapping, ParameterMapping } from '../conversions.ts'

/** https://developers.google.com/analytics/devguides/collection/ga4/reference/events */
export const recommendedEvents: readonly { name: string; label: string }[] = [
  { name: 'purchase', label: 'Purchase' },
  { name: 'refund', label: 'Refund' },
  { name: 'generate_lead', label: 'Lead' },
  { name: 'qualify_lead', label: 'Lead qualified' },
  { name: 'working_lead', label: 'Lead worked on' },
  { name: 'close_convert_lead', label: 'Lead converted' },
  { name: 'disqualify_lead', label: 'Lead disqualified' },
  { name: 'close_unconvert_lead', label: 'Lead lost' },
  { name: 'sign_up', label: 'Registration' },
  { name: 'login', label: 'Sign-in' },
  { name: 'begin_checkout', label: 'Checkout started' },
  { name: 'add_payment_info', label: 'Payment details given' },
  { name: 'add_shipping_info', label: 'Delivery details given' },
  { name: 'add_to_cart', label: 'Added to cart' },
  { name: 'remove_from_cart', label: 'Removed from cart' },
  { name: 'view_cart', label: 'Cart viewed' },
  { name: 'add_to_wishlist', label: 'Added to a wish list' },
  { name: 'view_item', label: 'Product viewed' },
  { name: 'view_item_list', label: 'Product list viewed' },
  { name: 'select_item', label: 'Product chosen' },
  { name: 'view_promotion', label: 'Promotion viewed' },
  { name: 'select_promotion', label: 'Promotion chosen' },
  { name: 'search', label: 'Search' },
  { name: 'select_content', label: 'Content chosen' },
  { name: 'share', label: 'Shared' },
  { name: 'join_group', label: 'Joined a group' },
  { name: 'page_view', label: 'Page view' },
  { name: 'tutorial_begin', label: 'Tutorial begun' },
  { name: 'tutorial_complete', label: 'Tutorial completed' },
]

/** https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference#reserved_names */
export const reservedEvents: ReadonlySet<string> = new Set(
  (
    'ad_activeview ad_click ad_exposure ad_query ad_reward adunit_exposure app_background app_clear_data app_exception ' +
    'app_remove app_store_refund app_store_subscription_cancel app_store_subscription_convert app_store_subscription_renew ' +
    'app_update app_upgrade dynamic_link_app_open dynamic_link_app_update dynamic_link_first_open error firebase_campaign ' +
    'first_open first_visit in_app_purchase notification_dismiss notification_foreground notification_open ' +
    'notification_receive os_update session_start user_engagement'
  ).split(' '),
)

const money: ParameterMapping[] = [
  { parameter: 'value', from: 'value' },
  { parameter: 'currency', from: 'currency' },
]
const goods: ParameterMapping[] = [...money, { parameter: 'items', from: 'products' }]
const form: ParameterMapping[] = [{ parameter: 'form_name', from: 'property:form_name' }, ...money]
const order: ParameterMapping[] = [
  { parameter: 'transaction_id', from: 'order_id' },
  ...goods,
  { parameter: 'tax', from: 'property:tax' },
  { parameter: 'shipping', from: 'property:shipping' },
  { parameter: 'coupon', from: 'property:coupon' },
]

const to = (event: string, name: string, parameters: ParameterMapping[], isOn = true): EventMapping => ({
  event,
  isOn,
  name,
  parameters,
})

/** The tag on the website tells of views by itself, so that they are off here. */
export const defaults: readonly EventMapping[] = [
  to('order_completed', 'purchase', order),
  to('order_refunded', 'refund', [{ parameter: 'transaction_id', from: 'order_id' }, ...money]),
  to('checkout_started', 'begin_checkout', goods),
  to('product_added', 'add_to_cart', goods),
  to('product_removed', 'remove_from_cart', goods, false),
  to('cart_viewed', 'view_cart', goods, false),
  to('product_viewed', 'view_item', goods, false),
  to('products_searched', 'search', [{ parameter: 'search_term', from: 'property:query' }], false),
  to('page_viewed', 'page_view', [{ parameter: 'page_location', from: 'page_url' }], false),
  to('form_submitted', 'generate_lead', form),
  to('demo_requested', 'generate_lead', form),
  to('quote_requested', 'generate_lead', form),
  to('meeting_booked', 'generate_lead', form, false),
  to('signed_up', 'sign_up', [{ parameter: 'method', from: 'property:method' }]),
  to('signed_in', 'login', [{ parameter: 'method', from: 'property:method' }], false),
]
