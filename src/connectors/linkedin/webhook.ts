// LinkedIn's webhook: the challenge that it repeats every two hours, its signature, and what an event tells. Pure.
import { createHmac } from 'node:crypto'
import { asObject } from '../exchange.ts'
import type { LeadNotice, LeadWebhook } from '../lead-source.ts'
import { isSameText } from '../same-text.ts'
import type { LinkedinSettings } from './index.ts'

const hmac = (secret: string, text: string | Buffer) => createHmac('sha256', secret).update(text)

// https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation
export function answerChallenge(
  { challengeCode = '', applicationId = '' }: Readonly<Record<string, string>>,
  { clientId, clientSecret }: LinkedinSettings,
): { type: string; body: string } | null {
  if (challengeCode === '' || (applicationId !== '' && applicationId !== clientId)) return null
  const challengeResponse = hmac(clientSecret, challengeCode).digest('hex')
  return { type: 'application/json', body: JSON.stringify({ challengeCode, challengeResponse }) }
}

/** What is signed begins with a word that the header lacks. */
export function verifiesEvent({ raw, headers }: LeadWebhook, { clientSecret }: LinkedinSettings): boolean {
  const known = hmac(clientSecret, 'hmacsha256=').update(raw).digest('hex')
  return isSameText(headers['x-li-signature'] ?? '', known)
}

export function readEvent(
  payload: unknown,
  settings: LinkedinSettings,
): { notices: LeadNotice[] } | { refused: string } {
  const event = asObject(payload)
  if (!event || event.type !== 'LEAD_ACTION') return { refused: 'It tells of no lead.' }
  const owner = asObject(event.owner)
  const told = Object.values(owner ?? {}).find((urn) => urn === ownerUrn(settings))
  if (told === undefined) return { notices: [] }
  const leadId = /^urn:li:leadGenFormResponse:(.+)$/.exec(textOf(event.leadGenFormResponse))?.[1]
  if (leadId === undefined || leadId.length > 200 || !/^[\w:.-]+$/.test(leadId))
    return { refused: 'It does not name the lead.' }
  if (event.leadAction !== 'CREATED' && event.leadAction !== 'DELETED') return { notices: [] }
  return {
    notices: [
      {
        leadId,
        formId: formIdOf(textOf(event.leadGenForm)),
        act: event.leadAction === 'CREATED' ? 'left' : 'withdrawn',
        at: instantOf(event.occurredAt),
      },
    ],
  }
}

/** The owner of forms as LinkedIn names it. */
export function ownerUrn({ owner }: LinkedinSettings): string {
  return owner.startsWith('urn:') ? owner : `urn:li:sponsoredAccount:${owner}`
}

/** `7001` of `urn:li:versionedLeadGenForm:(urn:li:leadGenForm:7001,1)`, of `urn:li:leadGenForm:7001`. */
export function formIdOf(urn: string): string {
  return /urn:li:leadGenForm:(\d+)/.exec(urn)?.[1] ?? ''
}

export const exampleEvent = {
  type: 'LEAD_ACTION',
  leadGenFormResponse: 'urn:li:leadGenFormResponse:1a2b3c4d-5e6f-70819203-3',
  leadGenForm: 'urn:li:versionedLeadGenForm:(urn:li:leadGenForm:7001,1)',
  owner: { sponsoredAccount: 'urn:li:sponsoredAccount:501234567' },
  associatedEntity: { associatedCreative: 'urn:li:sponsoredCreative:8101' },
  leadType: 'SPONSORED',
  leadAction: 'CREATED',
  occurredAt: 1_763_600_000_000,
}

// Milliseconds by the documentation; seconds have been seen.
function instantOf(value: unknown): string | null {
  const given = Number(value)
  if (!Number.isFinite(given) || given <= 0 || given > 1e14) return null
  return new Date(given < 1e11 ? given * 1000 : given).toISOString()
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
