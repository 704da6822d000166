// Sends what changes owe to ClickHouse's copy of the leads, as long as the worker works.
import { feedLeadFacts } from './leads/index.ts'
import { isClickHouseUnreachable } from './platform/clickhouse.ts'
import { isPostgresUnreachable } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'

/**
 * Between two looks at what is owed. Changes of so long go together: a lead that is touched ten times is sent once, and
 * ClickHouse takes a thousand rows at little more than the price of one.
 */
const PAUSE_MS = 400
/** Between two turns for what changed many leads at once while a file is imported: the copy follows, the import goes first. */
const BULK_EVERY_MS = 5_000

/**
 * Feeds until stopped, through any outage of either store.
 * @param isImporting whether this process has a file in work
 */
export function startFactWork(services: Services, isImporting: () => boolean): { stop(): Promise<void> } {
  let stopping = false
  let bulkAt = performance.now()
  let wake: () => void = () => undefined
  const feeding = feedForever()

  async function feedForever(): Promise<void> {
    while (!stopping) {
      let waitMs = PAUSE_MS
      try {
        if (await feedLeadFacts(services, 'live')) waitMs = 0
        if (!isImporting() || performance.now() - bulkAt > BULK_EVERY_MS) {
          if (await feedLeadFacts(services, 'bulk')) waitMs = isImporting() ? PAUSE_MS : 0
          bulkAt = performance.now()
        }
      } catch (error) {
        waitMs = 1_000
        if (!isPostgresUnreachable(error) && !isClickHouseUnreachable(error))
          services.log.error({ err: error }, 'facts of leads could not be sent; they are tried again')
      }
      if (!stopping) await pause(waitMs)
    }
  }

  async function pause(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    async stop() {
      stopping = true
      wake()
      await feeding
    },
  }
}
