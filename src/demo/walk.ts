// What a visitor does on the site, page by page: landing, looking around, telling who they are, buying.
import type { SegmentName } from './parameters.ts'
import type { Plan, Visit } from './plan.ts'
import type { Stream } from './random.ts'
import {
  articles,
  businessPages,
  categoryPages,
  pages,
  productPage,
  productProperties,
  products,
  officeProducts,
  searches,
  shelfOf,
} from './shop.ts'
import type { Page, Product } from './shop.ts'
import { orderOf, traitsOf } from './told.ts'
import type { World } from './world.ts'

/** A moment of a visit, before the browser words it. */
export type Beat =
  | { does: 'page'; page: Page; search?: string }
  | { does: 'track'; event: string; properties: Record<string, unknown> }
  | { does: 'identify'; withAccount: boolean; traits: Record<string, unknown> }
  | { does: 'group'; groupId: string; traits: Record<string, unknown> }
  | { does: 'wait'; seconds: number }

/** The beats of a visit in order; the first is always the landing page. */
export function* walk(
  world: World,
  plan: Plan,
  visit: Visit,
  landing: Page,
  random: Stream,
): Generator<Beat> {
  const { person, details } = plan
  const isBusiness = person.segment === 'business'
  yield { does: 'page', page: landing }
  if (visit.isFirst && visit.allowsAds !== undefined) {
    yield { does: 'wait', seconds: random.integer(2, 9) }
    yield { does: 'track', event: 'consent_updated', properties: {} }
  }
  if (visit.takesBackAds) {
    yield { does: 'wait', seconds: random.integer(5, 30) }
    yield { does: 'track', event: 'consent_updated', properties: {} }
  }
  if (visit.signsIn) {
    yield pause(random)
    yield { does: 'page', page: pages.account }
    yield { does: 'track', event: 'Signed In', properties: {} }
    const hasAccount = visit.orders.length > 0 || person.tellsBy === 'account'
    yield { does: 'identify', withAccount: hasAccount, traits: { email: details.email } }
  }
  const hasPurpose = visit.tells || visit.orders.length > 0
  const leaves = !hasPurpose && random.chance(bounces[visit.channel] ?? 0.4)
  const more = leaves
    ? 0
    : Math.min(
        14,
        Math.floor(random.exponential((isBusiness ? 2.6 : 3.1) * world.depth)) + (hasPurpose ? 1 : 0),
      )
  const landed = [...products, ...officeProducts].find(
    (product) => productPage(product).path === landing.path,
  )
  const cart: Product[] = []
  if (landed) yield* look(world, landed, cart, random)
  for (let step = 0; step < more; step++) {
    yield pause(random)
    yield* wander(world, person.segment, visit.isKnown, cart, random)
  }
  if (visit.tells) yield* tell(plan, random)
  if (visit.orders.length > 0) yield* buy(world, plan, visit, cart, random)
  else if (cart.length > 0) yield* hesitate(world, cart, random)
}

const bounces: Record<string, number> = {
  'Paid Search': 0.36,
  'Paid Social': 0.56,
  'Organic Search': 0.4,
  'Organic Social': 0.52,
  Email: 0.3,
  Referral: 0.38,
  Affiliates: 0.42,
  Display: 0.64,
  Direct: 0.3,
}

function pause(random: Stream): Beat {
  return { does: 'wait', seconds: Math.min(900, 4 + random.logNormal(28, 0.9)) }
}

function* look(world: World, product: Product, cart: Product[], random: Stream): Generator<Beat> {
  yield { does: 'track', event: 'Product Viewed', properties: productProperties(product, world.currency) }
  if (cart.includes(product) || !random.chance(0.1)) return
  yield pause(random)
  cart.push(product)
  yield { does: 'track', event: 'Product Added', properties: added(product, world.currency) }
}

// An amount means something in its currency only.
function added(product: Product, currency: string, quantity?: number) {
  return { ...productProperties(product, currency, quantity), currency }
}

