// GA4: the Measurement Protocol, which answers 204 to anything, and its debug endpoint, which tells.
import { isObject, json, parseJson, text, textOf } from '../frame/call.ts'
import type { Answer, Call, Json, JsonObject } from '../frame/call.ts'
import { createTally } from '../frame/tally.ts'
import type { Command, Panel, Vendor } from '../frame/vendor.ts'
import type { World } from '../frame/world.ts'
import { nameProblem } from './validate-event.ts'
import { validate } from './validate.ts'

const STREAM = 'G-SANDBOX001'
const SECRET = 'sandbox-ga4-secret'

interface Counts {
  requests: number
  /** events recorded; purchases of one transaction_id once */
  recorded: number
  purchases: number
  duplicatePurchases: number
  /** recorded, though the debug endpoint would complain of the request */
  withComplaints: number
}

export function openGa4(world: World): Vendor {
  const secrets = new Map([[STREAM, SECRET]])
  const counts = new Map<string, Counts>()
  const dropped = new Map<string, number>()
  const purchases = createTally()

  const drop = (reason: string): string => {
    dropped.set(reason, (dropped.get(reason) ?? 0) + 1)
    return `not recorded: ${reason}`
  }

  const collect = (call: Call): Answer => {
    const stream = call.query.get('measurement_id') ?? ''
    const secret = secrets.get(stream)
    const payload = parseJson(call.body)
    const note = () => {
      if (secret === undefined) return drop('no such measurement_id')
      if (call.query.get('api_secret') !== secret) return drop('wrong api_secret')
      if (!isObject(payload)) return drop('no JSON')
      if (textOf(payload.client_id) === '') return drop('no client_id')
      if (!Array.isArray(payload.events)) return drop('no events')
      const count = countsOf(counts, stream)
      count.requests++
      const complaints = validate(call.body, world.now())
      const reasons = payload.events.map((event) => record(event, stream, count, complaints.length > 0))
      return [...reasons, ...complaints.map(({ fieldPath, description }) => `${fieldPath}: ${description}`)]
        .filter(Boolean)
        .join(' ')
    }
    return { status: 204, note: note() }
  }

  const record = (event: Json, stream: string, count: Counts, hasComplaints: boolean): string => {
    const name = isObject(event) ? textOf(event.name) : ''
    if (nameProblem(name)) return drop(`event name ${name || '(none)'} is not allowed`)
    const params: JsonObject = isObject(event) && isObject(event.params) ? event.params : {}
    const transaction = textOf(params.transaction_id)
    if (name === 'purchase') {
      if (transaction !== '' && !purchases.take(`${stream}\n${transaction}`, world.now())) {
        count.duplicatePurchases++
        return `purchase ${transaction} was recorded before`
      }
      count.purchases++
    }
    count.recorded++
    if (hasComplaints) count.withComplaints++
    return ''
  }

  const control = (command: Command): Answer | undefined => {
    if (`${command.method} ${command.path}` !== 'POST /streams') return undefined
    const stream = textOf(command.fields.measurementId)
    const secret = textOf(command.fields.apiSecret)
    if (!/^G-[A-Z0-9]{4,12}$/.test(stream) || secret === '')
      return json(400, { error: 'A stream has a measurementId such as G-SANDBOX002 and an apiSecret.' })
    secrets.set(stream, secret)
    return json(201, { measurementId: stream, apiSecret: secret })
  }

  return {
    id: 'ga4',
    name: 'GA4',
    answer(call) {
      if (call.method === 'POST' && call.path === '/mp/collect') return collect(call)
      if (call.method === 'POST' && call.path === '/debug/mp/collect')
        return json(200, { validationMessages: validate(call.body, world.now()) })
      return text(404, 'Not found')
    },
    tooMany: (_call, retryAfterS) => ({
      ...text(429, 'Too many requests'),
      headers: { 'retry-after': String(retryAfterS) },
    }),
    broken: (_call, status) => text(status, 'The server encountered an error.'),
    books: (query) => ({
      streams: Object.fromEntries(counts),
      dropped: Object.fromEntries(dropped),
      ...(query.get('keys') === 'true' && { purchases: purchasesOf(purchases.list()) }),
    }),
    control,
    panel: () => panelOf(secrets, counts, dropped),
    reset() {
      secrets.clear()
      secrets.set(STREAM, SECRET)
      counts.clear()
      dropped.clear()
      purchases.clear()
    },
  }
}

function countsOf(counts: Map<string, Counts>, stream: string): Counts {
  const known = counts.get(stream)
  if (known) return known
  const made = { requests: 0, recorded: 0, purchases: 0, duplicatePurchases: 0, withComplaints: 0 }
  counts.set(stream, made)
  return made
}

function purchasesOf(told: { key: string; times: number; firstAt: string }[]) {
  return told.map(({ key, times, firstAt }) => {
    const [measurementId = '', transactionId = ''] = key.split('\n')
    return { measurementId, transactionId, times, firstAt }
  })
}

function panelOf(
  secrets: Map<string, string>,
  counts: Map<string, Counts>,
  dropped: Map<string, number>,
): Panel {
  return {
    tables: [
      {
        title: 'What to type into the product',
        columns: ['Measurement id', 'API secret'],
        rows: [...secrets].map(([stream, secret]) => [stream, secret]),
      },
      {
        title: 'Recorded by measurement id',
        columns: [
          'Measurement id',
          'Requests',
          'Events',
          'Purchases',
          'Purchases told again',
          'With complaints',
        ],
        rows: [...counts].map(([stream, count]) => [
          stream,
          count.requests,
          count.recorded,
          count.purchases,
          count.duplicatePurchases,
          count.withComplaints,
        ]),
      },
      { title: 'Answered 204 and not recorded', columns: ['Why', 'Times'], rows: [...dropped] },
    ],
    actions: [
      {
        title: 'Another stream',
        path: '/ga4/streams',
        button: 'Add',
        fields: [
          { name: 'measurementId', label: 'Measurement id', value: 'G-SANDBOX002' },
          { name: 'apiSecret', label: 'API secret', value: SECRET },
        ],
      },
    ],
  }
}
