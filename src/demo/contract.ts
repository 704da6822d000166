// The nouns of the demo: what is asked of it, how it stands, and its endpoints. It lives in the test twin only.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'

/** What a demo is made of; the same four numbers and last day always give the same people and events. */
export const demoSizeSchema = z.object({
  seed: z.number().int().min(0).max(4_294_967_295).default(1).describe('another number, other people'),
  leads: z.number().int().min(10).max(1_000_000).default(500).describe('people who were seen at least once'),
  days: z.number().int().min(7).max(730).default(60).describe('how far back the events reach'),
  events: z
    .number()
    .int()
    .min(100)
    .max(10_000_000)
    .default(20_000)
    .describe('about how many calls; never fewer than the leads and their orders need'),
})
export type DemoSize = z.infer<typeof demoSizeSchema>

/** How a demo comes in: as calls through the inbox, like anybody's, or as the rows that these come to, which is quicker. */
export const demoWays = ['inbox', 'rows'] as const

/** Demos of so many events and more are written as rows unless told. */
export const ROWS_FROM_EVENTS = 100_000

/** A demo as it is asked for. */
export const demoWishSchema = demoSizeSchema.extend({
  endOn: z.iso.date().optional().describe('the last day, `YYYY-MM-DD`; today in UTC unless told'),
  way: z
    .enum(demoWays)
    .optional()
    .describe(
      `through the inbox, like anybody's calls, or written as the rows that they come to, into an empty twin; rows from ${ROWS_FROM_EVENTS.toLocaleString('en-US')} events on unless told`,
    ),
})
export type DemoWish = z.infer<typeof demoWishSchema>

/** How work stands: `failed` says why in `problem`; asking for the same again goes on where it failed or was `cancelled`. */
export const demoJobSchema = z.object({
  kind: z.enum(['seed', 'reset']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** calls taken in so far (seed), or tables emptied (reset), out of `total` */
  done: z.number().int(),
  total: z.number().int(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** what went wrong, in a sentence */
  problem: z.string().nullable(),
})
export type DemoJob = z.infer<typeof demoJobSchema>

export const demoSchema = z.object({
  /** the test twin that the demo lives in, whichever of the two was asked from */
  workspaceId: z.string(),
  workspaceSlug: z.string(),
  /** null: the twin holds no demo */
  seeded: demoSizeSchema
    .extend({
      /** the last day of the demo, `YYYY-MM-DD` in UTC */
      endOn: z.string(),
      /** as it came in */
      way: z.enum(demoWays).default('inbox'),
      seededAt: z.string(),
    })
    .nullable(),
  /** what the twin holds now, demo or not */
  counts: z.object({ leads: z.number().int(), orders: z.number().int() }),
  /** the running or latest piece of work; null where there never was one */
  job: demoJobSchema.nullable(),
})
export type Demo = z.infer<typeof demoSchema>

export const getDemo = endpoint({
  id: 'getDemo',
  method: 'GET',
  path: '/api/demo',
  access: { permission: 'settings.read' },
  summary: 'Whether the test twin holds demo data, what it holds, and how far a running seed or reset is',
  tag: 'Demo',
  reply: demoSchema,
})

export const seedDemo = endpoint({
  id: 'seedDemo',
  method: 'POST',
  path: '/api/demo/seed',
  access: { permission: 'demo.manage' },
  summary: 'Fill the test twin with demo data, in the background; ask GET /api/demo for its progress',
  tag: 'Demo',
  body: demoWishSchema,
  reply: demoSchema,
  status: 202,
})

export const cancelDemo = endpoint({
  id: 'cancelDemo',
  method: 'POST',
  path: '/api/demo/cancel',
  access: { permission: 'demo.manage' },
  summary: 'Stop loading demo data; what is there stays, and asking for the same demo again goes on with it',
  tag: 'Demo',
  reply: demoSchema,
})

export const resetDemo = endpoint({
  id: 'resetDemo',
  method: 'POST',
  path: '/api/demo/reset',
  access: { permission: 'demo.manage' },
  summary: 'Empty the test twin: leads, events, orders and all that was made of them, demo or not',
  tag: 'Demo',
  reply: demoSchema,
  status: 202,
})
