// GA4: events to a data stream over the Measurement Protocol.
import { z } from 'zod'
import { connector } from '../connector.ts'
import type { SentSession } from '../conversions.ts'
import { defaults, recommendedEvents } from './events.ts'
import { MAX_AGE_MS, USER_PROPERTY, buildRequest } from './payload.ts'
import { checkStream, collect, groupByPerson, validate } from './send.ts'

const settings = z.object({
  measurementId: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^G-[A-Z0-9]{4,12}$/, 'looks like G-ABC1234567')
    .meta({ label: 'Measurement id', example: 'G-ABC1234567', sandbox: 'G-SANDBOX001' }),
  apiSecret: z.string().trim().min(8, 'is longer than this').meta({
    label: 'API secret',
    secret: true,
    example: 'exampleSecret_0000000',
    help: 'Admin, Data streams, your stream, Measurement Protocol API secrets. GA4 never says whether it is right.',
    sandbox: 'sandbox-ga4-secret',
  }),
})

export const ga4 = connector({
  id: 'ga4',
  name: 'Google Analytics 4',
  summary: 'Sends events to a GA4 data stream, validated before they leave.',
  initials: 'GA',
  bases: { api: { variable: 'GA4_BASE_URL', url: 'https://www.google-analytics.com' } },
  limits: { concurrency: 16 },
  secretQuery: ['api_secret'],
  settings,
  check: checkStream,
  conversions: {
    purpose: 'analytics',
    batchLimit: 25,
    maxAgeMs: () => MAX_AGE_MS,
    names: recommendedEvents,
    customName: /^[A-Za-z][A-Za-z0-9_]{0,39}$/,
    defaults,
    build: buildRequest,
    group: groupByPerson,
    send: (payloads, linked) => collect(payloads, linked),
    sendTest: validate,
    honoursRepeat: (payload) => isPurchase(payload),
    repeatKey: (payload) =>
      eventsOf(payload)
        .map(({ name, params }) => `${name} ${String(params.transaction_id)}`)
        .join(),
    userProperty: USER_PROPERTY,
    sessionOf,
    doors: [
      { path: '/api/ga4/track', id: 'trackToGa4', takes: 'one', summary: 'Send one event to GA4' },
      {
        path: '/api/ga4/purchase',
        id: 'purchaseAtGa4',
        takes: 'one',
        name: 'purchase',
        summary: 'Send a purchase to GA4',
      },
      {
        path: '/api/ga4/session/start',
        id: 'startGa4Session',
        takes: 'session_start',
        summary:
          'Begin a session: gives the session id that later events carry, since GA4 keeps session_start for itself',
      },
      {
        path: '/api/ga4/session/end',
        id: 'endGa4Session',
        takes: 'session_end',
        name: 'session_ended',
        summary: 'End a session: sends its engagement time',
      },
      {
        path: '/api/ga4/test',
        id: 'testAtGa4',
        takes: 'test',
        summary: 'Have GA4 validate one event; it records nothing',
      },
      {
        path: '/api/ga4/events',
        id: 'listGa4Events',
        takes: 'list',
        summary: 'Events sent to GA4, newest first',
      },
    ],
  },
})

// Purchases of one transaction are counted once: https://support.google.com/analytics/answer/12313109
function isPurchase(payload: Record<string, unknown>): boolean {
  return eventsOf(payload).every(({ name, params }) => name === 'purchase' && Boolean(params.transaction_id))
}

// Events without a session id count to none.
function sessionOf(payload: Record<string, unknown>): SentSession | null {
  const events = eventsOf(payload)
  const id = events.find(({ params }) => params.session_id !== undefined)?.params.session_id
  if (id === undefined) return null
  return {
    sessionId: String(id),
    clientId: String(payload.client_id),
    events: events.map(({ name }) => name),
    engagementMs: events.reduce((sum, { params }) => sum + Number(params.engagement_time_msec ?? 0), 0),
    page: String(events.find(({ params }) => params.page_location)?.params.page_location ?? ''),
  }
}

function eventsOf(payload: Record<string, unknown>) {
  return payload.events as { name: string; params: Record<string, unknown> }[]
}
