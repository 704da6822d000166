// Google Tag Manager: events to a server container, over its Measurement Protocol client or a path of the user's own.
import { z } from 'zod'
import type { Built, Conversion, Mapped } from '../conversions.ts'
import { connector } from '../connector.ts'
import type { CheckResult, Linked } from '../connector.ts'
import { outcomeOf } from '../exchange.ts'
import type { Exchange, Outcome } from '../exchange.ts'
import { defaults, recommendedEvents } from '../ga4/events.ts'
import { MAX_AGE_MS, USER_PROPERTY, buildRequest, problemsOf } from '../ga4/payload.ts'

const settings = z.object({
  serverUrl: z
    .string()
    .trim()
    .max(300)
    .regex(/^https?:\/\/[^\s?#]+$/, 'is the address of the container, such as https://tags.shop.example')
    .meta({
      label: 'Address of the server container',
      example: 'https://tags.shop.example',
      sandbox: 'https://tags.sandbox.example',
    }),
  client: z.enum(['json', 'measurement_protocol']).default('json').meta({
    label: 'Client that takes the events',
    help: 'json: a client of yours that takes data-layer events as JSON; measurement_protocol: the one called Measurement Protocol (GA4).',
  }),
  path: z
    .string()
    .trim()
    .regex(/^\/[\w./-]*$/, 'begins with a slash and has no question mark')
    .default('/data')
    .meta({
      label: 'Path that the client claims',
      example: '/data',
      help: '/mp/collect for Measurement Protocol.',
    }),
  measurementId: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^G-[A-Z0-9]{4,12}$/, 'looks like G-ABC1234567')
    .optional()
    .meta({ label: 'Measurement id', example: 'G-ABC1234567', help: 'For Measurement Protocol only.' }),
  previewHeader: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9+/=_-]{8,200}$/, 'is the token that the container’s preview shows')
    .optional()
    .meta({
      label: 'Preview header',
      secret: true,
      example: 'ZW52LTN8ZXhhbXBsZQ==',
      help: 'For test sends only: preview, three dots, Send requests manually.',
      sandbox: 'ZW52LTN8c2FuZGJveHxwcmV2aWV3LXRva2Vu',
    }),
})
type GtmSettings = z.output<typeof settings>

export const gtm = connector({
  id: 'gtm',
  name: 'Google Tag Manager',
  summary: 'Sends data-layer events to your own server container.',
  initials: 'GT',
  bases: { api: { variable: 'GTM_BASE_URL', setting: 'serverUrl' } },
  limits: { concurrency: 16 },
  settings,
  check,
  conversions: {
    purpose: 'analytics',
    batchLimit: 1,
    maxAgeMs: () => MAX_AGE_MS,
    names: recommendedEvents,
    customName: /^[A-Za-z][A-Za-z0-9_.-]{0,99}$/,
    defaults,
    build,
    group: (payloads) => payloads.map((_, place) => [place]),
    send: (payloads, linked) => send(payloads, linked),
    *sendTest(payload, linked) {
      const { previewHeader } = linked.settings
      if (!previewHeader)
        return {
          kind: 'refused',
          words:
            'The connection has no preview header: copy it from the container’s preview into its settings.',
        }
      const [outcome] = yield* send([payload], linked, { 'x-gtm-server-preview': previewHeader })
      return outcome!
    },
    honoursRepeat: () => false,
    userProperty: USER_PROPERTY,
    doors: [
      {
        path: '/api/gtm/track',
        id: 'trackToGtm',
        takes: 'one',
        summary: 'Send one event to the server container',
      },
      {
        path: '/api/gtm/ecommerce',
        id: 'sellAtGtm',
        takes: 'one',
        name: 'purchase',
        summary: 'Send an e-commerce event to the server container',
      },
      {
        path: '/api/gtm/custom',
        id: 'customToGtm',
        takes: 'one',
        summary: 'Send an event with parameters, dimensions and metrics of your own',
      },
      {
        path: '/api/gtm/test',
        id: 'testAtGtm',
        takes: 'test',
        summary: 'Send one event to the preview of the server container',
      },
      {
        path: '/api/gtm/events',
        id: 'listGtmEvents',
        takes: 'list',
        summary: 'Events sent to the container, newest first',
      },
    ],
  },
})

// As the data layer writes it (https://developers.google.com/tag-platform/tag-manager/datalayer), with what GA4's tags expect.
function build(conversion: Conversion, mapped: Mapped, { client }: GtmSettings): Built {
  const built = buildRequest(conversion, mapped)
  if (client === 'measurement_protocol') return built
  const { events, ...person } = built.payload
  const [event] = events as { name: string; params: Record<string, unknown> }[]
  const {
    event_id: eventId,
    items,
    transaction_id,
    value,
    currency,
    tax,
    shipping,
    coupon,
    ...more
  } = event!.params
  const ecommerce = Object.fromEntries(
    Object.entries({ transaction_id, value, currency, tax, shipping, coupon, items }).filter(
      ([, one]) => one !== undefined,
    ),
  )
  const payload = {
    event: mapped.name,
    event_id: eventId,
    ...more,
    ...(Object.keys(ecommerce).length > 0 && { ecommerce }),
    ...person,
  }
  return {
    payload,
    problems: problemsOf(built.payload).filter((problem) => !problem.startsWith('GA4 keeps')),
  }
}

function* send(
  payloads: readonly Record<string, unknown>[],
  { settings: given }: Linked<GtmSettings>,
  headers?: Record<string, string>,
): Exchange<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const payload of payloads) {
    const answer = yield {
      method: 'POST',
      path: given.path,
      ...(given.measurementId && { query: { measurement_id: given.measurementId } }),
      headers,
      body: { json: payload },
    }
    outcomes.push(outcomeOf(answer, { isUnknownAfter5xx: true }))
  }
  return outcomes
}

// A container answers `ok` there without handling anything.
function* check({ settings: given }: Linked<GtmSettings>): Exchange<CheckResult> {
  const answer = yield { method: 'GET', path: '/healthy', isRepeatable: true }
  const outcome = outcomeOf(answer)
  if (outcome.kind === 'sent') return { ok: true, account: new URL(given.serverUrl).host }
  return {
    ok: false,
    problem: `The server container does not answer under this address. It said: ${outcome.words}`,
  }
}
