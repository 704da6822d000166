// A vendor as a declared value: its settings, how it is authorised, its addresses and limits, and what it can do.
import type { z } from 'zod'
import type { ConversionsDeclared, Conversions } from './conversions.ts'
import type { Exchange } from './exchange.ts'
import { leadSource } from './lead-source.ts'
import type { LeadSource, LeadSourceDeclared } from './lead-source.ts'
import type { OAuth } from './oauth.ts'
import { shopOf } from './shop.ts'
import type { Shop, ShopDeclared } from './shop.ts'

/** What vendor code is handed of a connection: its settings, secrets included, and the access token where there is one. */
export interface Linked<Settings> {
  settings: Settings
  /** of OAuth: fresh when the exchange begins */
  accessToken?: string
}

/** A linked connection whose settings are still to be read by the vendor's schema. */
export type Link = Linked<unknown>

/** Where a vendor is reached. */
export interface Base {
  /** the variable that names another address for the whole installation; `{name}` in it is filled as in `url` */
  variable?: `${string}_BASE_URL`
  /** the vendor's own address; `{name}` stands for a setting. Absent where a setting names it whole */
  url?: string
  /** the setting that holds the address: the user's own, so it is guarded */
  setting?: string
  /** no sandbox plays it: a test workspace reaches it too */
  isOwn?: boolean
  /** under the sandbox's address; `/<id>` unless told */
  sandboxPath?: string
}

/** Calls at most, for each connection in each process. */
export interface Limits {
  perSecond?: number
  concurrency: number
}

/** What `check` found: who the vendor says we are, or why it does not work, in plain words. */
export type CheckResult =
  { ok: true; account: string } | { ok: false; problem: string; isAuthorisation?: boolean }

interface Common {
  /** the name of its folder */
  id: string
  name: string
  /** one sentence for the catalogue */
  summary: string
  /** two letters that stand for a logo */
  initials: string
  limits: Limits
  /** `api` is the one that requests mean unless they name another */
  bases: Readonly<Record<string, Base>>
  /** query parameters that carry a secret, where the vendor takes it nowhere else */
  secretQuery?: readonly string[]
  /** sent to the vendor unhashed because that is what it is for: messages, writes to the shop */
  sendsPlainAddresses?: boolean
}

/** A connector as a vendor's folder declares it. */
export interface Declared<Schema extends z.ZodObject> extends Common {
  /** each field with `meta({ label })`; `secret: true` seals it, `example` shows its form, `sandbox` is the sandbox's */
  settings: Schema
  /** absent where the settings alone authorise */
  oauth?: OAuth<z.output<Schema>>
  /** one harmless call that tells whether the connection works */
  check(linked: Linked<z.output<Schema>>): Exchange<CheckResult>
  leads?: LeadSourceDeclared<z.output<Schema>>
  conversions?: ConversionsDeclared<z.output<Schema>>
  shop?: ShopDeclared<z.output<Schema>>
}

/** A connector as the rest of the product uses it, whatever its settings are. */
export interface Connector extends Common {
  settings: z.ZodObject
  oauth?: OAuth<unknown>
  check(link: Link): Exchange<CheckResult>
  leads?: LeadSource
  conversions?: Conversions
  shop?: Shop
}

/** Declares a vendor; the schema reads the settings before any of its code sees them. */
export function connector<Schema extends z.ZodObject>(declared: Declared<Schema>): Connector {
  const { settings, oauth, check, leads, conversions, shop, ...common } = declared
  const read = (given: unknown) => settings.parse(given)
  const linked = (link: Link) => ({ ...link, settings: read(link.settings) })
  return {
    ...common,
    settings,
    check: (link) => check(linked(link)),
    ...(oauth && {
      oauth: {
        ...oauth,
        client: (given) => oauth.client(read(given)),
        ...(oauth.admits && { admits: (query, given, now) => oauth.admits!(query, read(given), now) }),
      },
    }),
    ...(leads && { leads: leadSource(leads, read) }),
    ...(shop && { shop: shopOf(shop, read) }),
    ...(conversions && {
      conversions: {
        ...conversions,
        build: (conversion, mapped, given) => conversions.build(conversion, mapped, read(given)),
        send: (payloads, link) => conversions.send(payloads, linked(link)),
        sendTest: conversions.sendTest && ((payload, link) => conversions.sendTest!(payload, linked(link))),
      },
    }),
  }
}

/** What a connector can do, for the catalogue. */
export function capabilitiesOf(one: Connector): ('leads' | 'conversions' | 'shop')[] {
  return [
    ...(one.leads ? (['leads'] as const) : []),
    ...(one.conversions ? (['conversions'] as const) : []),
    ...(one.shop ? (['shop'] as const) : []),
  ]
}
