// The buttons of a shop's page, each a command of the control API.
import type { Action } from '../frame/vendor.ts'
import { DEFAULT_SHOP } from './app.ts'
import type { OrderAct } from './changes.ts'
import { FIRST_ID } from './generate.ts'

export const ACTS: OrderAct[] = ['update', 'pay', 'fulfil', 'edit', 'cancel', 'refund', 'refund_part']

const SHOP_FIELD = { name: 'shop', label: 'Shop', value: DEFAULT_SHOP }
const CUSTOMER_FIELD = { name: 'customerId', label: 'Customer id', value: String(FIRST_ID.customer) }

export const ACTIONS: Action[] = [
  {
    title: 'Fill the shop: the same seed gives the same people',
    path: '/shopify/generate',
    button: 'Generate',
    fields: [
      SHOP_FIELD,
      { name: 'customers', label: 'Customers', value: '1000' },
      { name: 'orders', label: 'Orders', value: '3000' },
      { name: 'checkouts', label: 'Carts', value: '50' },
      { name: 'seed', label: 'Seed', value: '1' },
    ],
  },
  {
    title: 'Place orders',
    path: '/shopify/orders',
    button: 'Order',
    fields: [
      SHOP_FIELD,
      CUSTOMER_FIELD,
      { name: 'count', label: 'How many', value: '1' },
      { name: 'perSecond', label: 'A second (0: at once)', value: '0' },
      { name: 'paid', label: 'Paid', options: ['yes', 'no'] },
      { name: 'test', label: 'A test order', options: ['no', 'yes'] },
    ],
  },
  {
    title: 'Let something happen to an order',
    path: '/shopify/orders/act',
    button: 'Do',
    fields: [
      SHOP_FIELD,
      { name: 'orderId', label: 'Order id', value: String(FIRST_ID.order) },
      { name: 'act', label: 'What', options: ACTS },
    ],
  },
  {
    title: 'Let something happen to a customer',
    path: '/shopify/customers/change',
    button: 'Do',
    fields: [
      SHOP_FIELD,
      CUSTOMER_FIELD,
      {
        name: 'act',
        label: 'What',
        options: ['update', 'tag', 'untag', 'email_consent', 'sms_consent', 'delete'],
      },
      { name: 'state', label: 'Consent', options: ['SUBSCRIBED', 'UNSUBSCRIBED'] },
      { name: 'tag', label: 'Tag', value: 'vip' },
    ],
  },
  {
    title: 'Leave a cart',
    path: '/shopify/checkouts',
    button: 'Leave',
    fields: [SHOP_FIELD, CUSTOMER_FIELD],
  },
  {
    title: 'Expire tokens',
    path: '/shopify/tokens/expire',
    button: 'Expire',
    fields: [SHOP_FIELD, { name: 'which', label: 'Which', options: ['access', 'refresh'] }],
  },
  {
    title: 'The app: where compliance webhooks go',
    path: '/shopify/app',
    button: 'Set',
    fields: [{ name: 'complianceUrl', label: 'Address' }],
  },
  {
    title: 'Send a compliance webhook',
    path: '/shopify/compliance',
    button: 'Send',
    fields: [
      SHOP_FIELD,
      CUSTOMER_FIELD,
      {
        name: 'topic',
        label: 'Topic',
        options: ['customers/data_request', 'customers/redact', 'shop/redact'],
      },
    ],
  },
  { title: 'Uninstall the app', path: '/shopify/uninstall', button: 'Uninstall', fields: [SHOP_FIELD] },
]
