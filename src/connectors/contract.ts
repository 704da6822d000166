// The nouns of connectors: connections and their endpoints, and how CSV exports of a vendor are recognised and read.
import { z } from 'zod'

export const importKindSchema = z.enum(['contacts', 'orders'])
export type ImportKind = z.infer<typeof importKindSchema>

/** What a column of a file can fill. `custom` is a custom field, `ignore` nothing. */
export const importTargets = [
  'ignore',
  'custom',
  'email',
  'phone',
  'user_id',
  'vendor_customer_id',
  'first_name',
  'last_name',
  'full_name',
  'company',
  'job_title',
  'city',
  'country',
  'language',
  'time_zone',
  'tags',
  'created_at',
  'email_consent',
  'email_unsubscribed',
  'email_consent_at',
  'email_consent_proof',
  'email_unsubscribed_at',
  'sms_consent',
  'sms_unsubscribed',
  'sms_consent_at',
  'order_number',
  'order_id',
  'order_status',
  'order_currency',
  'order_total',
  'order_subtotal',
  'order_shipping',
  'order_tax',
  'order_refunded',
  'order_placed_at',
  'order_cancelled_at',
  'order_payment_method',
  'line_title',
  'line_sku',
  'line_quantity',
  'line_price',
  'line_discount',
] as const
export type ImportTarget = (typeof importTargets)[number]

/** An export of a vendor: its signs, and the columns whose headers alone do not say enough. */
export interface ExportPreset {
  /** `shopify_orders` */
  id: string
  /** as the wizard names it */
  label: string
  kind: ImportKind
  /** whose customer ids these are: ids of two vendors are never compared */
  idSpace: string
  /** headers (lower case) that together occur in no other export */
  signs: readonly string[]
  /** header (lower case) to target; all other headers are read as everywhere else */
  columns: Readonly<Record<string, ImportTarget>>
  /** zone of its dates without offset, where the vendor documents one; else the workspace's */
  timeZone?: string
  /** order of its dates such as 12-04-2022, where the vendor documents one */
  dateOrder?: 'DMY' | 'MDY'
  /** phone numbers are international without their + */
  phonesLackPlus?: boolean
  /** header (lower case) to what stands in front of each of its cells: `l:` in `l:123` */
  prefixes?: Readonly<Record<string, string>>
  /** columns that say how far somebody is in the sales process: header (lower case) to what its words (lower case) mean */
  stages?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** payment methods (lower case, in part) that mark a test order */
  testPaymentMethods?: readonly string[]
}

export * from './connection-endpoints.ts'
