// The webhook of a Google Ads lead form: unsigned, with a shared key, repeated only where the server failed.
import { isTaken, sendUntilTaken } from '../frame/retry.ts'
import type { World } from '../frame/world.ts'

const TIMEOUT_MS = 5000

export interface FormLead {
  url: string
  key: string
  /** digits; sent as bare numbers, as large as they are */
  formId: string
  campaignId: string
  columns: Record<string, string>
  isTest: boolean
}

/** Sends a lead; answers its id. */
export function sendLead(world: World, { url, key, formId, campaignId, columns, isTest }: FormLead): string {
  const leadId = `${isTest ? 'TeSter-' : ''}${world.token(40)}`
  const columnsOf = Object.entries(columns).map(([column_id, string_value]) => ({
    column_id,
    column_name: NAMES[column_id] ?? column_id,
    string_value,
  }))
  const rest = JSON.stringify({
    lead_id: leadId,
    user_column_data: columnsOf,
    api_version: '1.0',
    google_key: key,
    gcl_id: `EAIaIQobChMI${world.token(12)}`,
    lead_stage: 'NEW',
    lead_submit_time: new Date(world.now()).toISOString(),
    ...(isTest && { is_test: true }),
  })
  const body = `${rest.slice(0, -1)},"form_id":${formId},"campaign_id":${campaignId},"adgroup_id":20000000001,"creative_id":30000000001}`
  sendUntilTaken(
    world,
    {
      vendor: 'google',
      method: 'POST',
      url,
      body,
      headers: () => ({ 'content-type': 'application/json' }),
      timeoutMs: TIMEOUT_MS,
    },
    { isDone: (sent) => isTaken(sent) || (sent.status !== null && sent.status < 500) },
  )
  return leadId
}

const NAMES: Record<string, string> = {
  FULL_NAME: 'Full Name',
  EMAIL: 'User Email',
  PHONE_NUMBER: 'User Phone',
  COMPANY_NAME: 'Company Name',
}
