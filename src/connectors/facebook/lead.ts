// Reads leads and forms as Meta's Graph writes them. Pure.
import type { FormLead, LeadForm } from '../lead-source.ts'
import { objectsOf } from '../objects.ts'

/** What a test lead of ours says; by its address it is known again. */
export const TEST_ANSWERS: readonly (readonly [string, string])[] = [
  ['full_name', 'Test Lead'],
  ['email', 'test.lead@example.com'],
  ['phone_number', '+442079460958'],
]

// Those of Meta's own tool read "<test lead: dummy data for full_name>" and carry this address.
const TEST_ADDRESSES = new Set(['test.lead@example.com', 'test@fb.com', 'test@meta.com'])

/** A lead of the Graph; null where it is none. */
export function readLead(given: Record<string, unknown>): FormLead | null {
  const leadId = text(given.id)
  if (leadId === '' || !Array.isArray(given.field_data)) return null
  const answers = objectsOf(given.field_data).flatMap(({ name, values }) => {
    const key = text(name)
    const told = Array.isArray(values) ? values.map(text).filter((value) => value !== '') : []
    return key === '' ? [] : [{ key, label: labelOf(key), values: told }]
  })
  const consents = objectsOf(given.custom_disclaimer_responses).flatMap(({ checkbox_key, is_checked }) => {
    const key = text(checkbox_key)
    const isGiven = is_checked === true || text(is_checked) === '1' || text(is_checked) === 'true'
    return key === '' ? [] : [{ key, words: labelOf(key), isGiven }]
  })
  const isOrganic = given.is_organic === true || text(given.is_organic) === 'true'
  const campaign = text(given.campaign_name) || text(given.campaign_id)
  const content = text(given.ad_name) || text(given.ad_id)
  return {
    leadId,
    formId: text(given.form_id),
    formName: '',
    submittedAt: instantOf(text(given.created_time)),
    isTest: answers.some(({ values }) => values.some(isTestValue)),
    answers,
    consents,
    touch: {
      source: text(given.platform) === 'ig' ? 'instagram' : 'facebook',
      medium: isOrganic ? 'social' : 'paid_social',
      ...(campaign !== '' && { campaign }),
      ...(content !== '' && { content }),
    },
    origin: Object.fromEntries(
      [
        'campaign_id',
        'campaign_name',
        'adset_id',
        'adset_name',
        'ad_id',
        'ad_name',
        'platform',
        'partner_name',
      ]
        .map((name) => [name, text(given[name])] as const)
        .filter(([, value]) => value !== ''),
    ),
  }
}

/** A form of the Graph, or nothing. */
export function readForm(given: Record<string, unknown>): LeadForm[] {
  const id = text(given.id)
  if (id === '') return []
  const count = Number(given.leads_count)
  return [
    {
      id,
      name: text(given.name) || id,
      isOpen: text(given.status) !== 'ARCHIVED' && text(given.status) !== 'DELETED',
      language: text(given.locale) || null,
      leadCount: Number.isSafeInteger(count) ? count : null,
      questions: objectsOf(given.questions).flatMap((question) => {
        const key = text(question.key)
        return key === '' ? [] : [{ key, label: text(question.label) || labelOf(key) }]
      }),
      consents: [],
    },
  ]
}

function isTestValue(value: string): boolean {
  return value.startsWith('<test lead:') || TEST_ADDRESSES.has(value.toLowerCase())
}

// `how_many_people_work_with_you?` is made of the question by the vendor.
function labelOf(key: string): string {
  const spaced = key.replaceAll('_', ' ').trim()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

// `2026-11-20T10:00:00+0000`: an offset without a colon, which not every reader takes.
function instantOf(value: string): string {
  const at = new Date(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString()
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
