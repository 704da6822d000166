// Bench of rescoring: every lead of the test twin is scored by changed rules, and the list is asked meanwhile.
import { quantile } from './figures.ts'
import type { Product } from './product.ts'

const TWIN = 'bench-test'

interface Run {
  id: string
  status: 'running' | 'done' | 'failed'
  total: number
  done: number
  error: string | null
}

/** Adopts rules under which everything counts a tenth more. @returns seconds until the last lead has them, and how the list answered */
export async function rescoreAll(
  product: Product,
): Promise<{ seconds: number; leads: number; listP95Ms: number }> {
  const { rules, version } = (await product.call('GET', '/api/lead-tracking/scoring-rules', undefined, TWIN))
    .body as { version: number; rules: { dimensions: Record<string, { rules: { points: number }[] }> } }
  for (const { rules: list } of Object.values(rules.dimensions))
    for (const rule of list) rule.points = Math.round(rule.points * 11) / 10
  const startedAt = performance.now()
  const adopted = await product.call(
    'POST',
    '/api/lead-tracking/scoring-rules/adopt',
    { rules, basedOn: version, note: 'Bench' },
    TWIN,
  )
  if (adopted.status !== 200)
    throw new Error(`the rules were answered with ${adopted.status}: ${JSON.stringify(adopted.body)}`)
  const { id } = (adopted.body as { run: Run }).run
  const waits: number[] = []
  for (;;) {
    const askedAt = performance.now()
    await product.call('GET', '/api/leads?limit=50', undefined, TWIN)
    waits.push(performance.now() - askedAt)
    const run = (
      await product.call('GET', `/api/lead-tracking/scoring/bulk-calculate/${id}`, undefined, TWIN)
    ).body as Run
    if (run.status === 'failed') throw new Error(`scoring failed: ${run.error}`)
    if (run.status === 'done') {
      const seconds = (performance.now() - startedAt) / 1000
      return { seconds, leads: run.done, listP95Ms: quantile(waits, 0.95) }
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
