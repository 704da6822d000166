// The jobs of the demo: seeding, learning from what came in, and emptying, in the background.
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { runReset, runSeed } from './index.ts'
import { learnDemo } from './learning.ts'

interface Begun {
  twinId: string
  runId: string
}

/** Puts begun work on the queue, in the transaction that began it. */
export async function queueDemo(tx: Db, kind: 'seed' | 'reset', begun: Begun): Promise<void> {
  await enqueue(tx, `demo.${kind}`, { ...begun }, { maxAttempts: 5 })
}

/** What the demo's jobs do. A worker that dies leaves its job to another, which goes on. */
export function demoTasks(services: Services): Record<string, Task> {
  return {
    'demo.seed': async (payload) => {
      const { twinId, runId } = begunOf(payload)
      await runSeed(services, twinId, runId)
    },
    'demo.learn': async ({ twinId, step, until }) => {
      if (typeof twinId !== 'string' || typeof until !== 'number')
        throw new Error('no twin is named to learn')
      await learnDemo(services, { twinId, step: step === 'days' ? 'days' : 'models', until })
    },
    'demo.reset': async (payload) => {
      const { twinId, runId } = begunOf(payload)
      await runReset(services, twinId, runId)
    },
  }
}

function begunOf({ twinId, runId }: Record<string, unknown>): Begun {
  if (typeof twinId !== 'string' || typeof runId !== 'string')
    throw new Error('a demo job names no twin and run')
  return { twinId, runId }
}
