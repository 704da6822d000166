// After a demo has come in, what is learned of nights is learned at once, so that there is something to see.
import { setImmediate as breathe } from 'node:timers/promises'
import { enqueue } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { learnFromJourneys } from '../projections/attribution/index.ts'
import { fitJourneys, queueJudging } from '../projections/journey/index.ts'
import { trainPrediction } from '../projections/score/prediction/index.ts'
import { queueRecount } from '../snapshots/index.ts'
import { isCopyOwed, readState } from './store.ts'

/** `models` once all leads are understood, then, once they are read by those, the days that led there are `days`. */
export type LearningStep = 'models' | 'days'

const RETRY_MS = 2_000
/** A twin whose copy is not filled by then, as where ClickHouse is away, learns at night as every other. */
const LONGEST_MS = 3_600_000

/** Lets a twin learn, once what came in is understood. */
export async function queueDemoLearning(
  db: Db,
  twinId: string,
  now: Date,
  step: LearningStep = 'models',
): Promise<void> {
  await enqueue(
    db,
    'demo.learn',
    { twinId, step, until: now.getTime() + LONGEST_MS },
    { key: `demo.learn:${twinId}`, runAt: new Date(now.getTime() + RETRY_MS), maxAttempts: 3 },
  )
}

/** Takes the step that is due, or looks again a little later. */
export async function learnDemo(
  services: Services,
  { twinId, step, until }: { twinId: string; step: LearningStep; until: number },
): Promise<void> {
  const { db, clock } = services
  const now = clock()
  // It may have been emptied meanwhile.
  if (!(await readState(db, twinId)).seeded) return
  if (await isCopyOwed(db, twinId)) {
    const again = { key: `demo.learn:${twinId}`, runAt: new Date(now.getTime() + RETRY_MS), maxAttempts: 3 }
    if (now.getTime() < until) await enqueue(db, 'demo.learn', { twinId, step, until }, again)
    return
  }
  if (step === 'days') return queueRecount(db, twinId)
  await learnFromJourneys(services, twinId)
  await trainPrediction(services, twinId, () => breathe())
  await fitJourneys(services, twinId)
  await queueJudging(db, twinId)
  await queueDemoLearning(db, twinId, clock(), 'days')
}
