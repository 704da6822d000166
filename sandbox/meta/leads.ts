// The lead forms of a page and the leads they collected, as the Graph shows them.
import type { World } from '../frame/world.ts'
import { PAGE } from './accounts.ts'

export interface Form {
  id: string
  name: string
  createdAt: number
  questions: { key: string; label: string; type: string }[]
}

export interface Lead {
  id: string
  formId: string
  createdAt: number
  fields: Record<string, string>
  isTest: boolean
}

export interface Leads {
  forms: Form[]
  add(lead: Omit<Lead, 'id' | 'createdAt'>): Lead
  get(id: string): Lead | undefined
  remove(id: string): void
  /** The newest first. */
  of(formId: string): Lead[]
}

/** Leads kept; the oldest are forgotten. */
const KEPT = 100_000

/** Behind 2^53, so that who reads ids as numbers is found out. */
const FIRST_ID = 910_000_000_000_000_001n

const QUESTIONS = [
  { key: 'full_name', label: 'Full name', type: 'FULL_NAME' },
  { key: 'email', label: 'Email', type: 'EMAIL' },
  { key: 'phone_number', label: 'Phone number', type: 'PHONE' },
  { key: 'how_many_people_work_with_you?', label: 'How many people work with you?', type: 'CUSTOM' },
]

export function createLeads(world: World): Leads {
  const leads = new Map<string, Lead>()
  let next = FIRST_ID
  return {
    forms: [
      { id: '4000000000000001', name: 'Spring catalogue', createdAt: world.now(), questions: QUESTIONS },
      {
        id: '4000000000000002',
        name: 'Ask for an offer',
        createdAt: world.now(),
        questions: QUESTIONS.slice(0, 2),
      },
    ],
    add(lead) {
      const made = { ...lead, id: String(next++), createdAt: world.now() }
      leads.set(made.id, made)
      const [oldest] = leads.keys()
      if (leads.size > KEPT && oldest !== undefined) leads.delete(oldest)
      return made
    },
    get: (id) => leads.get(id),
    remove: (id) => void leads.delete(id),
    of: (formId) => [...leads.values()].filter((lead) => lead.formId === formId).reverse(),
  }
}

/** Every field that can be asked of a lead. */
export function leadFields(lead: Lead): Record<string, unknown> {
  return {
    id: lead.id,
    created_time: graphTime(lead.createdAt),
    form_id: lead.formId,
    ad_id: '6000000000000001',
    ad_name: 'Blue catalogue',
    adset_id: '6100000000000001',
    adset_name: 'People at home',
    campaign_id: '6200000000000001',
    campaign_name: 'Spring',
    is_organic: false,
    platform: 'fb',
    partner_name: undefined,
    field_data: Object.entries(lead.fields)
      .filter(([name]) => name !== 'newsletter')
      .map(([name, value]) => ({ name, values: [value] })),
    custom_disclaimer_responses:
      'newsletter' in lead.fields
        ? [{ checkbox_key: 'newsletter', is_checked: lead.fields.newsletter === '' ? '' : '1' }]
        : undefined,
  }
}

export function formFields(form: Form, leadsCount: number): Record<string, unknown> {
  return {
    id: form.id,
    name: form.name,
    status: 'ACTIVE',
    locale: 'en_US',
    questions: form.questions.map((question, place) => ({ id: `${form.id}${place}`, ...question })),
    leads_count: leadsCount,
    created_time: graphTime(form.createdAt),
    privacy_policy_url: 'https://shop.example/privacy',
    page_id: PAGE.id,
  }
}

/** What is asked for by name, and the id. */
export function pick(
  all: Record<string, unknown>,
  fields: string | null,
  fallback: string,
): Record<string, unknown> {
  const names = (fields ?? fallback).split(',').map((name) => name.trim().replace(/[{(].*$/, ''))
  const chosen = names.filter((name) => all[name] !== undefined).map((name) => [name, all[name]])
  return Object.fromEntries([...chosen, ['id', all.id]]) as Record<string, unknown>
}

function graphTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`
}
