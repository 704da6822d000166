// A payload of each webhook topic, shaped as Shopify documents it, about people who do not exist.

const CUSTOMER = {
  id: 7000000000001,
  admin_graphql_api_id: 'gid://shopify/Customer/7000000000001',
  created_at: '2026-10-01T10:00:00+02:00',
  updated_at: '2026-11-20T11:00:00+01:00',
  first_name: 'Jane',
  last_name: 'Doe',
  note: 'Prefers mornings.',
  email: 'jane.doe@shop.example',
  phone: '+442079460958',
  default_address: { company: null, city: 'London', country_code: 'GB' },
}

const REFUND = {
  id: 8000000000001,
  order_id: 5500000000001,
  created_at: '2026-11-20T11:00:00+01:00',
  transactions: [{ id: 1, kind: 'refund', status: 'success', amount: '9.50', currency: 'GBP' }],
}

const LINE = {
  id: 9000000000001,
  product_id: 6000000000001,
  variant_id: 6100000000001,
  title: 'Green tea',
  variant_title: '100 g',
  sku: 'TEA-100',
  quantity: 2,
  current_quantity: 1,
  price: '9.50',
  total_discount: '0.00',
}

const ORDER = {
  id: 5500000000001,
  name: '#1001',
  created_at: '2026-11-19T10:00:00+01:00',
  processed_at: '2026-11-19T10:00:00+01:00',
  updated_at: '2026-11-20T11:00:00+01:00',
  cancelled_at: null,
  test: false,
  currency: 'GBP',
  email: 'jane.doe@shop.example',
  financial_status: 'partially_refunded',
  fulfillment_status: null,
  total_price: '19.00',
  current_total_price: '9.50',
  subtotal_price: '19.00',
  total_tax: '3.17',
  total_shipping_price_set: { shop_money: { amount: '0.00', currency_code: 'GBP' } },
  checkout_token: 'c1-example',
  discount_codes: [{ code: 'AUTUMN', amount: '0.00', type: 'percentage' }],
  tags: 'gift, first order',
  note: null,
  customer: CUSTOMER,
  line_items: [LINE],
  refunds: [REFUND],
}

const PRODUCT = {
  id: 6000000000001,
  title: 'Green tea',
  handle: 'green-tea',
  vendor: 'Tea House',
  product_type: 'Tea',
  status: 'active',
  tags: 'green, loose',
  created_at: '2026-01-01T10:00:00Z',
  updated_at: '2026-11-20T10:00:00Z',
  variants: [{ id: 6100000000001, title: '100 g', sku: 'TEA-100', price: '9.50' }],
}

const CHECKOUT = {
  id: 3000000000001,
  token: 'c1-example',
  email: 'jane.doe@shop.example',
  created_at: '2026-11-19T09:50:00+01:00',
  updated_at: '2026-11-19T09:55:00+01:00',
  completed_at: null,
  currency: 'GBP',
  total_price: '19.00',
  abandoned_checkout_url: 'https://your-shop.example/checkouts/ac/c1-example/recover',
  customer: CUSTOMER,
  line_items: [LINE],
}

const SHOP = { id: 954889, name: 'Your shop', myshopify_domain: 'your-shop.myshopify.com' }
const AT = '2026-11-20T10:00:00Z'
const BUYER = 'gid://shopify/Customer/7000000000001'
const LAW = {
  shop_id: 954889,
  shop_domain: 'your-shop.myshopify.com',
  customer: { id: 7000000000001, email: 'jane.doe@shop.example', phone: '+442079460958' },
}

export const examples: Readonly<Record<string, unknown>> = {
  'customers/create': CUSTOMER,
  'customers/update': CUSTOMER,
  'customers/enable': CUSTOMER,
  'customers/disable': CUSTOMER,
  'customers/delete': { id: 7000000000001 },
  'customers/merge': { admin_graphql_api_customer_deleted_id: BUYER },
  'customers/email_marketing_consent_update': {
    customer_id: 7000000000001,
    email_marketing_consent: { state: 'subscribed', consent_updated_at: AT },
  },
  'customers/marketing_consent_update': {
    customer_id: 7000000000001,
    sms_marketing_consent: { state: 'unsubscribed', consent_updated_at: AT },
  },
  'customers/purchasing_summary': {
    customerId: BUYER,
    numberOfOrders: '3',
    amountSpent: { amount: '57.00', currencyCode: 'GBP' },
    occurredAt: AT,
  },
  'customer.tags_added': { customerId: BUYER, tags: ['vip'], occurredAt: AT },
  'customer.tags_removed': { customerId: BUYER, tags: ['vip'], occurredAt: AT },
  'orders/create': ORDER,
  'orders/updated': ORDER,
  'orders/paid': ORDER,
  'orders/cancelled': { ...ORDER, cancelled_at: AT },
  'orders/fulfilled': { ...ORDER, fulfillment_status: 'fulfilled' },
  'refunds/create': REFUND,
  'products/create': PRODUCT,
  'products/update': PRODUCT,
  'products/delete': { id: 6000000000001 },
  'checkouts/create': CHECKOUT,
  'checkouts/update': { ...CHECKOUT, completed_at: AT },
  'app/uninstalled': SHOP,
  'app/scopes_update': SHOP,
  'shop/update': SHOP,
  'bulk_operations/finish': { admin_graphql_api_id: 'gid://shopify/BulkOperation/1', status: 'completed' },
  'customers/data_request': { ...LAW, data_request: { id: 9999 } },
  'customers/redact': { ...LAW, orders_to_redact: [5500000000001] },
  'shop/redact': { shop_id: 954889, shop_domain: 'your-shop.myshopify.com' },
}
