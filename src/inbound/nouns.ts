// What an inbound webhook is: how a call proves whom it is from, what of it means what, and why one is parked. Pure.
import { z } from 'zod'
import { leadFieldNames, purposeSchema } from '../leads/contract.ts'

export const signatureSchemes = ['none', 'header_secret', 'hmac', 'standard_webhooks'] as const

const headerName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9-]{1,60}$/, 'is the name of a header, such as x-signature')

export const signatureSchema = z.object({
  /** none: the key in the URL is all; header_secret: a header holds the secret; hmac: a header holds a hash over the body */
  scheme: z.enum(signatureSchemes).default('none'),
  header: headerName.default('x-signature'),
  algorithm: z.enum(['sha256', 'sha1', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** what stands before the hash, such as `sha256=` or `v0=` */
  prefix: z.string().max(20).default(''),
  /** none; in a header of its own; or beside the hash, as `t=1700000000,v1=...` */
  time: z.enum(['none', 'header', 'beside']).default('none'),
  timeHeader: headerName.default('x-timestamp'),
  /** what is hashed, with `{time}` and `{body}` */
  signs: z
    .string()
    .max(60)
    .refine((text) => text.includes('{body}'), 'must have {body} in it')
    .default('{body}'),
  /** what was signed longer ago, or is as far in the future, is turned away */
  toleranceSeconds: z.number().int().min(30).max(86_400).default(300),
})
export type Signature = z.infer<typeof signatureSchema>

/** Beside the fields of a lead and `custom.<key>`, what a path may fill. */
export const otherTargets = [
  'name',
  'userId',
  'anonymousId',
  'campaign.source',
  'campaign.medium',
  'campaign.name',
  'campaign.term',
  'campaign.content',
  'page.url',
] as const

const path = z.string().max(300)

export const mappingSchema = z.object({
  /** a list of which each entry is somebody, '' where the payload itself is the list; null: the payload is one */
  each: path.nullable().default(null),
  fields: z
    .array(
      z.object({
        fills: z.string().max(110).refine(isTarget, 'is nothing that a webhook can fill'),
        path: path.min(1),
      }),
    )
    .max(80)
    .default([]),
  event: z
    .object({
      name: z.string().trim().min(1).max(200).default('form_submitted'),
      path: path.nullable().default(null),
    })
    .prefault({}),
  /** kept on the event */
  properties: z
    .array(z.object({ name: z.string().trim().min(1).max(100), path: path.min(1) }))
    .max(80)
    .default([]),
  occurredAt: path.nullable().default(null),
  consents: z
    .array(
      z.object({
        purpose: purposeSchema,
        path: path.min(1),
        /** what means a yes; the usual words where it is empty */
        yes: z.array(z.string().max(200)).max(20).default([]),
      }),
    )
    .max(10)
    .default([]),
  /** what is the same when the same call comes again; the whole body unless told */
  dedupe: path.nullable().default(null),
})
export type Mapping = z.infer<typeof mappingSchema>

export const parkReasons = [
  'mapping_missing',
  'body_unreadable',
  'list_missing',
  'nobody_found',
  'entries_unnamed',
  'interrupted',
] as const
export type ParkReason = (typeof parkReasons)[number]

export const turnedAwayReasons = [
  'secret_wrong',
  'signature_missing',
  'signature_wrong',
  'time_wrong',
] as const
export type TurnedAwayReason = (typeof turnedAwayReasons)[number]

/** Each in a sentence that says what to do. */
export const reasonSentences: Record<ParkReason | TurnedAwayReason, string> = {
  mapping_missing: 'Nobody said yet what means what. Map it, then replay it.',
  body_unreadable: 'The body is neither JSON nor a posted form. It is kept as it came.',
  list_missing: 'The list of people that the mapping names is not there. Change the mapping, then replay it.',
  nobody_found:
    'It names nobody: no e-mail, phone, user id or visitor id where the mapping looks for one. Change the mapping, then replay it.',
  entries_unnamed: 'Some entries of its list name nobody and wait; the others were taken.',
  interrupted: 'It came in and was not worked on to the end. Replay it.',
  secret_wrong: 'The secret was missing or wrong. Enter the same one here and at the sender.',
  signature_missing:
    'There was no signature in the header. Check the header’s name, or switch signing on at the sender.',
  signature_wrong: 'The signature did not fit the body. Check secret, what is signed and how it is written.',
  time_wrong: 'It was signed too long ago, or the time of signing was missing. Check the sender’s clock.',
}

export function isTarget(fills: string): boolean {
  return (
    (leadFieldNames as readonly string[]).includes(fills) ||
    (otherTargets as readonly string[]).includes(fills) ||
    /^custom\.[a-z0-9]+(_[a-z0-9]+)*$/.test(fills)
  )
}
