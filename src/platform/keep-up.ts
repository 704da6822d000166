// Keeps something up that may fail: started again after a while, given up where it fails again and again.
import type { Log } from './log.ts'

/** Something that runs until it fails or is stopped. */
export interface Running {
  /** settles with the reason where it cannot go on; else never */
  failed: Promise<Error>
  /** ends it, or what is left of it after a failure */
  stop(): Promise<void>
}

export interface Patience {
  /** quick failures in a row, after which it is given up */
  failures: number
  /** what ran for so long before it failed did not fail quickly */
  calmMs: number
  /** before the first new start; doubled with each quick failure */
  pauseMs: number
  longestPauseMs: number
}

export const PATIENCE: Patience = { failures: 8, calmMs: 60_000, pauseMs: 250, longestPauseMs: 10_000 }

export interface Kept<R> {
  /** what runs now; undefined between a failure and the next start */
  current(): R | undefined
  /** settles with a sentence where it was given up; else never */
  failed: Promise<Error>
  stop(): Promise<void>
}

/**
 * Starts it, and starts it again whenever it fails, until `stop`. Where the first start throws, so does this.
 * @param name as in "The worker": the beginning of a sentence
 */
export async function keepUp<R extends Running>(
  name: string,
  start: () => Promise<R>,
  log: Log,
  patience: Patience = PATIENCE,
): Promise<Kept<R>> {
  let current: R | undefined = await start()
  let startedAt = performance.now()
  let endPause: () => void = () => undefined
  const stopped = new Promise<undefined>((resolve) => (endPause = () => resolve(undefined)))
  const isStopped = { yet: false }
  let giveUp: (error: Error) => void = () => undefined
  const failed = new Promise<Error>((resolve) => (giveUp = resolve))

  const watching = (async () => {
    let failures = 0
    while (current) {
      const error = await Promise.race([current.failed, stopped])
      if (!error) return
      log.error({ err: error }, `${name} ended unexpectedly and is started again`)
      const broken = current
      current = undefined
      await broken.stop().catch((trouble: unknown) => log.error({ err: trouble }, `ending ${name}`))
      failures = performance.now() - startedAt > patience.calmMs ? 1 : failures + 1
      for (let last = error; !current; failures++) {
        if (failures >= patience.failures) {
          giveUp(new Error(`${name} failed ${failures} times in a row, the last time with: ${last.message}`))
          return
        }
        const pauseMs = Math.min(patience.pauseMs * 2 ** (failures - 1), patience.longestPauseMs)
        await Promise.race([new Promise((resolve) => setTimeout(resolve, pauseMs)), stopped])
        if (isStopped.yet) return
        try {
          current = await start()
          startedAt = performance.now()
          log.info(`${name} is back`)
          break
        } catch (trouble) {
          last = trouble instanceof Error ? trouble : new Error(String(trouble))
          log.error({ err: last }, `${name} could not be started again`)
        }
      }
    }
  })()

  return {
    current: () => current,
    failed,
    async stop() {
      isStopped.yet = true
      endPause()
      await watching
      await current?.stop()
    },
  }
}
