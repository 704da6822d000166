// Reads what was posted against the form's definition: answers that hold, or what is wrong with each, in the form's language. Pure.
import { normaliseEmail } from '../lib/email.ts'
import { clipText } from '../lib/text.ts'
import type { Purpose } from '../leads/contract.ts'
import type { FormDefinition, FormField } from './nouns.ts'
import { formWords } from './words.ts'
import type { FormWords } from './words.ts'

/** A posted form: every value of every name. */
export type Posted = Readonly<Record<string, readonly string[]>>

export interface Answers {
  /** by key, as they are logged on the event; what was left empty is absent */
  fields: Record<string, string | number | boolean>
  /** in the words of Segment's `traits` */
  traits: Record<string, string | number | boolean>
  /** ticked consents */
  consents: { purpose: Purpose; wording: string }[]
  /** as it was typed, made regular; where a field fills the lead's e-mail */
  email: string | null
}

export type ReadAnswers = { answers: Answers } | { problems: Record<string, string> }

/** By key, everything that was typed, to show it again. */
export function typedAnswers(definition: FormDefinition, posted: Posted): Record<string, string[]> {
  return Object.fromEntries(
    definition.fields.map(({ key }) => [
      key,
      (posted[`f_${key}`] ?? []).slice(0, 100).map((one) => clipText(one, 5000)),
    ]),
  )
}

export function readAnswers(definition: FormDefinition, posted: Posted): ReadAnswers {
  const words = formWords[definition.language]
  const answers: Answers = { fields: {}, traits: {}, consents: [], email: null }
  const problems: Record<string, string> = {}
  const typed = typedAnswers(definition, posted)
  for (const field of definition.fields) {
    const read = readField(field, typed[field.key] ?? [], words)
    if ('problem' in read) problems[field.key] = read.problem
    if (!('value' in read)) continue
    const { value } = read
    answers.fields[field.key] = value
    if (field.kind === 'consent') {
      if (value === true && field.purpose !== null)
        answers.consents.push({ purpose: field.purpose, wording: field.label })
    } else if (field.fills !== null) {
      answers.traits[field.fills.replace(/^custom\./, '')] = value
      if (field.fills === 'email') answers.email = String(value)
    }
  }
  return Object.keys(problems).length > 0 ? { problems } : { answers }
}

type ReadField = { value: string | number | boolean } | { problem: string } | { isEmpty: true }

function readField(field: FormField, typed: readonly string[], words: FormWords): ReadField {
  const text = (typed[0] ?? '').replaceAll('\0', '').trim()
  switch (field.kind) {
    case 'checkbox':
    case 'consent':
      if (text === '' && field.isRequired) return { problem: words.agree }
      // A box that was left alone says nothing: it is no refusal.
      return text === '' ? { isEmpty: true } : { value: true }
    case 'choices': {
      const chosen = typed.filter((one) => one !== '')
      if (chosen.some((one) => !field.options.includes(one))) return { problem: words.option }
      if (chosen.length === 0) return field.isRequired ? { problem: words.missing } : { isEmpty: true }
      return { value: [...new Set(chosen)].join(', ') }
    }
    case 'hidden':
      return text === '' ? { isEmpty: true } : { value: clipText(text, 500) }
  }
  if (text === '') return field.isRequired ? { problem: words.missing } : { isEmpty: true }
  if (text.length > (field.kind === 'paragraph' ? 5000 : 1000)) return { problem: words.tooLong }
  return readText(field, text, words)
}

function readText(field: FormField, text: string, words: FormWords): ReadField {
  switch (field.kind) {
    case 'email': {
      const read = normaliseEmail(text)
      return 'email' in read ? { value: read.email } : { problem: words.email }
    }
    case 'phone':
      // Whether its country has such a number is looked at later, where the country is known; nothing is lost by then.
      return (text.match(/\d/g) ?? []).length >= 5 && /^[\d\s()+./-]+$/.test(text)
        ? { value: text }
        : { problem: words.phone }
    case 'number': {
      const value = Number(text.replace(/^([^.]*),([^.,]*)$/, '$1.$2'))
      return Number.isFinite(value) ? { value } : { problem: words.number }
    }
    case 'date':
      return isDate(text) ? { value: text } : { problem: words.date }
    case 'choice':
      return field.options.includes(text) ? { value: text } : { problem: words.option }
    default:
      return { value: text }
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
