// Who a tracking message is about and what it says of them: identifiers, fields, consents. Pure.
import type { Claims } from '../identity/contract.ts'
import type { HeardConsent, Message, Origin } from '../ingest/contract.ts'
import { correctedTimestamp, isZone } from '../lib/instant.ts'
import { clipText } from '../lib/text.ts'
import type { ConsentAct } from './consent.ts'
import { purposes } from './contract.ts'
import type { Purpose } from './contract.ts'
import { RANK } from './record.ts'
import type { Words } from './record.ts'
import { readTraits } from './traits.ts'

export interface MessagePerson {
  claims: Claims
  words?: Words
  consents: ConsentAct[]
}

/** Reads the person out of a message; `event` is what the earlier steps made of it. */
export function readMessagePerson(item: {
  workspaceId: string
  message: Message
  origin: Origin
  event: {
    occurredAt: string
    country: string
    name: string
    source: string
    properties: Record<string, unknown>
  }
}): MessagePerson {
  const { message, event } = item
  const at = new Date(event.occurredAt)
  // Who names the lead speaks of what it did, not of who it is.
  const named = item.origin.named?.leadId
  const traits = named === undefined ? traitsOf(message, event) : undefined
  const read = traits && readTraits(traits, event.country || undefined)
  const timeZone = message.context?.timezone
  const claims: Claims = {
    workspaceId: item.workspaceId,
    ...(named === undefined ? {} : { leadId: named }),
    userId: message.userId,
    email: read?.emailKey,
    phone: read?.fields.phone ?? undefined,
    surname: read?.surname,
    anonymousId: message.anonymousId,
    ...(message.type === 'alias' ? { previousId: message.previousId } : {}),
    mayMerge: item.origin.trusted === true,
    at,
    source: item.origin.via ?? 'tracking',
  }
  const consents = item.origin.consents
    ? heardConsents(item.origin.consents, event)
    : consentsOf(message, event)
  if (!read) return { claims, words: undefined, consents }
  const inferred: Words['inferred'] = {
    ...(event.country ? { country: event.country } : {}),
    ...(typeof timeZone === 'string' && isZone(timeZone) ? { timeZone } : {}),
  }
  return {
    claims,
    words: { fields: read.fields, inferred, custom: read.custom, rank: RANK.told, at: at.getTime() },
    consents,
  }
}

// identify says traits; other calls may carry them in the context; a group call names the company.
function traitsOf(
  message: Message,
  event: { properties: Record<string, unknown> },
): Record<string, unknown> | undefined {
  if (message.type === 'identify') return message.traits ?? {}
  if (message.type === 'group') {
    const company = message.traits?.name
    return typeof company === 'string' ? { company } : undefined
  }
  const carried = message.context?.traits
  const traits =
    carried !== null && typeof carried === 'object' && !Array.isArray(carried) ? { ...carried } : {}
  // An order of a shop's server names its buyer by e-mail where it knows no user id.
  if (typeof event.properties.email === 'string') return { email: event.properties.email, ...traits }
  return Object.keys(traits).length > 0 ? traits : undefined
}

// A form or mapping of ours heard them: they are all that the message says of consent.
function heardConsents(heard: HeardConsent[], event: { occurredAt: string; source: string }): ConsentAct[] {
  return heard.flatMap(({ purpose, state, proof }) => {
    const known = purposes.find((one) => one === purpose)
    return known ? [{ purpose: known, state, actedAt: event.occurredAt, source: event.source, proof }] : []
  })
}

const BROWSER_PURPOSES: readonly Purpose[] = ['analytics', 'ad_user_data', 'ad_personalisation']

// A banner's choice comes with every call (context.consent); a form's or preference page's as an event of its own.
function consentsOf(
  message: Message,
  event: { name: string; occurredAt: string; source: string; properties: Record<string, unknown> },
): ConsentAct[] {
  const consent = message.context?.consent as { categoryPreferences?: unknown } | undefined
  const choices = consent?.categoryPreferences
  const isAct = event.name === 'consent_changed' || event.name === 'unsubscribed'
  if (!choices && !isAct) return NO_ACTS
  const acts: ConsentAct[] = []
  // The tracker repeats a choice with every call and says when it was made; so an old choice never looks new.
  const chosenAt = (message.context?.throughline as { consentAt?: unknown } | undefined)?.consentAt
  const timestamp = typeof chosenAt === 'string' ? chosenAt : null
  // A choice cannot be later than the call that tells of it: a date in the future would outlast every later choice.
  const toldAt = Date.parse(event.occurredAt)
  const chosen = correctedTimestamp({ timestamp, receivedAt: toldAt }).at
  const actedAt = new Date(Math.min(chosen, toldAt)).toISOString()
  const add = (purpose: Purpose, granted: boolean, proof: Record<string, unknown>) =>
    acts.push({ purpose, state: granted ? 'granted' : 'denied', actedAt, source: event.source, proof })
  if (choices !== null && typeof choices === 'object') {
    for (const purpose of BROWSER_PURPOSES) {
      const choice = (choices as Record<string, unknown>)[purpose]
      if (typeof choice === 'boolean')
        add(purpose, choice, { call: message.type, messageId: message.messageId })
    }
  }
  if (isAct) {
    const stated = event.properties.purposes
    const proof = { event: message.event, messageId: message.messageId, ...simple(event.properties.proof) }
    for (const purpose of purposes) {
      const word =
        event.name === 'unsubscribed' && purpose === 'email_marketing'
          ? 'denied'
          : stated !== null && typeof stated === 'object'
            ? (stated as Record<string, unknown>)[purpose]
            : undefined
      if (word === 'granted' || word === true) add(purpose, true, proof)
      if (word === 'denied' || word === false) add(purpose, false, proof)
    }
  }
  return acts
}

const NO_ACTS: ConsentAct[] = []

function simple(proof: unknown): Record<string, unknown> {
  if (typeof proof === 'string') return { words: clipText(proof, 1000) }
  return {}
}
