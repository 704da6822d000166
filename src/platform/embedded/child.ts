// A store's server process that lives and dies with us: started, watched, started again after a crash, stopped.
import type { Log } from '../log.ts'
import { findFreePort } from './ports.ts'

/** A running server process. */
export interface Running {
  /** The server's own process. */
  pid: number
  /** Settles when the process is gone, with a word on how it went. */
  ended: Promise<string>
  /** Ends it in order; settles when it is gone. */
  stop(): Promise<void>
}

/** An embedded store as its caller sees it. The address and the password stay the same when it is started again. */
export interface EmbeddedStore {
  readonly url: string
  /** The server's present process; a new one after a crash. */
  readonly pid: number
  /** Ends the store for good; may be called twice. */
  stop(): Promise<void>
  /** Settles when the store is gone for good: undefined after `stop`, an error where it could not be started again. */
  readonly exited: Promise<Error | undefined>
}

export interface Watch {
  name: string
  log: Log
  start: () => Promise<Running>
  /** where it must listen again after a crash */
  port: number
  /** Told each new process id, the first one too. */
  onStarted?: (pid: number) => void
}

const ATTEMPTS = 8
/** A port that somebody else holds is waited for so many attempts; its holder rarely gives it back. */
const ATTEMPTS_ON_TAKEN_PORT = 3

/**
 * Starts a server and keeps it up until `stop`: after a crash it is started again, at most 8 times without success, and
 * fewer where another program has its port.
 */
export async function keepRunning(url: string, watch: Watch): Promise<EmbeddedStore> {
  let stopping = false
  let running = await watch.start()
  watch.onStarted?.(running.pid)

  const exited = (async (): Promise<Error | undefined> => {
    for (;;) {
      const how = await running.ended
      if (stopping) return undefined
      watch.log.error({ store: watch.name, how }, `${watch.name} ended unexpectedly; starting it again`)
      const next = await startAgain()
      if (next === undefined) return undefined
      if (next instanceof Error) return next
      running = next
      watch.onStarted?.(running.pid)
      watch.log.info({ store: watch.name }, `${watch.name} is back`)
      if (stopping) {
        await running.stop()
        return undefined
      }
    }
  })()

  async function startAgain(): Promise<Running | Error | undefined> {
    for (let attempt = 1; ; attempt++) {
      if (stopping) return undefined
      try {
        return await watch.start()
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error))
        watch.log.error(
          { store: watch.name, attempt, err: failure },
          `${watch.name} could not be started again`,
        )
        if (attempt === ATTEMPTS) return failure
        if (attempt >= ATTEMPTS_ON_TAKEN_PORT && (await findFreePort(watch.port)) !== watch.port)
          return new Error(`${watch.name} ended, and another program took its port ${watch.port} meanwhile`)
        await pause(Math.min(250 * 2 ** attempt, 10_000))
      }
    }
  }

  return {
    url,
    get pid() {
      return running.pid
    },
    exited,
    async stop() {
      stopping = true
      await running.stop()
      await exited
    },
  }
}

/** Settles after a while. */
export function pause(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeoutMs))
}
