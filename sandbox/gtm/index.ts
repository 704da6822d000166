// A GTM server container: its clients claim requests by path, and a preview header shows them to a tester.
import { isObject, json, parseJson, text, textOf } from '../frame/call.ts'
import type { Answer, Call, Json, JsonObject } from '../frame/call.ts'
import { createTally } from '../frame/tally.ts'
import type { Command, Panel, Vendor } from '../frame/vendor.ts'
import type { World } from '../frame/world.ts'

/** What a tester copies from the preview of the container under "Send requests manually". */
const PREVIEW_TOKEN = 'ZW52LTN8c2FuZGJveHxwcmV2aWV3LXRva2Vu'

/** Paths that a client of the container claims, and what that client answers. */
const CLAIMED: [string, number][] = [
  ['/mp/collect', 204],
  ['/g/collect', 204],
  ['/data', 200],
]

/** Requests shown in the preview. */
const PREVIEWED = 50

interface Counts {
  requests: number
  events: number
}

export function openGtm(world: World): Vendor {
  const claimed = new Map(CLAIMED)
  const counts = new Map<string, Counts>()
  const conversions = createTally()
  const preview: string[][] = []
  let unclaimed = 0

  const answer = (call: Call): Answer => {
    if (call.path === '/healthy') return text(200, 'ok')
    const status = claimed.get(call.path)
    if (status === undefined) {
      unclaimed++
      return { ...text(400, 'Bad Request'), note: `no client of the container claims ${call.path}` }
    }
    const token = call.headers['x-gtm-server-preview']
    if (token !== undefined && token !== PREVIEW_TOKEN)
      return { ...text(400, 'Bad Request'), note: 'the preview token is not, or no longer, valid' }
    const events = eventsIn(call)
    const count = counts.get(call.path) ?? { requests: 0, events: 0 }
    counts.set(call.path, count)
    count.requests++
    count.events += events.length
    for (const { name, id } of events) if (id !== '') conversions.take(`${name}\n${id}`, world.now())
    if (token !== undefined) {
      const names = events.map(({ name }) => name).join(', ')
      preview.unshift([new Date(world.now()).toISOString(), call.path, names])
      preview.length = Math.min(preview.length, PREVIEWED)
    }
    const note = token === undefined ? '' : 'shown in the preview'
    return status === 204 ? { status, note } : { ...json(status, {}), note }
  }

  const control = (command: Command): Answer | undefined => {
    if (`${command.method} ${command.path}` !== 'POST /clients') return undefined
    const path = textOf(command.fields.path)
    if (!path.startsWith('/')) return json(400, { error: 'The path of a client begins with a slash.' })
    claimed.set(path, 200)
    return json(201, { path })
  }

  return {
    id: 'gtm',
    name: 'GTM server container',
    answer,
    tooMany: (_call, retryAfterS) => ({
      ...text(429, 'Too Many Requests'),
      headers: { 'retry-after': String(retryAfterS) },
    }),
    broken: (_call, status) => text(status, 'Server Error'),
    books: (query) => ({
      clients: Object.fromEntries(counts),
      unclaimed,
      previewed: preview.length,
      ...(query.get('keys') === 'true' && {
        conversions: conversions.list().map(({ key, ...told }) => {
          const [eventName = '', id = ''] = key.split('\n')
          return { eventName, id, ...told }
        }),
      }),
    }),
    control,
    panel: () => panelOf(claimed, counts, preview),
    reset() {
      claimed.clear()
      for (const [path, status] of CLAIMED) claimed.set(path, status)
      counts.clear()
      conversions.clear()
      preview.length = 0
      unclaimed = 0
    },
  }
}

interface Received {
  name: string
  /** of the transaction, else of the event; empty without either */
  id: string
}

function eventsIn(call: Call): Received[] {
  if (call.path === '/g/collect')
    return [{ name: call.query.get('en') ?? '', id: call.query.get('ep.transaction_id') ?? '' }]
  const payload = parseJson(call.body)
  if (!isObject(payload)) return []
  const events: (Json | undefined)[] = Array.isArray(payload.events) ? payload.events : [payload]
  return events.filter(isObject).map((event) => {
    const params: JsonObject = isObject(event.params) ? event.params : event
    return {
      name: textOf(event.name) || textOf(event.event_name) || textOf(event.event),
      id: textOf(params.transaction_id) || textOf(params.event_id),
    }
  })
}

function panelOf(claimed: Map<string, number>, counts: Map<string, Counts>, preview: string[][]): Panel {
  return {
    tables: [
      {
        title: 'What to type into the product',
        rows: [
          ['Preview header', PREVIEW_TOKEN],
          ['Paths that a client claims', [...claimed.keys()].join(', ')],
        ],
      },
      {
        title: 'Claimed by path',
        columns: ['Path', 'Requests', 'Events'],
        rows: [...counts].map(([path, count]) => [path, count.requests, count.events]),
      },
      { title: 'Preview', columns: ['At', 'Path', 'Events'], rows: preview },
    ],
    actions: [
      {
        title: 'Another client',
        path: '/gtm/clients',
        button: 'Add',
        fields: [{ name: 'path', label: 'Path', value: '/collect' }],
      },
    ],
  }
}
