// Learns a workspace's chance to convert: reads its leads as they once stood, learns, keeps what came of it, has all predicted anew.
import { factsOfWorkspace, oweWorkspace, readToldAt } from '../../../leads/index.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { inTransaction } from '../../../platform/postgres.ts'
import type { Services } from '../../../platform/services.ts'
import { loadHistories, readStates } from '../../history/index.ts'
import { createSnapshots, fewestConversions, learn } from '../predictive/index.ts'
import type { Snapshots } from '../predictive/index.ts'
import { targetWords } from './contract.ts'
import type { Target } from './contract.ts'
import { convertedAtOf, leadFactsOf } from './lead.ts'
import {
  insertTraining,
  readLeadsToLearn,
  readModelInForce,
  readShare,
  readStartedAt,
  readTarget,
} from './store.ts'
import type { Training } from './store.ts'

/** Leads at most, about: steps of learning from more would hold up the events that come in meanwhile for many seconds. */
const SAMPLE = 10_000
/** Leads read at once. */
const PART = 1_000

/** Lets others have their turn between two steps of work. */
export type Breathe = () => Promise<void>

/** Learns from everybody known up to now, and keeps what came of it, be it that there is too little to learn from. */
export async function trainPrediction(
  services: Services,
  workspaceId: string,
  breathe: Breathe,
): Promise<Training> {
  const trainedAt = services.clock()
  const target = await readTarget(services.db, workspaceId)
  const snapshots = createSnapshots(trainedAt.getTime(), target)
  await gather(services, workspaceId, { target, snapshots, breathe })
  const training = {
    trainedAt,
    target,
    counted: snapshots.counted(),
    ...(await outcomeOf(snapshots, target, breathe)),
  }
  await inTransaction(services.db, async (tx) => {
    const before = await readModelInForce(tx, workspaceId)
    await insertTraining(tx, workspaceId, training)
    if (before || training.model) await oweWorkspace(tx, workspaceId)
  })
  return training
}

async function gather(
  { db, clickhouse }: Services,
  workspaceId: string,
  { target, snapshots, breathe }: { target: Target; snapshots: Snapshots; breathe: Breathe },
): Promise<void> {
  const [{ facts }, startedAt, share] = await Promise.all([
    factsOfWorkspace(db, workspaceId),
    readStartedAt(db, workspaceId),
    readShare(db, workspaceId, SAMPLE),
  ])
  for (let afterId: string | null = null; ;) {
    const ids: string[] = await readLeadsToLearn(db, workspaceId, { afterId, share, limit: PART })
    afterId = ids.at(-1) ?? null
    if (afterId === null) return
    const [{ histories }, states, told] = await Promise.all([
      loadHistories({ db, clickhouse }, workspaceId, ids, []),
      target === 'opportunity' ? readStates(db, workspaceId, ids) : new Map<string, never>(),
      readToldAt(db, workspaceId, ids),
    ])
    for (const history of histories) {
      const lead = leadFactsOf(history, { facts, startedAt }, told.get(history.leadId) ?? new Map())
      const state = states.get(history.leadId)?.facts ?? {}
      if (lead) snapshots.add({ ...lead, convertedAt: convertedAtOf(target, history, state) })
    }
    await breathe()
  }
}

type Outcome = Pick<Training, 'verdict' | 'sentence' | 'model' | 'shape' | 'report'>

async function outcomeOf(snapshots: Snapshots, target: Target, breathe: Breathe): Promise<Outcome> {
  const { open } = snapshots.counted()
  const { table, shape } = snapshots.finish()
  const conversions = table.outcomes.reduce((sum, outcome) => sum + outcome, 0)
  const none = { model: null, shape: null, report: null }
  if (Math.min(conversions, open - conversions) < fewestConversions)
    return { verdict: 'too_little_data', sentence: tooLittle(open, conversions, target), ...none }
  try {
    // Whom is not learnt from is counted apart.
    const steps = learn({ ...table, read: open, withoutOutcome: 0 })
    let step = steps.next()
    for (; !step.done; step = steps.next()) await breathe()
    const { report, learnt } = step.value
    return {
      verdict: 'trained',
      sentence: `Learnt from ${figure(open)} leads, ${figure(conversions)} of whom went on to ${targetWords[target]} within 90 days.`,
      model: learnt.model,
      shape,
      // The examples are persons.
      report: { ...report, examples: [] },
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { verdict: 'nothing_tells', sentence: error.message, ...none }
  }
}

function tooLittle(open: number, conversions: number, target: Target): string {
  const enough = `a chance is predicted from ${fewestConversions} of either outcome on. Until then the score by rules is the better guide.`
  if (open === 0) return `There is no lead yet whose 90 days are over: ${enough}`
  const others = open - conversions
  const found =
    conversions <= others
      ? `${figure(conversions)} went on to ${targetWords[target]}`
      : `only ${figure(others)} did not ${targetWords[target]}`
  return `Of ${figure(open)} ${open === 1 ? 'lead' : 'leads'} whose 90 days are over, ${found}: ${enough}`
}

function figure(value: number): string {
  return value.toLocaleString('en-US')
}
