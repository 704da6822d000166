// Prometheus metrics: what every process counts, under one registry.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export const registry = new Registry()
collectDefaultMetrics({ register: registry, prefix: 'throughline_' })

/** Items that passed each step of a flow, by what became of them there. */
export const stepItems = new Counter({
  name: 'throughline_step_items_total',
  help: 'Items by flow step and outcome (passed, dropped, parked)',
  labelNames: ['step', 'outcome', 'reason'],
  registers: [registry],
})

export const inboxAccepted = new Counter({
  name: 'throughline_inbox_accepted_total',
  help: 'Messages acknowledged at the door, by what became of them there (new, duplicate, refused)',
  labelNames: ['outcome'],
  registers: [registry],
})

export const inboxLagSeconds = new Gauge({
  name: 'throughline_inbox_lag_seconds',
  help: 'Age of the oldest message that waits in the inbox',
  registers: [registry],
})

export const openBatches = new Gauge({
  name: 'throughline_open_batches',
  help: 'Batches decided but not yet confirmed by ClickHouse',
  registers: [registry],
})

export const refusedEvents = new Gauge({
  name: 'throughline_refused_events',
  help: 'Events that ClickHouse refused for good and that wait for a person',
  registers: [registry],
})

export const batchSeconds = new Histogram({
  name: 'throughline_batch_seconds',
  help: 'Seconds that a batch took, by phase (decide, log)',
  labelNames: ['phase'],
  buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  registers: [registry],
})

export const httpSeconds = new Histogram({
  name: 'throughline_http_seconds',
  help: 'Seconds per HTTP request by route and status class',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.15, 0.5, 2, 10],
  registers: [registry],
})

export const jobsDone = new Counter({
  name: 'throughline_jobs_total',
  help: 'Jobs by task and outcome',
  labelNames: ['task', 'outcome'],
  registers: [registry],
})
