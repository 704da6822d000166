// Where the parameters of a conversion come from: an event's value, order, products, properties, or fields of the lead. Pure.
import type { ConversionProduct, ParameterMapping } from '../../connectors/index.ts'
import { decimalString } from '../../lib/money.ts'

/** An event as it waits in the outbox: what its mapping may read. */
export interface ConversionEvent {
  eventId: string
  name: string
  occurredAt: string
  pageUrl: string
  pageTitle: string
  referrer: string
  sessionId: string
  valueMinor: number
  currency: string
  properties: Readonly<Record<string, unknown>>
}

/** The parameters of an event by its mapping; what an event does not have is left out. */
export function readParameters(
  parameters: readonly ParameterMapping[],
  event: ConversionEvent,
  lead: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    parameters.flatMap(({ parameter, from }) => {
      const value = readSource(from, event, lead)
      return value === undefined || value === null || value === '' ? [] : [[parameter, value]]
    }),
  )
}

/** Whether a source can be read: a misspelt one is refused where it is entered. */
export function isSource(from: string): boolean {
  return Object.hasOwn(PLAIN, from) || /^(?:property|lead|text):.+$/.test(from)
}

/** The products of an event of Segment's e-commerce specification: a list, or the event's own product. */
export function productsOf(properties: Readonly<Record<string, unknown>>): ConversionProduct[] {
  const list = Array.isArray(properties.products) ? properties.products : [properties]
  return list.slice(0, 200).flatMap((one: unknown) => {
    if (one === null || typeof one !== 'object') return []
    const given = one as Record<string, unknown>
    const id = textOf(given.product_id) ?? textOf(given.sku) ?? textOf(given.id)
    if (!id) return []
    const price = numberOf(given.price)
    const quantity = numberOf(given.quantity)
    const product: ConversionProduct = { id }
    for (const key of ['name', 'brand', 'category', 'variant'] as const) {
      const text = textOf(given[key])
      if (text) product[key] = text
    }
    return [
      { ...product, ...(price !== undefined && { price }), ...(quantity !== undefined && { quantity }) },
    ]
  })
}

/** Properties under which the id of an order stands, the first that has one counts. */
export const ORDER_IDS = ['order_id', 'orderId', 'checkout_id'] as const

/** The id of the order that an event speaks of. */
export function orderIdOf(properties: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ORDER_IDS) {
    const id = textOf(properties[name])
    if (id !== undefined) return id
  }
  return undefined
}

type Reader = (event: ConversionEvent) => unknown

const PLAIN: Readonly<Record<string, Reader>> = {
  value: valueOf,
  currency: (event) => event.currency || textOf(event.properties.currency),
  order_id: ({ properties }) => orderIdOf(properties),
  products: ({ properties }) => nonEmpty(productsOf(properties)),
  product_count: ({ properties }) =>
    productsOf(properties).reduce((sum, { quantity = 1 }) => sum + quantity, 0) || undefined,
  page_url: ({ pageUrl }) => pageUrl,
  page_title: ({ pageTitle }) => pageTitle,
  referrer: ({ referrer }) => referrer,
  session_id: ({ sessionId }) => sessionId,
  event: ({ name }) => name,
}

function readSource(from: string, event: ConversionEvent, lead: Readonly<Record<string, unknown>>): unknown {
  const read = Object.hasOwn(PLAIN, from) ? PLAIN[from] : undefined
  if (read) return read(event)
  const [, kind = '', name = ''] = /^(property|lead|text):(.+)$/.exec(from) ?? []
  if (kind === 'text') return name
  return plain(kind === 'lead' ? lead[name] : at(event.properties, name))
}

// An amount in major units; of a cart without one, what its products cost. Without a currency it is no amount.
function valueOf(event: ConversionEvent): number | undefined {
  if (event.currency === '' && textOf(event.properties.currency) === undefined) return undefined
  if (event.currency !== '') return Number(decimalString(event.valueMinor, event.currency))
  const stated = numberOf(event.properties.value)
  if (stated !== undefined) return stated
  const priced = productsOf(event.properties).filter(({ price }) => price !== undefined)
  if (priced.length === 0) return undefined
  return Number(priced.reduce((sum, { price = 0, quantity = 1 }) => sum + price * quantity, 0).toFixed(4))
}

function at(properties: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(properties, path)) return properties[path]
  return path.split('.').reduce<unknown>((value, name) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined
    return (value as Record<string, unknown>)[name]
  }, properties)
}

// Vendors take texts, numbers and yes or no.
function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
    ? value
    : undefined
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function numberOf(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined
}
