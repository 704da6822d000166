// A connector's settings as fields of a form, read from its schema: label, secret mark, example, choices. Pure.
import { z } from 'zod'
import type { SettingField } from './contract.ts'

/** The fields of a settings schema, in their order. */
export function fieldsOf(schema: z.ZodObject): SettingField[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, part]) => {
    const meta = metaOf(part)
    const inner = unwrapped(part)
    return {
      key,
      label: typeof meta.label === 'string' ? meta.label : '',
      help: typeof meta.help === 'string' ? meta.help : null,
      example: typeof meta.example === 'string' ? meta.example : null,
      sandbox: typeof meta.sandbox === 'string' ? meta.sandbox : null,
      isSecret: meta.secret === true,
      isRequired: !part.safeParse(undefined).success,
      kind: inner instanceof z.ZodEnum ? 'choice' : inner instanceof z.ZodBoolean ? 'switch' : 'text',
      choices: inner instanceof z.ZodEnum ? inner.options.map(String) : [],
      preset: presetOf(part),
    }
  })
}

/** The names of fields that are sealed. */
export function secretNames(schema: z.ZodObject): string[] {
  return fieldsOf(schema).flatMap((field) => (field.isSecret ? [field.key] : []))
}

function presetOf(part: z.ZodType): string | null {
  const read = part.safeParse(undefined)
  return read.success && ['string', 'boolean', 'number'].includes(typeof read.data) ? String(read.data) : null
}

function metaOf(part: z.ZodType): Record<string, unknown> {
  const inner = innerOf(part)
  return { ...(inner && metaOf(inner)), ...part.meta() }
}

function unwrapped(part: z.ZodType): z.ZodType {
  const inner = innerOf(part)
  return inner ? unwrapped(inner) : part
}

function innerOf(part: z.ZodType): z.ZodType | null {
  if (part instanceof z.ZodOptional || part instanceof z.ZodDefault || part instanceof z.ZodNullable)
    return part.unwrap() as z.ZodType
  return null
}
