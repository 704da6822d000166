// How the answers of a form fill a lead: the default of a source, a person's changes to it, and what comes of a form that was filled in. Pure.
import { createHash } from 'node:crypto'
import type { FormLead, LeadSource } from '../connectors/index.ts'
import { fieldKey } from '../leads/index.ts'
import type { Purpose } from '../leads/contract.ts'
import type { LeadMapping, MappedLead } from './nouns.ts'
import { qualityOf } from './quality.ts'

/** Questions and boxes that a mapping is made for. */
export interface Asking {
  questions: readonly { key: string }[]
  consents: readonly { key: string; words: string }[]
}

/**
 * What each question fills where nobody said anything: the vendor's own questions what they are named for, all others custom fields.
 * A box fills a consent only where its words are about news by mail.
 */
export function defaultMapping({ standard }: Pick<LeadSource, 'standard'>, asking: Asking): LeadMapping {
  return {
    answers: asking.questions.map(({ key }) => ({
      key,
      fills: standard[key] ?? `custom.${customKey(key)}`,
      fallback: '',
    })),
    consents: asking.consents.map(({ key, words }) => ({ key, purpose: purposeOf(`${key} ${words}`) })),
    always: [],
  }
}

/** A person's mapping with the defaults of questions that it does not name. */
export function wholeMapping(
  source: Pick<LeadSource, 'standard'>,
  asking: Asking,
  chosen: LeadMapping | null,
): LeadMapping {
  const defaults = defaultMapping(source, asking)
  if (!chosen) return defaults
  const over = <T extends { key: string }>(own: readonly T[], all: readonly T[]) => [
    ...own,
    ...all.filter(({ key }) => !own.some((one) => one.key === key)),
  ]
  return {
    answers: over(chosen.answers, defaults.answers),
    consents: over(chosen.consents, defaults.consents),
    always: chosen.always,
  }
}

/** What a filled-in form says of a person. The first answer that fills a field counts; several of one question become one text. */
export function mapLead(
  source: Pick<LeadSource, 'standard'>,
  lead: Pick<FormLead, 'answers' | 'consents'>,
  chosen: LeadMapping | null,
): MappedLead {
  const asking = { questions: lead.answers, consents: lead.consents }
  const mapping = wholeMapping(source, asking, chosen)
  const fields: Record<string, string> = {}
  const custom: Record<string, string> = {}
  const left: string[] = []
  const fill = (target: string, value: string) => {
    const [place, name] = target.startsWith('custom.') ? [custom, target.slice(7)] : [fields, target]
    if (value !== '' && place[name] === undefined) place[name] = value
  }
  for (const { key, fills, fallback } of mapping.answers) {
    const answer = lead.answers.find((one) => one.key === key)
    const value = answer?.values.join(', ').trim() || fallback
    if (fills === null) {
      if (value !== '') left.push(answer?.label ?? key)
    } else fill(fills, value)
  }
  for (const { fills, value } of mapping.always) fill(fills, value)
  const consents = mapping.consents.flatMap(({ key, purpose }) => {
    const given = lead.consents.find((one) => one.key === key)
    return purpose !== null && given?.isGiven ? [{ purpose, words: given.words || key }] : []
  })
  return { fields, custom, consents, left, ...qualityOf({ fields, custom, consents }, lead) }
}

// A box that was ticked is taken as a yes to mail only where it plainly speaks of it.
function purposeOf(words: string): Purpose | null {
  return /newsletter|\bnews\b|marketing e-?mails?|e-?mail[_ ]marketing/i.test(words)
    ? 'email_marketing'
    : null
}

// A question in another script leaves no letters; it is then named by what it is made of.
function customKey(key: string): string {
  const made = fieldKey(key).slice(0, 60).replace(/_+$/, '')
  if (made === '') return `answer_${createHash('sha256').update(key).digest('hex').slice(0, 8)}`
  return TAKEN.has(made) ? `${made}_answer` : made
}

// Words that mean something else where a person is described.
const TAKEN = new Set(
  'id name title position address avatar email phone company city country language locale timezone'.split(
    ' ',
  ),
)
