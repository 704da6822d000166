// A caught lead as the message that the inbox takes: what a form submission says of a person, its touch, and its consents with their proof. Pure.
import { createHash } from 'node:crypto'
import type { FormLead } from '../connectors/index.ts'
import type { Origin } from '../ingest/contract.ts'
import type { MappedLead } from './nouns.ts'

export interface LeadMessage {
  messageId: string
  anonymousId: string
  text: string
  origin: Origin
}

/** By which the inbox knows whoever left a lead, before anything else of them. */
export function anonymousIdOf(connectionId: string, vendorLeadId: string): string {
  const name =
    vendorLeadId.length <= 100 ? vendorLeadId : createHash('sha256').update(vendorLeadId).digest('hex')
  return `lead-form:${connectionId}:${name}`
}

/**
 * @param source as its events name it
 * @param toldAt when the vendor told of it: no lead is left after that
 */
export function messageOf(
  caught: { connectionId: string; source: string; sourceName: string; toldAt: Date },
  lead: FormLead,
  mapped: MappedLead,
): LeadMessage {
  const anonymousId = anonymousIdOf(caught.connectionId, lead.leadId)
  const submitted = Date.parse(lead.submittedAt)
  const told = caught.toldAt.getTime()
  const at = Number.isFinite(submitted) && submitted > 0 ? Math.min(submitted, told) : told
  const { source, medium, campaign, content } = lead.touch
  const messageId = `lead:${lead.leadId}`
  const message = {
    type: 'track',
    messageId,
    anonymousId,
    event: 'Form Submitted',
    timestamp: new Date(at).toISOString(),
    properties: {
      form_id: lead.formId,
      form_name: lead.formName || lead.formId,
      ...lead.origin,
      lead_quality: mapped.quality,
    },
    context: {
      traits: traitsOf(mapped),
      campaign: { source, medium, ...(campaign && { name: campaign }), ...(content && { content }) },
    },
  }
  return {
    messageId,
    anonymousId,
    text: JSON.stringify(message),
    origin: {
      via: caught.source,
      consents: mapped.consents.map(({ purpose, words }) => ({
        purpose,
        state: 'granted',
        proof: {
          words,
          source: caught.sourceName,
          formId: lead.formId,
          formName: lead.formName,
          vendorLeadId: lead.leadId,
        },
      })),
    },
  }
}

/** The message by which a person who took a lead back no longer agrees to what its form had asked. */
export function withdrawalOf(
  caught: { connectionId: string; source: string; vendorLeadId: string; purposes: readonly string[] },
  now: Date,
): LeadMessage {
  const anonymousId = anonymousIdOf(caught.connectionId, caught.vendorLeadId)
  const messageId = `withdrawn:${caught.vendorLeadId}`
  return {
    messageId,
    anonymousId,
    text: JSON.stringify({
      type: 'track',
      messageId,
      anonymousId,
      event: 'Consent Changed',
      timestamp: now.toISOString(),
      properties: { because: 'The person took the lead back.' },
    }),
    origin: {
      via: caught.source,
      consents: caught.purposes.map((purpose) => ({
        purpose,
        state: 'denied',
        proof: { words: 'The person took the lead back.', vendorLeadId: caught.vendorLeadId },
      })),
    },
  }
}

// In the words of Segment's identify call, which is how the inbox reads people.
function traitsOf({ fields, custom }: MappedLead): Record<string, string> {
  const { fullName, jobTitle, ...rest } = fields
  return {
    ...custom,
    ...rest,
    ...(fullName !== undefined && { name: fullName }),
    ...(jobTitle !== undefined && { title: jobTitle }),
  }
}
