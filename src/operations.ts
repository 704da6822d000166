// Health, readiness and metrics, for those who run the product.
import type { FastifyInstance } from 'fastify'
import { AggregatorRegistry } from 'prom-client'
import type { MetricObject } from 'prom-client'
import { countRefusedEvents, openBatchState } from './events/index.ts'
import { inboxBacklog } from './ingest/index.ts'
import { answers } from './platform/clickhouse.ts'
import { registry } from './platform/metrics.ts'
import type { Services } from './platform/services.ts'

/** Asks another thread of this process for its metrics, as prom-client's JSON. */
export type MetricsSource = () => Promise<MetricObject[]>

/** Hangs `/healthz`, `/readyz` and `/metrics` on the server. */
export function operationRoutes(
  app: FastifyInstance,
  services: Services,
  workerMetrics?: MetricsSource,
): void {
  const open = { schema: { hide: true }, config: { rateLimit: false } }
  app.get('/healthz', open, () => ({ status: 'ok' }))
  app.get('/readyz', open, async (_request, reply) => {
    const readiness = await readReadiness(services)
    return reply.status(readiness.postgres === 'up' ? 200 : 503).send(readiness)
  })
  app.get('/metrics', open, async (_request, reply) => {
    const parts = [await registry.getMetricsAsJSON(), ...(workerMetrics ? [await workerMetrics()] : [])]
    const text = await AggregatorRegistry.aggregate(parts).metrics()
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text)
  })
}

export interface Readiness {
  status: 'ready' | 'degraded' | 'unavailable'
  postgres: 'up' | 'down'
  clickhouse: 'up' | 'down'
  inbox: { waiting: number; lagSeconds: number } | null
  log: { openBatches: number; lagSeconds: number; refusedEvents: number } | null
}

/** PostgreSQL must be up; without ClickHouse the product takes everything in and says that reports wait. */
export async function readReadiness(services: Services): Promise<Readiness> {
  const now = services.clock().getTime()
  const [clickhouse, backlog, batches, refusedEvents] = await Promise.all([
    answers(services.clickhouse),
    inboxBacklog(services.db).catch(() => null),
    openBatchState(services.db).catch(() => null),
    countRefusedEvents(services.db).catch(() => 0),
  ])
  const age = (at: Date | null) => (at ? Math.max(0, (now - at.getTime()) / 1000) : 0)
  return {
    status: backlog === null ? 'unavailable' : clickhouse ? 'ready' : 'degraded',
    postgres: backlog === null ? 'down' : 'up',
    clickhouse: clickhouse ? 'up' : 'down',
    inbox: backlog && { waiting: backlog.waiting, lagSeconds: age(backlog.oldestAt) },
    log: batches && { openBatches: batches.count, lagSeconds: age(batches.oldestAt), refusedEvents },
  }
}
