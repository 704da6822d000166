// The invented shop of the demo: Northlight Coffee sells beans and grinders to people, and coffee for the office to companies.
import type { Stream } from './random.ts'
import type { SegmentName } from './parameters.ts'

export const site = 'https://www.northlight.example'

export interface Page {
  path: string
  title: string
}

export interface Product {
  id: string
  name: string
  category: string
  /** in major units, before the currency is rounded */
  price: number
  weight: number
}

const listed = (category: string, lines: string): Product[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', name = '', price = '', weight = ''] = line.split('|').map((part) => part.trim())
      return { id, name, category, price: Number(price), weight: Number(weight) }
    })

export const products: readonly Product[] = [
  ...listed(
    'beans',
    `NL-101 | House Blend 500 g | 14.5 | 16
    NL-102 | Dawn Espresso 500 g | 16 | 14
    NL-103 | Ethiopia Filter 250 g | 13.9 | 9
    NL-104 | Colombia Huila 250 g | 12.9 | 8
    NL-105 | Decaf Evening 500 g | 15.5 | 6
    NL-106 | Tasting Box of Six | 39 | 7
    NL-107 | House Blend 2 kg | 49 | 6`,
  ),
  ...listed(
    'brewing',
    `NL-201 | Pour-Over Cone | 24 | 6
    NL-202 | Paper Filters 100 | 6.5 | 10
    NL-203 | Gooseneck Kettle | 69 | 3
    NL-204 | Hand Grinder | 89 | 4
    NL-205 | Electric Burr Grinder | 189 | 2
    NL-206 | Home Espresso Machine | 449 | 0.8`,
  ),
  ...listed(
    'gifts',
    `NL-301 | Enamel Mug | 17 | 4
    NL-302 | Gift Card 50 | 50 | 3
    NL-303 | Barista Evening Class | 75 | 1.5`,
  ),
]

/** What companies order. */
export const officeProducts: readonly Product[] = listed(
  'office',
  `NL-901 | Office Beans 10 kg | 189 | 10
  NL-902 | Office Starter Plan, quarter | 420 | 5
  NL-903 | Office Bean Plan, quarter | 960 | 3
  NL-904 | Machine Rental, quarter | 690 | 2
  NL-905 | Descaling Service | 120 | 2`,
)

export const categoryPages: readonly Page[] = [
  { path: '/beans', title: 'Coffee beans' },
  { path: '/brewing', title: 'Grinders and brewing' },
  { path: '/gifts', title: 'Gifts' },
]
export const articles: readonly Page[] = [
  { path: '/journal/how-to-grind', title: 'How fine to grind, and why' },
  { path: '/journal/water-for-coffee', title: 'The right water for coffee' },
  { path: '/journal/first-espresso', title: 'Your first espresso at home' },
  { path: '/journal/harvest-report', title: 'Harvest report' },
]
export const businessPages: readonly Page[] = [
  { path: '/business', title: 'Coffee for the office' },
  { path: '/business/plans', title: 'Office plans and pricing' },
  { path: '/business/machines', title: 'Machines for teams' },
  { path: '/business/stories/architects', title: 'How 40 architects drink coffee' },
  { path: '/business/cost-guide', title: 'What office coffee costs' },
]
export const pages = {
  home: { path: '/', title: 'Northlight Coffee' },
  search: { path: '/search', title: 'Search' },
  about: { path: '/about', title: 'About our roastery' },
  delivery: { path: '/delivery', title: 'Delivery and returns' },
  account: { path: '/account', title: 'Your account' },
  register: { path: '/account/register', title: 'Create an account' },
  newsletter: { path: '/newsletter', title: 'Letters from the roastery' },
  demo: { path: '/business/tasting', title: 'Book a tasting at your office' },
  cart: { path: '/cart', title: 'Your cart' },
  checkout: { path: '/checkout', title: 'Checkout' },
  thanks: { path: '/checkout/thanks', title: 'Thank you for your order' },
} satisfies Record<string, Page>

export const searches = [
  'decaf',
  'grinder',
  'espresso',
  'filter paper',
  'gift',
  'ethiopia',
  'subscription',
  'kettle',
] as const

/** The page of a product. */
export function productPage(product: Product): Page {
  return { path: `/products/${product.id.toLowerCase()}`, title: product.name }
}

/** The products that a segment looks at. */
export function shelfOf(segment: SegmentName): readonly Product[] {
  return segment === 'business' ? officeProducts : products
}

export interface Line {
  product: Product
  quantity: number
}

/** What an order holds: one to four different products. */
export function basketOf(segment: SegmentName, random: Stream): Line[] {
  const shelf = [...shelfOf(segment)]
  const wanted = 1 + Math.min(3, Math.floor(random.exponential(segment === 'business' ? 0.7 : 0.9)))
  const lines: Line[] = []
  for (let count = 0; count < wanted; count++) {
    const product = random.weighted(shelf, (one) => one.weight)
    shelf.splice(shelf.indexOf(product), 1)
    const more = product.price > 60 && segment !== 'business' ? 0.03 : 0.22
    lines.push({ product, quantity: 1 + (random.chance(more) ? random.integer(1, 2) : 0) })
  }
  return lines
}

/** Amounts of an order in the properties of Segment's e-commerce specification (https://segment.com/docs/connections/spec/ecommerce/v2/). */
export function orderAmounts(lines: Line[], currency: string, random: Stream) {
  const digits = fractionDigits(currency)
  const rounded = (amount: number): number => Number(amount.toFixed(digits))
  const subtotal = rounded(
    lines.reduce((sum, line) => sum + priceIn(line.product, currency) * line.quantity, 0),
  )
  const isCoupon = random.chance(0.14)
  const discount = isCoupon ? rounded(subtotal * 0.1) : 0
  const shipping = subtotal > priceOf(45, currency) ? 0 : priceOf(4.9, currency)
  const tax = rounded((subtotal - discount) * 0.08)
  return {
    subtotal,
    discount,
    ...(isCoupon ? { coupon: 'MORNING10' } : {}),
    shipping,
    tax,
    total: rounded(subtotal - discount + shipping + tax),
    currency,
    products: lines.map((line) => productProperties(line.product, currency, line.quantity)),
  }
}

/** A product as Segment's e-commerce events name it. */
export function productProperties(product: Product, currency: string, quantity = 1) {
  return {
    product_id: product.id,
    sku: product.id,
    name: product.name,
    category: product.category,
    price: priceIn(product, currency),
    quantity,
    url: site + productPage(product).path,
  }
}

/** Digits after the point that a currency has: none for yen, two for most. */
export function fractionDigits(currency: string): number {
  const known = digitsByCurrency.get(currency)
  if (known !== undefined) return known
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  digitsByCurrency.set(currency, digits)
  return digits
}

const digitsByCurrency = new Map<string, number>()

function priceIn(product: Product, currency: string): number {
  return priceOf(product.price, currency)
}

// Currencies without a minor unit have small units: a hundred times the figure is closer to a price.
function priceOf(amount: number, currency: string): number {
  return fractionDigits(currency) === 0 ? Math.round(amount * 100) : amount
}
