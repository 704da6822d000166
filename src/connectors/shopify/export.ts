// Exports of a Shopify shop: orders (one row per line item) and customers.
import type { ExportPreset } from '../contract.ts'

/** Order columns are filled on the first row of an order only. */
export const shopifyOrders: ExportPreset = {
  id: 'shopify_orders',
  label: 'Shopify orders',
  kind: 'orders',
  idSpace: 'shopify',
  signs: ['name', 'financial status', 'lineitem name', 'lineitem quantity'],
  columns: {
    name: 'order_number',
    id: 'order_id',
    'financial status': 'order_status',
    currency: 'order_currency',
    subtotal: 'order_subtotal',
    shipping: 'order_shipping',
    taxes: 'order_tax',
    total: 'order_total',
    'refunded amount': 'order_refunded',
    'created at': 'order_placed_at',
    'cancelled at': 'order_cancelled_at',
    'payment method': 'order_payment_method',
    'lineitem name': 'line_title',
    'lineitem sku': 'line_sku',
    'lineitem quantity': 'line_quantity',
    'lineitem price': 'line_price',
    'lineitem discount': 'line_discount',
    'accepts marketing': 'email_consent',
    'billing name': 'full_name',
    'billing company': 'company',
    'billing city': 'city',
    'billing country': 'country',
    'billing phone': 'phone',
    tags: 'ignore',
    source: 'ignore',
    location: 'ignore',
    notes: 'ignore',
  },
  timeZone: 'UTC',
  testPaymentMethods: ['bogus'],
}

export const shopifyCustomers: ExportPreset = {
  id: 'shopify_customers',
  label: 'Shopify customers',
  kind: 'contacts',
  idSpace: 'shopify',
  signs: ['customer id', 'accepts email marketing', 'total spent', 'tax exempt'],
  columns: {
    'customer id': 'vendor_customer_id',
    'accepts email marketing': 'email_consent',
    'accepts sms marketing': 'sms_consent',
    'default address company': 'company',
    'default address city': 'city',
    'default address country code': 'country',
  },
}
