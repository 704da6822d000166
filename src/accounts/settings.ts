// What a workspace may choose: its zone, its currency, and how tracking treats addresses, domains and consent.
import { z } from 'zod'

/** An IANA zone, as the runtime knows them. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not a time zone; name one like Europe/Berlin')

/** ISO 4217, as the runtime knows them. */
export const currencySchema = z
  .string()
  .trim()
  .toUpperCase()
  .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'is not a currency; name one like EUR')

/** A bare host name: `shop.example`, `localhost`. */
export const domainSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)*$/u,
    'is not a domain; write it like shop.example, without https:// and without a path',
  )

const addressSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'is not an address; write it like 203.0.113.7 or 203.0.113.0/24',
})

const fields = {
  /** keep the visitor's address on events: never, only where analytics consent is given, or always */
  ipPolicy: z.enum(['never', 'with_consent', 'always']),
  /** addresses or CIDR ranges whose browser traffic is dropped (own staff) */
  excludedAddresses: z.array(addressSchema).max(200),
  /** own web domains: a referrer from these is no referral */
  ownDomains: z.array(domainSchema).max(200),
  /**
   * what silence means for analytics, ad_user_data and ad_personalisation, by country (ISO 3166 alpha-2; `*` for every
   * other). A country that is not named follows the product's defaults.
   */
  consentDefaults: z.record(
    z.string().regex(/^([A-Z]{2}|\*)$/, 'is not a country; use two capital letters, or *'),
    z.enum(['granted', 'denied']),
  ),
}

/** As stored; what is absent takes its default. */
export const workspaceSettingsSchema = z.object({
  ipPolicy: fields.ipPolicy.default('never'),
  excludedAddresses: fields.excludedAddresses.default([]),
  ownDomains: fields.ownDomains.default([]),
  consentDefaults: fields.consentDefaults.default({}),
})
export type WorkspaceSettings = z.infer<typeof workspaceSettingsSchema>

/** A change of some settings; what is absent stays. */
export const settingsChangeSchema = z.object(fields).partial()

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
