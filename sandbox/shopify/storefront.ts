// The few pages of a shop that a recovery link or a confirmation leads to: the cart, and buying it.
import { redirect, text } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import { html, page } from '../page/html.ts'
import type { Markup } from '../page/html.ts'
import { completeCheckout } from './changes.ts'
import type { Scene } from './changes.ts'
import { totalsOf } from './records.ts'
import type { Checkout, Line } from './records.ts'
import { decimal } from './resolvers/types.ts'
import type { Shop } from './shop.ts'

/** Answers `/checkouts/ac/{token}/recover`, on which the cart can be bought, and `/orders/{token}`; undefined for the rest. */
export function answerStorefront(scene: Scene, call: Call, origin: string): Answer | undefined {
  const { shop } = scene
  const [, cart] = /^\/checkouts\/ac\/(\w+)\/recover$/.exec(call.path) ?? []
  if (cart !== undefined) {
    const checkout = cartOf(shop, cart)
    if (!checkout) return text(404, 'There is no such cart.')
    if (call.method === 'POST') {
      const customer = shop.customers.get(checkout.customerId ?? NaN)
      if (customer && checkout.completedAt === null) completeCheckout(scene, checkout, customer, origin)
      return redirect(`${origin}/orders/${checkout.token}`)
    }
    if (checkout.completedAt !== null) return redirect(`${origin}/orders/${checkout.token}`)
    const buy = html`<form method="post"><button>Buy</button></form>`
    return shown('Your cart is still here', html`${basket(shop, checkout.lines)}${buy}`)
  }
  const [, order] = call.method === 'GET' ? (/^\/orders\/(\w+)$/.exec(call.path) ?? []) : []
  if (order === undefined) return undefined
  for (const each of shop.orders.walk({ sortKey: 'ID', reverse: true }))
    if (each.checkoutToken === order)
      return shown(`Thank you for order #${each.number}`, basket(shop, each.lines))
  return text(404, 'There is no such order.')
}

function cartOf(shop: Shop, token: string): Checkout | undefined {
  for (const checkout of shop.checkouts.walk({ sortKey: 'ID', reverse: true }))
    if (checkout.token === token) return checkout
  return undefined
}

function basket(shop: Shop, lines: Line[]): Markup {
  const { subtotal } = totalsOf({ lines, shippingCents: 0 })
  return html`<ul>
      ${lines.map((line) => html`<li>${line.quantity} x ${shop.products.get(line.productId)?.title ?? ''}</li>`)}
    </ul>
    <p>${decimal(subtotal)} ${shop.currency}</p>`
}

function shown(title: string, body: Markup): Answer {
  return text(
    200,
    page(
      title,
      '',
      [],
      html`<h1>${title}</h1>
        ${body}`,
    ),
    'text/html; charset=utf-8',
  )
}
