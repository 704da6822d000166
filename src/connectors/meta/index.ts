// Meta: conversions to a dataset (pixel) over the Conversions API.
import { z } from 'zod'
import { connector } from '../connector.ts'
import { defaults, standardEvents } from './events.ts'
import { MAX_AGE_IN_STORE_MS, MAX_AGE_MS, buildEvent } from './payload.ts'
import { qualityOf } from './quality.ts'
import { checkDataset, sendEvents } from './send.ts'

const settings = z.object({
  datasetId: z
    .string()
    .trim()
    .regex(/^\d{5,20}$/, 'is a number of 5 to 20 digits, shown in Events Manager')
    .meta({ label: 'Dataset id (pixel id)', example: '1234567890123456', sandbox: '2000000000000001' }),
  accessToken: z.string().trim().min(20, 'is longer than this').meta({
    label: 'Access token',
    secret: true,
    example: 'EAAExampleAccessToken00000',
    help: 'Events Manager, Settings, Generate access token.',
    sandbox: 'EAASANDBOXDATASET0000000000000001',
  }),
  limitedDataUse: z.enum(['never', 'when_refused', 'always']).default('when_refused').meta({
    label: 'Limited data use',
    help: 'For people in the United States: when they refused personalised ads, always, or never.',
  }),
  testCode: z
    .string()
    .trim()
    .regex(/^[A-Z0-9]{3,20}$/i, 'looks like TEST12345')
    .optional()
    .meta({
      label: 'Test code',
      example: 'TEST12345',
      help: 'For test sends only. Meta counts events with a test code for ads all the same.',
    }),
})
export type MetaSettings = z.output<typeof settings>

/** One event older than this answer is counted again: Meta recognises a repeat within 48 hours. */
const REPEAT_MS = 47 * 3_600_000

export const meta = connector({
  id: 'meta',
  name: 'Meta',
  summary: 'Sends conversions to Facebook and Instagram, server to server.',
  initials: 'Me',
  bases: { api: { variable: 'META_BASE_URL', url: 'https://graph.facebook.com' } },
  limits: { concurrency: 4 },
  settings,
  check: checkDataset,
  conversions: {
    purpose: 'ad_user_data',
    batchLimit: 1000,
    maxAgeMs: ({ parameters }) =>
      parameters.action_source === 'physical_store' ? MAX_AGE_IN_STORE_MS : MAX_AGE_MS,
    names: standardEvents,
    customName: /^.{1,50}$/,
    defaults,
    build: buildEvent,
    group: (payloads) => [payloads.map((_, place) => place)],
    send: (payloads, linked) => sendEvents(payloads, linked),
    *sendTest(payload, linked) {
      const { testCode } = linked.settings
      if (!testCode)
        return {
          kind: 'refused',
          words:
            'The connection has no test code: copy it from Test events in Events Manager into its settings.',
        }
      const [outcome] = yield* sendEvents([payload], linked, testCode)
      return outcome!
    },
    honoursRepeat: (payload, ageMs) => typeof payload.event_id === 'string' && ageMs < REPEAT_MS,
    repeatKey: ({ event_name: name, event_id: id }) => `${String(name)} ${String(id)}`,
    quality: (payload) => qualityOf(payload.user_data as Record<string, unknown>),
    doors: [
      { path: '/api/meta-pixel/track', id: 'trackToMeta', takes: 'one', summary: 'Send one event to Meta' },
      {
        path: '/api/meta-pixel/batch',
        id: 'batchToMeta',
        takes: 'many',
        summary: 'Send up to 100 events to Meta; one that cannot go holds no other up',
      },
      {
        path: '/api/meta-pixel/conversion',
        id: 'convertAtMeta',
        takes: 'one',
        name: 'Purchase',
        summary: 'Send a purchase to Meta',
      },
      {
        path: '/api/meta-pixel/test',
        id: 'testAtMeta',
        takes: 'test',
        summary: 'Send one event to Meta under the test code of the connection',
      },
      {
        path: '/api/meta-pixel/events',
        id: 'listMetaEvents',
        takes: 'list',
        summary: 'Events sent to Meta, newest first, with its answers',
      },
    ],
  },
})