function* wander(
  world: World,
  segment: SegmentName,
  isKnown: boolean,
  cart: Product[],
  random: Stream,
): Generator<Beat> {
  const draw = random.uniform()
  if (segment === 'business' && draw < 0.55) {
    const page = random.pick(businessPages)
    yield { does: 'page', page }
    if (isKnown && page.path.endsWith('cost-guide') && random.chance(0.5)) {
      yield pause(random)
      yield { does: 'track', event: 'Content Downloaded', properties: { title: page.title, format: 'pdf' } }
    }
    return
  }
  if (draw < 0.3) yield { does: 'page', page: random.pick(categoryPages) }
  else if (draw < 0.74) {
    const product = random.weighted(shelfOf(segment), (one) => one.weight)
    yield { does: 'page', page: productPage(product) }
    yield* look(world, product, cart, random)
  } else if (draw < 0.82) {
    const query = random.pick(searches)
    yield { does: 'page', page: pages.search, search: `?${new URLSearchParams({ q: query }).toString()}` }
    yield { does: 'track', event: 'Products Searched', properties: { query } }
  } else if (draw < 0.91) yield { does: 'page', page: random.pick(articles) }
  else yield { does: 'page', page: random.pick([pages.home, pages.about, pages.delivery]) }
}

function* tell(plan: Plan, random: Stream): Generator<Beat> {
  const { person, details } = plan
  const emailMarketing = person.subscribed !== null
  const form = { account: pages.register, newsletter: pages.newsletter, demo: pages.demo }[person.tellsBy]
  yield pause(random)
  yield { does: 'page', page: form }
  yield { does: 'wait', seconds: random.integer(12, 90) }
  const traits = traitsOf(details, person.tellsBy !== 'newsletter')
  const fields = { email: details.email, ...(emailMarketing ? { letters: 'yes' } : {}) }
  yield {
    does: 'track',
    event: 'form_submitted',
    properties: { form_id: person.tellsBy, form_name: form.title, fields },
  }
  yield { does: 'identify', withAccount: person.tellsBy === 'account', traits }
  // The box in the form, ticked or not, as the consent that it is.
  const proof = `the box in the form "${form.title}"`
  yield {
    does: 'track',
    event: 'consent_updated',
    properties: { purposes: { email_marketing: emailMarketing }, proof },
  }
  if (person.tellsBy === 'account')
    yield { does: 'track', event: 'Signed Up', properties: { method: 'email' } }
  if (person.tellsBy !== 'demo' || !details.company) return
  const { name, domain, size } = details.company
  yield { does: 'track', event: 'Demo Requested', properties: { company: name, employees: size } }
  yield { does: 'group', groupId: domain, traits: { name, employees: size } }
}

function* buy(world: World, plan: Plan, visit: Visit, cart: Product[], random: Stream): Generator<Beat> {
  for (const [place, order] of visit.orders.entries()) {
    const { lines, amounts } = orderOf(world, plan.person, order)
    for (const { product, quantity } of lines) {
      if (place === 0 && cart.includes(product)) continue
      yield pause(random)
      yield { does: 'page', page: productPage(product) }
      yield { does: 'track', event: 'Product Viewed', properties: productProperties(product, world.currency) }
      yield {
        does: 'track',
        event: 'Product Added',
        properties: added(product, world.currency, quantity),
      }
    }
    yield pause(random)
    yield { does: 'page', page: pages.cart }
    yield { does: 'track', event: 'Cart Viewed', properties: { products: amounts.products } }
    yield pause(random)
    yield { does: 'page', page: pages.checkout }
    const { order_id, total, currency } = amounts
    yield {
      does: 'track',
      event: 'Checkout Started',
      properties: { order_id, value: total, currency, products: amounts.products },
    }
    yield { does: 'wait', seconds: random.integer(40, 200) }
    yield { does: 'identify', withAccount: true, traits: traitsOf(plan.details, true) }
    yield { does: 'track', event: 'Order Completed', properties: { ...amounts, sales_channel: 'web' } }
    yield { does: 'page', page: pages.thanks }
  }
}

// What was put into a cart and not bought.
function* hesitate(world: World, cart: Product[], random: Stream): Generator<Beat> {
  if (!random.chance(0.6)) return
  const listed = cart.map((product) => productProperties(product, world.currency))
  yield pause(random)
  yield { does: 'page', page: pages.cart }
  yield { does: 'track', event: 'Cart Viewed', properties: { products: listed } }
  if (!random.chance(0.4)) return
  yield pause(random)
  yield { does: 'page', page: pages.checkout }
  const value = Number(listed.reduce((sum, one) => sum + one.price, 0).toFixed(2))
  yield {
    does: 'track',
    event: 'Checkout Started',
    properties: { value, currency: world.currency, products: listed },
  }
}
