// Benches of segments: how long an event takes to move a lead, beside many segments and much traffic, and how long many take to fill.
import type { Condition } from '../src/conditions/contract.ts'
import { paced, quantile } from './figures.ts'
import { messageOf, post } from './messages.ts'
import type { Product } from './product.ts'

const VISITORS = 20_000
const WARM_SECONDS = 10
const PROBED = 'Bench: probed'

/**
 * At a steady rate of events and beside so many segments, how long an event takes until its lead is a member, as the API reads it;
 * looked at when the traffic has gone on for ten seconds.
 * @returns milliseconds at p99
 */
export async function liveMembership(
  product: Product,
  options: { segments: number; perSecond: number; seconds: number; probesPerSecond: number },
): Promise<{ p50Ms: number; p99Ms: number; probes: number }> {
  const probed: Condition = {
    event: 'Probe Sent',
    op: 'did',
    where: [{ property: 'total', type: 'number', op: 'at_least', value: 10 }],
  }
  await make(product, PROBED, probed)
  for (let i = 1; i < options.segments; i++) await make(product, `Bench ${i}`, conditionOf(i))
  const run = `g${Date.now().toString(36)}`
  const waits: number[] = []
  const probes: Promise<void>[] = []
  const background = paced(
    options.perSecond * (options.seconds + WARM_SECONDS),
    options.perSecond,
    async (i) => {
      const { type, ...message } = messageOf(i, run, VISITORS)
      await post(product, `/v1/${String(type)}`, message)
    },
  )
  await new Promise((resolve) => setTimeout(resolve, WARM_SECONDS * 1000))
  await paced(options.probesPerSecond * options.seconds, options.probesPerSecond, (i) => {
    probes.push(probe(product, `${run}-probe-${i}`).then((ms) => void waits.push(ms)))
    return Promise.resolve()
  })
  await Promise.all([background, ...probes])
  return { p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), probes: waits.length }
}

/** How long a new segment that every known lead fits takes until it holds them all. @returns seconds and members */
export async function fillSegment(product: Product): Promise<{ seconds: number; members: number }> {
  const startedAt = performance.now()
  const id = await make(product, 'Everybody known', { fact: 'isKnown', op: 'is_true' })
  const members = await filled(product, id)
  return { seconds: (performance.now() - startedAt) / 1000, members }
}

// Fields, counts, sums, windows, properties, orders, and a segment within a segment, in turn.
function conditionOf(i: number): Condition {
  const days = { count: 1 + (i % 30), unit: 'days' as const }
  const kinds: Condition[] = [
    { fact: 'country', op: 'any_of', value: [i % 2 === 0 ? 'DE' : 'FR'] },
    { event: 'page_viewed', op: 'count', test: { op: 'at_least', value: 1 + (i % 7) } },
    { event: 'order_completed', op: 'sum', of: 'total', test: { op: 'more_than', value: i * 10 } },
    { event: 'product_viewed', op: 'did', within: { op: 'in_last', value: days } },
    {
      and: [
        {
          event: 'page_viewed',
          op: 'did',
          where: [{ property: '$path', type: 'text', op: 'contains', value: String(i) }],
        },
        { not: { event: 'order_completed', op: 'did' } },
      ],
    },
    {
      and: [
        { fact: 'orderCount', op: 'at_least', value: 1 },
        { fact: 'lastSeenAt', op: 'in_last', value: days },
      ],
    },
    {
      or: [
        { fact: 'emailDomain', op: 'is', value: `d${i}.example` },
        { event: 'signed_up', op: 'last', test: { op: 'in_last', value: days } },
      ],
    },
  ]
  return kinds[i % kinds.length]!
}

async function make(product: Product, name: string, condition: Condition): Promise<string> {
  const made = await product.call('POST', '/api/segments', { name, condition })
  if (made.status !== 201)
    throw new Error(`a segment was answered with ${made.status}: ${JSON.stringify(made.body)}`)
  return (made.body as { id: string }).id
}

async function filled(product: Product, id: string): Promise<number> {
  for (let attempt = 0; attempt < 3_000; attempt++) {
    const { status, size } = (await product.call('GET', `/api/segments/${id}`)).body as {
      status: string
      size: number
    }
    if (status === 'live') return size
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the segment was not filled within five minutes')
}

// A person of their own per probe, who is looked for by what the API reads, through an index: a search of all leads every 25 ms
// took most of the processors' time.
async function probe(product: Product, id: string): Promise<number> {
  const startedAt = performance.now()
  await post(product, '/v1/track', {
    userId: id,
    messageId: id,
    event: 'Probe Sent',
    context: { traits: { email: `${id}@example.com` } },
    properties: { total: 12 },
  })
  for (;;) {
    const found = await product.postgres.pool.query(
      `select 1 from segment_members m join segments s on s.id = m.segment_id and s.name = $1
       join leads l on l.id = m.lead_id and l.workspace_id = s.workspace_id and (l.email collate "C") = $2`,
      [PROBED, `${id}@example.com`],
    )
    if (found.rowCount) return performance.now() - startedAt
    if (performance.now() - startedAt > 60_000) return 60_000
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
