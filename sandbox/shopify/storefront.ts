// The few pages of a shop that its links lead to: a product, the cart and buying it, an order, unsubscribing.
import { redirect, text } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import { html, page } from '../page/html.ts'
import type { Markup } from '../page/html.ts'
import { completeCheckout, setEmailConsent } from './changes.ts'
import type { Scene } from './changes.ts'
import { totalsOf } from './records.ts'
import type { Checkout, Line } from './records.ts'
import { decimal } from './resolvers/types.ts'
import type { Shop } from './shop.ts'

/** Answers the pages that links of the Admin API lead to; undefined for everything else. */
export function answerStorefront(scene: Scene, call: Call, origin: string): Answer | undefined {
  for (const [path, open] of PAGES) {
    const [, named] = path.exec(call.path) ?? []
    if (named !== undefined) return open(scene, named, call, origin)
  }
  return undefined
}

type Open = (scene: Scene, named: string, call: Call, origin: string) => Answer

const PAGES: [RegExp, Open][] = [
  [/^\/checkouts\/ac\/(\w+)\/recover$/, openCart],
  [/^\/orders\/(\w+)$/, openOrder],
  [/^\/products\/([\w-]+)$/, openProduct],
  [/^\/account\/unsubscribe\/(\d+)$/, openUnsubscribe],
]

function openCart(scene: Scene, token: string, call: Call, origin: string): Answer {
  const { shop } = scene
  const checkout = cartOf(shop, token)
  if (!checkout) return text(404, 'There is no such cart.')
  const customer = shop.customers.get(checkout.customerId ?? NaN)
  if (call.method === 'POST' && customer && checkout.completedAt === null)
    completeCheckout(scene, checkout, customer, origin)
  if (call.method === 'POST' || checkout.completedAt !== null) return redirect(`${origin}/orders/${token}`)
  const buy = html`<form method="post"><button>Buy</button></form>`
  return shown('Your cart is still here', html`${basket(shop, checkout.lines)}${buy}`)
}

function openOrder({ shop }: Scene, token: string): Answer {
  for (const order of shop.orders.walk({ sortKey: 'ID', reverse: true }))
    if (order.checkoutToken === token)
      return shown(`Thank you for order #${order.number}`, basket(shop, order.lines))
  return text(404, 'There is no such order.')
}

function openProduct({ shop }: Scene, handle: string): Answer {
  for (const product of shop.products.walk({ sortKey: 'ID', reverse: false }))
    if (product.handle === handle) return shown(product.title, html`<p>${product.description}</p>`)
  return text(404, 'There is no such product.')
}

// Opening the page changes nothing: scanners open links, too.
function openUnsubscribe(scene: Scene, id: string, call: Call): Answer {
  const customer = scene.shop.customers.get(Number(id))
  if (!customer) return text(404, 'There is no such customer.')
  if (call.method !== 'POST')
    return shown('No more e-mail?', html`<form method="post"><button>Unsubscribe</button></form>`)
  const { level } = customer.emailConsent
  setEmailConsent(scene, customer, { state: 'UNSUBSCRIBED', level, at: scene.world.now() })
  return shown('You are unsubscribed', html`<p>No more e-mail will come.</p>`)
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
