// The webhook of Google Ads lead forms: it carries the whole lead and a shared key instead of a signature. Pure.
import { parseExactJson } from '../../lib/exact-json.ts'
import { asObject } from '../exchange.ts'
import type { FormLead, LeadNotice, LeadWebhook } from '../lead-source.ts'
import { isSameText } from '../same-text.ts'
import type { GoogleSettings } from './index.ts'

/** Google signs nothing: the key in the payload is all that tells it from others. */
export function verifiesKey({ raw }: LeadWebhook, { key }: GoogleSettings): boolean {
  let given: unknown
  try {
    given = asObject(parseExactJson(raw.toString('utf8')))?.google_key
  } catch {
    return false
  }
  return typeof given === 'string' && isSameText(given, key)
}

// https://developers.google.com/google-ads/webhook/docs/implementation
export function readLeadForm(payload: unknown): { notices: LeadNotice[] } | { refused: string } {
  const given = asObject(payload)
  const leadId = textOf(given?.lead_id)
  if (!given || leadId === '') return { refused: 'The lead has no lead_id.' }
  if (leadId.length > 300) return { refused: 'The lead_id is longer than 300 characters.' }
  if (!Array.isArray(given.user_column_data)) return { refused: 'The lead has no user_column_data.' }
  const lead = leadOf(leadId, given, given.user_column_data)
  return {
    notices: [{ leadId, formId: lead.formId, act: 'left', at: lead.submittedAt || null, lead }],
  }
}

function leadOf(leadId: string, given: Record<string, unknown>, columns: unknown[]): FormLead {
  const answers = columns.flatMap((one) => {
    const column = asObject(one)
    const key = textOf(column?.column_id) || textOf(column?.column_name)
    const value = textOf(column?.string_value)
    return key === '' || value === ''
      ? []
      : [{ key, label: textOf(column?.column_name) || key, values: [value] }]
  })
  const campaign = textOf(given.campaign_id)
  const submittedAt = new Date(textOf(given.lead_submit_time))
  const origin = [
    'campaign_id',
    'adgroup_id',
    'creative_id',
    'asset_group_id',
    'gcl_id',
    'lead_stage',
    'lead_source',
  ]
  return {
    leadId,
    formId: textOf(given.form_id),
    formName: '',
    submittedAt: Number.isNaN(submittedAt.getTime()) ? '' : submittedAt.toISOString(),
    isTest: given.is_test === true,
    answers,
    consents: [],
    touch: { source: 'google', medium: 'cpc', ...(campaign !== '' && { campaign }) },
    origin: Object.fromEntries(
      origin.map((name) => [name, textOf(given[name])] as const).filter(([, value]) => value !== ''),
    ),
  }
}

export const exampleLead = {
  lead_id: 'TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  user_column_data: [
    { column_id: 'FULL_NAME', column_name: 'Full Name', string_value: 'Ada Example' },
    { column_id: 'EMAIL', column_name: 'User Email', string_value: 'ada@shop.example' },
  ],
  api_version: '1.0',
  form_id: '40000000001',
  campaign_id: '10000000001',
  google_key: 'a-long-word-of-yours-1234',
  is_test: true,
  gcl_id: 'EAIaIQobChMI0',
  lead_submit_time: '2026-11-20T10:00:00Z',
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
