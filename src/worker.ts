// The worker: holds shards, takes what waits, decides it, sends decided batches to the log, and works the jobs.
import type pg from 'pg'
import { countRefusedEvents, openBatchState, sendOpenBatches } from './events/index.ts'
import { TakenTwice, inboxBacklog, shareShards, takeWaiting } from './ingest/index.ts'
import type { Arrival } from './ingest/contract.ts'
import { startFactWork } from './fact-work.ts'
import { startImportWork } from './import-work.ts'
import { workJobs } from './platform/jobs.ts'
import { inboxLagSeconds, openBatches, refusedEvents } from './platform/metrics.ts'
import { isPostgresUnreachable, openPostgres } from './platform/postgres.ts'
import type { Postgres } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { decideMessages } from './pipeline.ts'
import { SHOP_SOURCE, decideWebhooks } from './shop-pipeline.ts'
import { startShopWork } from './shop-work.ts'
import { cron, tasks } from './tasks.ts'
import { startWebhookWork } from './webhook-work.ts'

/** Messages in one batch. */
const BATCH_LIMIT = 2_000
/** A pause between batches while little comes in, so that single calls share a transaction. */
const PAUSE_MS = 60
/**
 * The pause grows with the batches that wait to be logged, up to here: ClickHouse takes a hundred rows at the price of ten, so
 * while it is slow, as beside bulk work, calls come there in few larger batches instead of standing in line in small ones.
 */
const LONGEST_PAUSE_MS = 1_000
/** Between two looks at who else works, and at what this worker still holds. */
const SHARE_EVERY_MS = 5_000

/** How long after a large batch the worker counts as busy. */
const BUSY_MS = 1_000

export interface Worker {
  /** Finishes what is in work and stops. */
  stop(): Promise<void>
}

/** Starts working; it goes on until stopped, through any outage of either store. */
export async function startWorker(services: Services, pool: pg.Pool, databaseUrl: string): Promise<Worker> {
  let stopping = false
  const jobs = await workJobs(pool, services.db, services.log, tasks(services), cron)
  const wakeSender = signal()
  let busyUntil = 0
  let waitingBatches = 0
  const imports = startImportWork(services)
  const shops = startShopWork(services)
  const facts = startFactWork(services, () => performance.now() < busyUntil)
  const webhooks = startWebhookWork(services)
  const deciding = decideForever()
  const sending = sendForever()
  const watching = setInterval(() => void observe(), 5_000)

  async function decideForever(): Promise<void> {
    let session: Postgres | undefined
    let shards: number[] = []
    let sharedAt = -Infinity
    let bulkDebtMs = 0
    while (!stopping) {
      try {
        session ??= openPostgres(databaseUrl, { max: 1, name: 'throughline-shards', idleTimeoutMs: 0 })
        if (shards.length === 0 || performance.now() - sharedAt > SHARE_EVERY_MS) {
          shards = await shareShards(session.db)
          sharedAt = performance.now()
        }
        const liveStartedAt = performance.now()
        const live = await takeWaiting(services.db, 'live', shards, BATCH_LIMIT)
        await decideArrivals(live)
        if (live.length > 0) wakeSender.ring()
        const liveMs = performance.now() - liveStartedAt
        // Bulk gets at most half the time: what it took is paid back by live work before it is let in again.
        bulkDebtMs = live.length === BATCH_LIMIT ? Math.max(0, bulkDebtMs - liveMs) : 0
        let bulk = 0
        if (bulkDebtMs === 0) {
          const bulkStartedAt = performance.now()
          bulk = await decideBulk(shards)
          bulkDebtMs = performance.now() - bulkStartedAt
          if (bulk > 0) wakeSender.ring()
        }
        if (live.length < BATCH_LIMIT / 4 && bulk === 0)
          await pause(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * Math.max(1, waitingBatches - 1)))
        else busyUntil = performance.now() + BUSY_MS
      } catch (error) {
        if (!isPostgresUnreachable(error) && !(error instanceof TakenTwice)) {
          services.log.error({ err: error }, 'the worker failed and goes on in a second')
        }
        shards = []
        await session?.close().catch(() => undefined)
        session = undefined
        await pause(1_000)
      }
    }
    await session?.close().catch(() => undefined)
  }

  async function decideBulk(shards: number[]): Promise<number> {
    const messages = await takeWaiting(services.db, 'bulk', shards, BATCH_LIMIT)
    await decideArrivals(messages)
    return messages.length + (await imports.work(shards)) + (await shops.work(shards))
  }

  async function decideArrivals(arrivals: Arrival[]): Promise<void> {
    await decideMessages(
      services,
      arrivals.filter(({ source }) => source !== SHOP_SOURCE),
    )
    await decideWebhooks(
      services,
      arrivals.filter(({ source }) => source === SHOP_SOURCE),
    )
  }

  async function sendForever(): Promise<void> {
    while (!stopping) {
      try {
        const report = await sendOpenBatches(services.db, services.clickhouse)
        waitingBatches = report.waiting
        for (const { id, words, attempts } of report.refused) {
          if (attempts === 1)
            services.log.error({ batch: id }, `ClickHouse refuses a batch, which waits: ${words}`)
        }
        if (report.isAway || (report.refused.length > 0 && report.closed === 0)) await pause(1_000)
        else if (report.closed === 0) await wakeSender.wait(250)
      } catch (error) {
        if (!isPostgresUnreachable(error)) services.log.error({ err: error }, 'a batch could not be logged')
        await pause(1_000)
      }
    }
  }

  async function observe(): Promise<void> {
    try {
      const backlog = await inboxBacklog(services.db)
      inboxLagSeconds.set(backlog.oldestAt ? (Date.now() - backlog.oldestAt.getTime()) / 1000 : 0)
      openBatches.set((await openBatchState(services.db)).count)
      refusedEvents.set(await countRefusedEvents(services.db))
    } catch {
      // The stores are away; the gauges keep their last value.
    }
  }

  return {
    async stop() {
      stopping = true
      clearInterval(watching)
      wakeSender.ring()
      await Promise.all([deciding, sending, facts.stop(), webhooks.stop(), jobs.stop()])
      await imports.close()
      await shops.close()
    },
  }
}

function pause(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeoutMs))
}

function signal(): { ring(): void; wait(timeoutMs: number): Promise<void> } {
  let wake: (() => void) | undefined
  let rung = false
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(timeoutMs) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, timeoutMs)
        })
      }
      rung = false
      wake = undefined
    },
  }
}
