// What a submission and a confirmation are to the inbox: one message each, under an id that a repeat has again. Pure.
import { createHash } from 'node:crypto'
import type { Origin } from '../ingest/contract.ts'
import type { InboxRow } from '../ingest/index.ts'
import { clipText } from '../lib/text.ts'
import type { Answers, Posted } from './answers.ts'
import { controlNames } from './render.ts'

export interface FormPlace {
  id: string
  workspaceId: string
  name: string
  version: number
}

/** Where and by whom it was sent, as far as the request and the page tell. */
export interface Visit {
  pageUrl: string
  pageTitle: string
  referrer: string
  /** the tracker's, where it may be told */
  anonymousId: string | null
  sessionId: string
  timeZone: string
  userAgent: string
  /** what the browser's header says */
  locale: string
}

export function visitOf(posted: Posted, request: Pick<Visit, 'userAgent' | 'locale' | 'pageUrl'>): Visit {
  const text = (name: string, max: number) => clipText((posted[name]?.[0] ?? '').trim(), max)
  const anonymousId = text(controlNames.anonymousId, 100)
  return {
    pageUrl: httpOnly(text(controlNames.pageUrl, 2000)) || request.pageUrl,
    pageTitle: text(controlNames.pageTitle, 500),
    referrer: httpOnly(text(controlNames.referrer, 2000)),
    anonymousId: /^[\w.-]{8,100}$/.test(anonymousId) ? anonymousId : null,
    sessionId: text(controlNames.sessionId, 64),
    timeZone: text(controlNames.timeZone, 64),
    userAgent: request.userAgent,
    locale: request.locale,
  }
}

export interface Submission {
  /** of the ticket: with the answers it says which submission this is */
  nonce: string
  answers: Answers
  visit: Visit
  /** consents that count at once */
  consents: NonNullable<Origin['consents']>
  country?: Pick<Origin, 'country' | 'countrySource'>
}

/** The id of a submission: the same where the same answers come twice off one page, another where they were changed. */
export function submissionId(nonce: string, { fields }: Answers): string {
  const hash = createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 24)
  return `form:${nonce}:${hash}`
}

export function submissionRow(form: FormPlace, sent: Submission, row: { id: string; now: Date }): InboxRow {
  const { answers, visit } = sent
  const messageId = submissionId(sent.nonce, answers)
  const anonymousId = visitorOf(visit, sent.nonce)
  const campaign = campaignOf(visit.pageUrl)
  return inboxRow(form, row, {
    messageId,
    sender: anonymousId,
    origin: { userAgent: visit.userAgent, ...sent.country, via: 'form', consents: sent.consents },
    message: {
      type: 'track',
      event: 'form_submitted',
      messageId,
      anonymousId,
      properties: {
        form_id: form.id,
        form_name: form.name,
        form_version: form.version,
        fields: answers.fields,
      },
      context: {
        library: { name: 'throughline.forms' },
        traits: answers.traits,
        page: pageOf(visit),
        // The tracker told the session's origin already; without it the page's address and referrer are all there is.
        ...(campaign || !visit.anonymousId ? { campaign: campaign ?? {} } : {}),
        ...(visit.locale ? { locale: visit.locale } : {}),
        ...(visit.timeZone ? { timezone: visit.timeZone } : {}),
        ...(visit.userAgent ? { userAgent: visit.userAgent } : {}),
        ...(visit.sessionId ? { throughline: { sessionId: visit.sessionId } } : {}),
      },
    },
  })
}

/**
 * By what the visitor is known beside the answers. Where no tracker knows the browser it is this submission: an address that
 * many share (`info@`), or none at all, would else leave it to nobody.
 */
export function visitorOf(visit: Visit, nonce: string): string {
  return visit.anonymousId ?? nonce
}

export interface Confirmed {
  id: string
  email: string
  anonymousId: string
  consents: NonNullable<Origin['consents']>
}

/** A confirmed address, and with it its consents. */
export function confirmationRow(
  form: FormPlace,
  confirmed: Confirmed,
  row: { id: string; now: Date },
): InboxRow {
  const messageId = `form-confirmed:${confirmed.id}`
  const { anonymousId, email, consents } = confirmed
  return inboxRow(form, row, {
    messageId,
    sender: anonymousId,
    origin: { via: 'form', consents },
    message: {
      type: 'track',
      event: 'consent_changed',
      messageId,
      anonymousId,
      properties: {
        form_id: form.id,
        form_name: form.name,
        purposes: Object.fromEntries(consents.map(({ purpose, state }) => [purpose, state])),
      },
      context: { library: { name: 'throughline.forms' }, traits: { email } },
    },
  })
}

function inboxRow(
  form: FormPlace,
  { id, now }: { id: string; now: Date },
  said: Pick<InboxRow, 'messageId' | 'sender' | 'origin'> & { message: Record<string, unknown> },
): InboxRow {
  const { message, ...rest } = said
  return {
    id,
    receivedAt: now,
    workspaceId: form.workspaceId,
    lane: 'live',
    connection: `form:${form.id}`,
    source: 'form',
    ...rest,
    text: JSON.stringify(message),
  }
}

function pageOf({ pageUrl, pageTitle, referrer }: Visit): Record<string, string> {
  return {
    url: pageUrl,
    ...(URL.canParse(pageUrl) ? { path: new URL(pageUrl).pathname } : {}),
    ...(pageTitle ? { title: pageTitle } : {}),
    ...(referrer ? { referrer } : {}),
  }
}

const CAMPAIGN: Record<string, string> = {
  utm_source: 'source',
  utm_medium: 'medium',
  utm_campaign: 'name',
  utm_term: 'term',
  utm_content: 'content',
}

function campaignOf(pageUrl: string): Record<string, string> | undefined {
  if (!URL.canParse(pageUrl)) return undefined
  const { searchParams } = new URL(pageUrl)
  const found = Object.entries(CAMPAIGN).flatMap(([parameter, name]) => {
    const value = searchParams.get(parameter)
    return value ? [[name, clipText(value, 200)] as const] : []
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}

function httpOnly(url: string): string {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : ''
}
