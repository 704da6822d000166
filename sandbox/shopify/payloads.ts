// What webhooks carry: the shapes of the REST API, and for customers without tags, consent and counts since 2025-01.
import { currentTotalsOf, financialStatus, gid, lineCents, totalsOf } from './records.ts'
import type { Address, Checkout, Customer, Line, Order, Product, Refund } from './records.ts'
import { decimal, instant } from './resolvers/types.ts'
import type { Shop } from './shop.ts'

export function customerPayload(shop: Shop, customer: Customer) {
  const { id, firstName, lastName, email, phone } = customer
  return {
    id,
    admin_graphql_api_id: gid('Customer', id),
    created_at: instant(customer.createdAt),
    updated_at: instant(customer.updatedAt),
    first_name: firstName,
    last_name: lastName,
    state: 'disabled',
    note: customer.note,
    verified_email: email !== null,
    multipass_identifier: null,
    tax_exempt: customer.taxExempt,
    email,
    phone,
    currency: shop.currency,
    addresses: customer.address ? [addressPayload(customer.address)] : [],
    tax_exemptions: [],
    default_address: customer.address && addressPayload(customer.address),
  }
}

export function orderPayload(shop: Shop, order: Order) {
  const totals = totalsOf(order)
  const current = currentTotalsOf(order)
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId)
  const visit = order.visits.at(-1)
  return {
    id: order.id,
    admin_graphql_api_id: gid('Order', order.id),
    name: `#${order.number}`,
    order_number: order.number,
    number: order.number - 1000,
    created_at: instant(order.createdAt),
    updated_at: instant(order.updatedAt),
    processed_at: instant(order.createdAt),
    cancelled_at: instant(order.cancelledAt),
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    closed_at: instant(order.cancelledAt),
    confirmed: true,
    test: order.isTest,
    currency: shop.currency,
    presentment_currency: shop.currency,
    email: order.email,
    contact_email: order.email,
    phone: null,
    financial_status: financialStatus(order).toLowerCase(),
    fulfillment_status: order.isFulfilled ? 'fulfilled' : null,
    subtotal_price: decimal(totals.subtotal),
    total_price: decimal(totals.total),
    total_tax: decimal(totals.tax),
    total_discounts: decimal(totals.discount),
    total_line_items_price: decimal(totals.subtotal + totals.discount),
    total_price_set: bothMoney(shop, totals.total),
    total_shipping_price_set: bothMoney(shop, totals.shipping),
    current_subtotal_price: decimal(current.subtotal),
    current_total_price: decimal(current.total),
    current_total_tax: decimal(current.tax),
    current_total_discounts: decimal(current.discount),
    taxes_included: true,
    tags: order.tags.join(', '),
    note: order.note,
    buyer_accepts_marketing: customer?.emailConsent.state === 'SUBSCRIBED',
    cart_token: order.checkoutToken,
    checkout_token: order.checkoutToken,
    customer_locale: 'de',
    browser_ip: '203.0.113.7',
    source_name: 'web',
    landing_site: visit?.landingPage ?? null,
    referring_site: visit?.referrer ?? null,
    discount_codes:
      order.discountCode === null
        ? []
        : [{ code: order.discountCode, amount: decimal(totals.discount), type: 'percentage' }],
    note_attributes: [],
    payment_gateway_names: ['sandbox'],
    customer: customer ? customerPayload(shop, customer) : null,
    billing_address: order.address && addressPayload(order.address),
    shipping_address: order.address && addressPayload(order.address),
    line_items: order.lines.map((line) => linePayload(shop, line)),
    shipping_lines:
      order.shippingCents === 0 ? [] : [{ title: 'Post', price: decimal(order.shippingCents), code: 'post' }],
    refunds: order.refunds.map((refund) => refundPayload(shop, order, refund)),
  }
}

export function refundPayload(shop: Shop, order: Order, refund: Refund) {
  const goods = refund.lines.reduce((sum, line) => sum + line.cents, 0)
  return {
    id: refund.id,
    admin_graphql_api_id: gid('Refund', refund.id),
    order_id: order.id,
    created_at: instant(refund.at),
    processed_at: instant(refund.at),
    note: refund.note,
    restock: true,
    refund_line_items: refund.lines.map(({ lineId, quantity, cents }) => {
      const line = order.lines.find((each) => each.id === lineId)
      return {
        id: lineId,
        line_item_id: lineId,
        quantity,
        subtotal: cents / 100,
        total_tax: Math.round(cents / 6) / 100,
        line_item: line ? linePayload(shop, line) : null,
      }
    }),
    transactions: [
      {
        id: refund.id,
        order_id: order.id,
        kind: 'refund',
        status: 'success',
        gateway: 'sandbox',
        amount: decimal(goods + refund.shippingCents),
        currency: shop.currency,
        test: order.isTest,
        created_at: instant(refund.at),
        processed_at: instant(refund.at),
      },
    ],
    order_adjustments:
      refund.shippingCents === 0
        ? []
        : [
            {
              kind: 'shipping_refund',
              order_id: order.id,
              amount: decimal(-refund.shippingCents),
              tax_amount: '0.00',
            },
          ],
  }
}

