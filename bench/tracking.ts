// Benches of tracking: batches through to the log, single calls acknowledged after commit, freshness of a call.
import { ask } from '../src/platform/clickhouse.ts'
import { paced, quantile } from './figures.ts'
import { messageOf, post } from './messages.ts'
import type { Product } from './product.ts'

const VISITORS = 20_000

/** Batches of 100 at a steady rate; the value counts until the last event is in the log. @returns events per second */
export async function batchesThroughToLog(
  product: Product,
  options: { perSecond: number; seconds: number },
): Promise<number> {
  const run = `b${Date.now().toString(36)}`
  const total = options.perSecond * options.seconds
  const startedAt = performance.now()
  let refused = 0
  await paced(total / 100, options.perSecond / 100, async (i) => {
    const batch = Array.from({ length: 100 }, (_, k) => messageOf(i * 100 + k, run, VISITORS))
    const status = await post(product, '/v1/batch', { batch, sentAt: new Date().toISOString() })
    if (status !== 200) refused++
  })
  if (refused > 0) throw new Error(`${refused} batches were refused`)
  await inLog(product, run, total)
  return total / ((performance.now() - startedAt) / 1000)
}

/** Single calls over keep-alive connections, as fast as they are acknowledged. */
export async function singleCalls(
  product: Product,
  options: { connections: number; seconds: number },
): Promise<{ perSecond: number; lagSeconds: number; p99Ms: number }> {
  const run = `s${Date.now().toString(36)}`
  const startedAt = performance.now()
  const endsAt = startedAt + options.seconds * 1000
  const latencies: number[] = []
  let n = 0
  await Promise.all(
    Array.from({ length: options.connections }, async () => {
      while (performance.now() < endsAt) {
        const { type, ...message } = messageOf(n++, run, VISITORS)
        const from = performance.now()
        const status = await post(product, `/v1/${String(type)}`, message)
        if (status !== 200) throw new Error(`a call was answered with ${status}`)
        latencies.push(performance.now() - from)
      }
    }),
  )
  const perSecond = latencies.length / ((performance.now() - startedAt) / 1000)
  const drainFrom = performance.now()
  await inLog(product, run, latencies.length)
  return { perSecond, lagSeconds: (performance.now() - drainFrom) / 1000, p99Ms: quantile(latencies, 0.99) }
}

/** At a steady rate of events, how long a call takes until its lead's timeline shows it. @returns milliseconds at p99 */
export async function freshness(
  product: Product,
  options: { perSecond: number; seconds: number; probesPerSecond: number },
): Promise<{ p50Ms: number; p99Ms: number; probes: number }> {
  const run = `f${Date.now().toString(36)}`
  const waits: number[] = []
  const probes: Promise<void>[] = []
  const background = paced(options.perSecond * options.seconds, options.perSecond, async (i) => {
    const { type, ...message } = messageOf(i, run, VISITORS)
    await post(product, `/v1/${String(type)}`, message)
  })
  await paced(options.probesPerSecond * options.seconds, options.probesPerSecond, (i) => {
    probes.push(probe(product, `${run}-probe-${i}`).then((ms) => void waits.push(ms)))
    return Promise.resolve()
  })
  await Promise.all([background, ...probes])
  return { p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), probes: waits.length }
}

// A person of their own per probe, found and read through the API as a member would see it.
async function probe(product: Product, id: string): Promise<number> {
  const startedAt = performance.now()
  await post(product, '/v1/identify', { userId: id, messageId: id, traits: { email: `${id}@example.com` } })
  for (;;) {
    const list = (await product.call('GET', `/api/leads?search=${encodeURIComponent(`${id}@example.com`)}`))
      .body as {
      items: { id: string }[]
    }
    const lead = list.items?.[0]
    if (lead) {
      const timeline = (await product.call('GET', `/api/leads/${lead.id}/timeline`)).body as {
        items: unknown[]
      }
      if (timeline.items?.length > 0) return performance.now() - startedAt
    }
    if (performance.now() - startedAt > 60_000) return 60_000
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function inLog(product: Product, run: string, total: number): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    const waiting = await product.postgres.pool.query(
      'select (select count(*) from (select 1 from inbox where status = 0 limit 1) w) + (select count(*) from batches where closed_at is null) as n',
    )
    if (Number((waiting.rows[0] as { n: number }).n) === 0) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const [row] = await ask<{ events: number }>(
    product.clickhouse,
    'select count() as events from events where workspace_id = {w:UUID} and startsWith(anonymous_id, {run:String})',
    { w: product.workspaceId, run: `anon-${run}-` },
  )
  if (Number(row?.events) !== total)
    throw new Error(`the log has ${row?.events} events of ${total} acknowledged`)
}
