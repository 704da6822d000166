// An event as a webhook carries it: `{type, timestamp, data}`, with an id that stays the same over all attempts. Pure.
import { webhookSignature } from '../../lib/webhook-signature.ts'
import type { WebhookType } from './contract.ts'

/** What leaves; kept with the delivery, so that each attempt carries the same bytes. */
export type Message = {
  /** the receiver recognises a repeat by it; no dot in it */
  id: string
  type: string
  /** ISO 8601, of what happened */
  timestamp: string
  data: Record<string, unknown>
}

/** The secrets that sign; the one before as long as it still counts. */
export interface Secrets {
  secret: string
  previousSecret?: string
}

export function bodyOf({ type, timestamp, data }: Message): string {
  return JSON.stringify({ type, timestamp, data })
}

/** The three headers of an attempt. @param at of the attempt */
export function headersOf(message: Message, secrets: Secrets, at: Date): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000)
  const body = bodyOf(message)
  const signatures = [secrets.secret, secrets.previousSecret].flatMap((secret) =>
    secret ? [webhookSignature(secret, message.id, timestamp, body)] : [],
  )
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  }
}

/** An example of an event of a type, marked as a test. */
export function exampleOf(type: WebhookType, id: string, at: Date): Message {
  const [subject] = type.split('.')
  const isAboutLead = subject !== 'notice' && type !== 'lead.erased'
  return {
    id,
    type,
    timestamp: at.toISOString(),
    data: {
      isTest: true,
      ...(isAboutLead && { lead: exampleLead }),
      ...(type === 'lead.erased' && { leadId: exampleLead.id }),
      ...(type === 'lead.stage_changed' && { from: 'new', to: 'qualified' }),
      ...(type === 'lead.score_reached' && { score: 82, before: 74, threshold: 80 }),
      ...(subject === 'segment' && { segment: { id: exampleLead.id, name: 'Regular customers' } }),
      ...(subject === 'order' && { order: exampleOrder }),
      ...(subject === 'notice' && { about: 'An example', count: 1 }),
    },
  }
}

const exampleLead = {
  id: '0190b7a2-0000-7000-8000-000000000002',
  email: 'jane.doe@shop.example',
  phone: '+442079460958',
  firstName: 'Jane',
  lastName: 'Doe',
  company: 'Shop',
  country: 'GB',
  stage: 'qualified',
  consents: { email_marketing: 'granted' },
}

const exampleOrder = {
  id: '1001',
  number: '1001',
  currency: 'EUR',
  totalMinor: 3100,
  refundedMinor: 0,
  placedAt: '2026-01-01T12:00:00.000Z',
}
