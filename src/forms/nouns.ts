// What a form is: its fields, words, look and protection, and what is wrong with one that cannot be used yet. Pure.
import { z } from 'zod'
import { leadFieldNames, purposeSchema } from '../leads/contract.ts'
import { languages } from './words.ts'

export const fieldKinds = [
  'text',
  'paragraph',
  'email',
  'phone',
  'number',
  'date',
  'choice',
  'choices',
  'checkbox',
  'consent',
  'hidden',
] as const
export type FieldKind = (typeof fieldKinds)[number]

/** Parts of an address that hidden fields are filled from. */
export const campaignParameters = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
] as const

export const formFieldSchema = z.object({
  /** by which answers name it; it stays when the label is reworded */
  key: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,59}$/, 'takes small letters, digits and underscores, and begins with a letter'),
  kind: z.enum(fieldKinds),
  label: z.string().trim().max(1000).default('').describe('of a consent: the wording that is agreed to'),
  /** a field of the lead (`email`), a custom field (`custom.budget`), or null: the answer stays on the event */
  fills: z.string().max(110).nullable().default(null),
  isRequired: z.boolean().default(false),
  placeholder: z.string().trim().max(200).default(''),
  help: z.string().trim().max(300).default(''),
  options: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  /** of a consent: what it allows */
  purpose: purposeSchema.nullable().default(null),
  /** of a hidden field: what it holds where its parameter says nothing */
  value: z.string().trim().max(500).default(''),
  /** of a hidden field: the parameter of the page's address that fills it */
  parameter: z
    .string()
    .regex(/^[\w.-]{1,60}$/, 'takes letters, digits, dots, dashes and underscores')
    .nullable()
    .default(null),
})
export type FormField = z.infer<typeof formFieldSchema>

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'is a colour such as #3f5bd0')

export const formStyleSchema = z.object({
  accent: colour.default('#3f5bd0'),
  text: colour.default('#17191f'),
  background: colour.default('#ffffff'),
  radiusPx: z.number().int().min(0).max(24).default(8),
  fontPx: z.number().int().min(13).max(20).default(16),
})
export type FormStyle = z.infer<typeof formStyleSchema>

const webAddress = z
  .string()
  .trim()
  .max(2000)
  .refine(isWebAddress, 'must begin with https:// or http://, such as https://shop.example/thanks')

export const formDefinitionSchema = z.object({
  title: z.string().trim().max(200).default(''),
  intro: z.string().trim().max(2000).default(''),
  fields: z.array(formFieldSchema).max(40).default([]),
  button: z.string().trim().max(100).default(''),
  language: z.enum(languages).default('en'),
  /** shown after it was sent; the language's own words where it is empty */
  message: z.string().trim().max(2000).default(''),
  /** where people go after it was sent, instead of reading the message */
  redirectUrl: webAddress.nullable().default(null),
  privacyUrl: webAddress.nullable().default(null),
  style: formStyleSchema.prefault({}),
  protection: z
    .object({
      /** what is sent sooner after the form was shown is a program's */
      minSeconds: z.number().int().min(0).max(60).default(2),
      /** submissions that one address may send in ten minutes */
      perAddress: z.number().int().min(1).max(1000).default(10),
      /** the browser works for about a second before it sends; without JavaScript it cannot */
      hasWork: z.boolean().default(false),
    })
    .prefault({}),
  /** consents count once a link in a mail was followed */
  isDoubleOptIn: z.boolean().default(false),
  letter: z
    .object({
      subject: z.string().trim().max(200).default(''),
      text: z.string().trim().max(2000).default(''),
    })
    .prefault({}),
})
export type FormDefinition = z.infer<typeof formDefinitionSchema>

/** Why something sent was not taken: what the person or program behind it has to do differently. */
export const refusalReasons = [
  'trap_filled',
  'sent_too_fast',
  'ticket_invalid',
  'ticket_expired',
  'ticket_worn',
  'work_missing',
  'address_busy',
  'answers_wrong',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** What keeps a form from being used, each a sentence that says what to do; empty where nothing does. */
export function definitionProblems({ fields, isDoubleOptIn }: FormDefinition): string[] {
  const problems: string[] = []
  const asked = fields.filter(({ kind }) => kind !== 'hidden')
  if (asked.length === 0) problems.push('Add a field: the form asks nothing yet.')
  for (const key of new Set(fields.map((field) => field.key))) {
    if (fields.filter((field) => field.key === key).length > 1)
      problems.push(`Two fields are called ${key}. Give one of them another key.`)
  }
  for (const field of fields) problems.push(...fieldProblems(field))
  for (const fills of new Set(fields.flatMap((field) => field.fills ?? []))) {
    if (fields.filter((field) => field.fills === fills).length > 1)
      problems.push(`Two fields fill ${fills}. Only one answer can; let the other stay on the event.`)
  }
  if (isDoubleOptIn && !fields.some(({ kind, fills }) => kind === 'email' && fills === 'email'))
    problems.push('Double opt-in writes to people: add an e-mail field that fills the lead’s e-mail.')
  if (isDoubleOptIn && !fields.some(({ kind }) => kind === 'consent'))
    problems.push('Double opt-in confirms a consent: add a consent checkbox, or switch it off.')
  return problems
}

/** Whether a text is an address that a browser may be sent to. */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol)
}

function fieldProblems({ key, kind, label, options, purpose, fills }: FormField): string[] {
  const problems: string[] = []
  const name = label === '' ? key : `“${label.length > 40 ? `${label.slice(0, 40)}…` : label}”`
  if (kind !== 'hidden' && label === '')
    problems.push(
      kind === 'consent'
        ? `Write what people agree to: the consent ${key} has no wording.`
        : `The field ${key} has no label.`,
    )
  if ((kind === 'choice' || kind === 'choices') && options.length === 0)
    problems.push(`${name} has nothing to choose from. Add options, one a line.`)
  if (new Set(options).size < options.length) problems.push(`${name} offers the same option twice.`)
  if (kind === 'consent' && purpose === null) problems.push(`Say what ${name} allows.`)
  if (kind === 'consent' && fills !== null)
    problems.push(`${name} is a consent and fills no field of the lead.`)
  if (fills !== null && !isTarget(fills))
    problems.push(`${name} fills ${fills}, which is no field of leads. Choose another.`)
  if (fills === 'email' && kind !== 'email')
    problems.push(`${name} fills the e-mail: make it an e-mail field.`)
  if (fills === 'phone' && kind !== 'phone') problems.push(`${name} fills the phone: make it a phone field.`)
  return problems
}

function isTarget(fills: string): boolean {
  if ((leadFieldNames as readonly string[]).includes(fills)) return true
  return /^custom\.[a-z0-9]+(_[a-z0-9]+)*$/.test(fills)
}
