// Benches of pages: a lead with 10,000 events.
import { messageOf, post } from './messages.ts'
import { quantile } from './figures.ts'
import type { Product } from './product.ts'

/** All calls that the lead page makes, one after the other as the browser waits for them. @returns milliseconds at p95 */
export async function leadPage(product: Product, events: number, loads: number): Promise<number> {
  const id = `page-${Date.now().toString(36)}`
  for (let n = 0; n < events; n += 100) {
    const batch = Array.from({ length: 100 }, (_, k) => ({
      ...messageOf(n + k, id, 1, new Date(Date.now() - (events - n - k) * 60_000)),
      type: 'page',
      userId: id,
      sentAt: undefined,
    }))
    await post(product, '/v1/batch', { batch })
  }
  await post(product, '/v1/identify', { userId: id, traits: { email: `${id}@example.com` } })
  const leadId = await findLead(product, `${id}@example.com`, events)
  const waits: number[] = []
  for (let load = 0; load < loads; load++) {
    const startedAt = performance.now()
    await Promise.all(
      ['', '/timeline', '/notes', '/consent'].map((part) =>
        product.call('GET', `/api/leads/${leadId}${part}`),
      ),
    )
    waits.push(performance.now() - startedAt)
  }
  return quantile(waits, 0.95)
}

async function findLead(product: Product, email: string, events: number): Promise<string> {
  for (;;) {
    const { body } = await product.call('GET', `/api/leads?search=${encodeURIComponent(email)}`)
    const lead = (body as { items: { id: string; eventCount: number }[] }).items[0]
    if (lead && lead.eventCount >= events) {
      const open = await product.postgres.pool.query('select 1 from batches where closed_at is null limit 1')
      if (open.rowCount === 0) return lead.id
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
