// What every resolver of the Admin API is handed, and the small values that all of them make.
import type { World } from '../../frame/world.ts'
import type { AppSettings } from '../app.ts'
import type { BulkOperations } from '../bulk.ts'
import type { ListArguments } from '../lists.ts'
import { gid } from '../records.ts'
import type { Address } from '../records.ts'
import type { Shop } from '../shop.ts'
import type { Webhooks } from '../webhooks.ts'

export interface Context {
  world: World
  app: AppSettings
  shop: Shop
  scopes: ReadonlySet<string>
  /** for links, such as `http://127.0.0.1:4010/shopify/sandbox-shop.myshopify.com` */
  origin: string
  webhooks: Webhooks
  bulk: BulkOperations
  uninstall(): void
}

export interface Arguments extends ListArguments {
  [name: string]: unknown
}

/** From what the parent resolved to, the arguments and the context to a value; nothing is awaited. */
export type Resolver = (source: unknown, args: Arguments, context: Context) => unknown

export type Resolvers = Record<string, Resolver>

/** Resolvers of one type, whose source is always a `T`. */
export function fieldsOf<T>(
  fields: Record<string, (source: T, args: Arguments, context: Context) => unknown>,
): Resolvers {
  return fields as Resolvers
}

/** A value of a type that an interface stands for. */
export function typed<T extends object>(
  name: string,
  value: T | undefined,
): (T & { __typename: string }) | null {
  return value ? { ...value, __typename: name } : null
}

export function money(cents: number, currencyCode: string): { amount: string; currencyCode: string } {
  return { amount: decimal(cents), currencyCode }
}

export function bag(cents: number, currency: string) {
  const amount = money(cents, currency)
  return { shopMoney: amount, presentmentMoney: amount }
}

export function decimal(cents: number): string {
  const sign = cents < 0 ? '-' : ''
  const whole = Math.abs(cents)
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}

/** Whole seconds, as the Admin API gives them. */
export function instant(ms: number | null): string | null {
  return ms === null ? null : `${new Date(ms).toISOString().slice(0, 19)}Z`
}

export function mailingAddress(address: Address | null, ownerId: number) {
  if (!address) return null
  const { firstName, lastName, address1, city, zip, country, countryCode } = address
  return {
    id: `${gid('MailingAddress', ownerId)}?model_name=CustomerAddress`,
    firstName,
    lastName,
    name: `${firstName} ${lastName}`,
    company: null,
    address1,
    address2: null,
    city,
    province: null,
    provinceCode: null,
    zip,
    country,
    countryCodeV2: countryCode,
    phone: null,
    formatted: [address1, `${zip} ${city}`, country],
    formattedArea: `${city}, ${country}`,
  }
}