export function checkoutPayload(shop: Shop, checkout: Checkout, origin: string) {
  const { total, subtotal, tax, discount } = totalsOf({ lines: checkout.lines, shippingCents: 0 })
  const customer = checkout.customerId === null ? undefined : shop.customers.get(checkout.customerId)
  return {
    id: checkout.id,
    token: checkout.token,
    cart_token: checkout.token,
    email: checkout.email,
    phone: null,
    created_at: instant(checkout.createdAt),
    updated_at: instant(checkout.updatedAt),
    completed_at: instant(checkout.completedAt),
    closed_at: null,
    abandoned_checkout_url: `${origin}/checkouts/ac/${checkout.token}/recover`,
    currency: shop.currency,
    presentment_currency: shop.currency,
    subtotal_price: decimal(subtotal),
    total_price: decimal(total),
    total_tax: decimal(tax),
    total_discounts: decimal(discount),
    total_line_items_price: decimal(subtotal + discount),
    taxes_included: true,
    buyer_accepts_marketing: customer?.emailConsent.state === 'SUBSCRIBED',
    customer: customer ? customerPayload(shop, customer) : null,
    line_items: checkout.lines.map((line) => linePayload(shop, line)),
    shipping_address: checkout.address && addressPayload(checkout.address),
  }
}

export function productPayload(product: Product) {
  return {
    id: product.id,
    admin_graphql_api_id: gid('Product', product.id),
    title: product.title,
    handle: product.handle,
    body_html: product.description,
    vendor: product.vendor,
    product_type: product.type,
    status: 'active',
    tags: product.tags.join(', '),
    created_at: instant(product.createdAt),
    updated_at: instant(product.updatedAt),
    published_at: instant(product.createdAt),
    variants: product.variants.map((variant) => ({
      id: variant.id,
      product_id: product.id,
      title: variant.title,
      sku: variant.sku,
      price: decimal(variant.cents),
      position: variant.position,
    })),
  }
}

export function summaryPayload(shop: Shop, customerId: number, now: number) {
  const { orders, spentCents, lastOrder } = shop.summaryOf(customerId)
  return {
    customerId: gid('Customer', customerId),
    numberOfOrders: String(orders),
    amountSpent: { amount: decimal(spentCents), currencyCode: shop.currency },
    lastOrderId: lastOrder && gid('Order', lastOrder.id),
    occurredAt: instant(now),
  }
}

export function emailConsentPayload({ id, email, emailConsent }: Customer) {
  return {
    customer_id: id,
    email_address: email,
    email_marketing_consent: {
      state: emailConsent.state.toLowerCase(),
      opt_in_level: emailConsent.level?.toLowerCase() ?? null,
      consent_updated_at: instant(emailConsent.at),
    },
  }
}

export function smsConsentPayload({ id, phone, smsConsent }: Customer) {
  return {
    customer_id: id,
    phone_number: phone,
    sms_marketing_consent: {
      state: smsConsent.state === 'NEVER_SUBSCRIBED' ? 'not_subscribed' : smsConsent.state.toLowerCase(),
      opt_in_level: smsConsent.level?.toLowerCase() ?? null,
      consent_updated_at: instant(smsConsent.at),
      consent_collected_from: 'OTHER',
    },
  }
}

export function tagsPayload(customerId: number, tags: string[], now: number) {
  return { customerId: gid('Customer', customerId), tags, occurredAt: instant(now) }
}

export function shopPayload(shop: Shop) {
  const name = shop.domain.split('.')[0] ?? ''
  return {
    id: shop.id,
    name,
    email: `owner@${name}.example`,
    domain: shop.domain,
    myshopify_domain: shop.domain,
    currency: shop.currency,
    iana_timezone: 'Europe/Vienna',
  }
}

function linePayload(shop: Shop, line: Line) {
  const product = shop.products.get(line.productId)
  const variant = shop.variant(line.variantId)
  return {
    id: line.id,
    admin_graphql_api_id: gid('LineItem', line.id),
    product_id: line.productId,
    variant_id: line.variantId,
    title: product?.title ?? '',
    name: product?.title ?? '',
    variant_title: variant?.title ?? null,
    sku: variant?.sku ?? null,
    vendor: product?.vendor ?? null,
    quantity: line.quantity,
    current_quantity: line.quantity - line.refunded,
    price: decimal(line.unitCents),
    total_discount: decimal(line.discountCents),
    line_price: decimal(lineCents(line, line.quantity)),
    gift_card: false,
    taxable: true,
  }
}

function addressPayload({ firstName, lastName, address1, city, zip, country, countryCode }: Address) {
  return {
    first_name: firstName,
    last_name: lastName,
    name: `${firstName} ${lastName}`,
    company: null,
    address1,
    address2: null,
    city,
    province: null,
    zip,
    country,
    country_code: countryCode,
    phone: null,
  }
}

function bothMoney(shop: Shop, cents: number) {
  const money = { amount: decimal(cents), currency_code: shop.currency }
  return { shop_money: money, presentment_money: money }
}
