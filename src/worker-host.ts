// Hosts the worker's thread: asks it for its metrics, starts it again where it dies, and ends it in order.
import type { Worker as Thread } from 'node:worker_threads'
import type { MetricObject } from 'prom-client'
import { keepUp } from './platform/keep-up.ts'
import type { Patience } from './platform/keep-up.ts'
import type { Log } from './platform/log.ts'
import type { ThreadMessage } from './worker-thread.ts'

export interface WorkerHost {
  /** of the thread that runs now; nothing while none does */
  metrics(): Promise<MetricObject[]>
  /** settles with a sentence where the worker cannot be kept up */
  failed: Promise<Error>
  stop(): Promise<void>
}

/** Starts the worker's thread and keeps it up; throws where it does not start at all. */
export async function hostWorker(launch: () => Thread, log: Log, patience?: Patience): Promise<WorkerHost> {
  const kept = await keepUp('The worker', () => start(launch()), log, patience)
  return {
    failed: kept.failed,
    metrics: async () => (await kept.current()?.metrics()) ?? [],
    stop: () => kept.stop(),
  }
}

/** A store that went away may keep the thread from ending in order. */
const STOP_TIMEOUT_MS = 20_000

interface RunningThread {
  metrics(): Promise<MetricObject[]>
  failed: Promise<Error>
  stop(): Promise<void>
}

async function start(thread: Thread): Promise<RunningThread> {
  const waiting = new Map<number, (metrics: MetricObject[]) => void>()
  let nextId = 1
  let stopping = false
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  const failed = new Promise<Error>((resolve) => {
    thread.on('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))))
    thread.on('exit', (code) => {
      for (const answer of waiting.values()) answer([])
      waiting.clear()
      if (!stopping) resolve(new Error(`the worker ended with code ${code}`))
    })
  })
  const ready = new Promise<void>((resolve) => {
    thread.on('message', (message: { ready?: true; id?: number; metrics?: MetricObject[] }) => {
      if (message.ready) resolve()
      if (message.id !== undefined && message.metrics) {
        waiting.get(message.id)?.(message.metrics)
        waiting.delete(message.id)
      }
    })
  })
  await Promise.race([ready, failed.then((error) => Promise.reject(error))])
  let isGone = false
  void ended.then(() => (isGone = true))
  const tell = (message: ThreadMessage) => thread.postMessage(message)
  return {
    failed,
    metrics() {
      if (isGone) return Promise.resolve([])
      const id = nextId++
      tell({ ask: 'metrics', id })
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    async stop() {
      stopping = true
      if (!isGone) tell({ ask: 'stop' })
      const late = setTimeout(() => void thread.terminate(), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(late)
    },
  }
}
