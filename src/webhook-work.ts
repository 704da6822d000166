// Tells webhooks what happened, within a second, as long as the worker works.
import { tellWebhooks } from './deliveries/webhooks/index.ts'
import { isPostgresUnreachable } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'

/** Between two looks: a point read of a table that is nearly always empty. */
const PAUSE_MS = 700

/** Tells until stopped, through any outage of the store. */
export function startWebhookWork(services: Services): { stop(): Promise<void> } {
  let stopping = false
  let wake: () => void = () => undefined
  const telling = tellForever()

  async function tellForever(): Promise<void> {
    while (!stopping) {
      let told = 0
      try {
        told = await tellWebhooks(services)
      } catch (error) {
        if (!isPostgresUnreachable(error))
          services.log.error({ err: error }, 'webhooks could not be told; they are told again')
      }
      if (told === 0 && !stopping)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, PAUSE_MS)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
  }

  return {
    async stop() {
      stopping = true
      wake()
      await telling
    },
  }
}
