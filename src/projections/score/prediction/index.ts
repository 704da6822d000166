// The verbs of the prediction: what was learnt, the chance of a lead and why, training, and what is asked for.
import { record } from '../../../accounts/index.ts'
import type { Fact } from '../../../conditions/index.ts'
import { factsOfWorkspace, findLead } from '../../../leads/index.ts'
import type { LeadSubject } from '../../../leads/index.ts'
import { missing } from '../../../lib/refusal.ts'
import { inTransaction } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { Caller } from '../../../platform/server.ts'
import type { Services } from '../../../platform/services.ts'
import { loadHistories, readStates } from '../../history/index.ts'
import { horizonDays, targetWords } from './contract.ts'
import type { Prediction, PredictiveModel, Target } from './contract.ts'
import { predictionFacts } from './facts.ts'
import { queueTraining } from './jobs.ts'
import { convertedAtOf, leadFactsOf } from './lead.ts'
import { explained, momentOf } from './predict.ts'
import { presentModel } from './present.ts'
import { readModelInForce, readStartedAt, readTarget, readTraining, writeTarget } from './store.ts'

export { prediction } from './projection.ts'
export { predictionCron, predictionTasks } from './jobs.ts'
export { trainPrediction } from './train.ts'

/** The chance to convert as a fact of leads. */
export function readPredictionFacts(): Promise<readonly Fact<LeadSubject>[]> {
  return Promise.resolve(predictionFacts)
}

/** What is asked for, and what came of the newest training. */
export async function predictiveModel(db: Db, workspaceId: string): Promise<PredictiveModel> {
  const [target, training] = await Promise.all([readTarget(db, workspaceId), readTraining(db, workspaceId)])
  return {
    target,
    horizonDays,
    training: training
      ? {
          trainedAt: training.trainedAt.toISOString(),
          target: training.target,
          verdict: training.verdict,
          sentence: training.sentence,
          counted: training.counted,
          model: training.report && presentModel(training.report),
        }
      : null,
  }
}

/** Lets a workspace learn now. */
export async function trainNow(db: Db, workspaceId: string): Promise<{ queued: true }> {
  await queueTraining(db, workspaceId)
  return { queued: true }
}

/** Changes what is asked for; it is learnt at once. */
export async function chooseTarget(db: Db, caller: Caller, target: Target): Promise<{ target: Target }> {
  return inTransaction(db, async (tx) => {
    const before = await readTarget(tx, caller.workspaceId)
    if (before === target) return { target }
    await writeTarget(tx, caller.workspaceId, target)
    await queueTraining(tx, caller.workspaceId)
    await record(tx, {
      caller,
      action: 'predictive_target_chosen',
      subject: 'predictive_model',
      before: { target: before },
      after: { target },
    })
    return { target }
  })
}

/** Reasons that are told one by one. */
const REASONS = 12

/** The chance of a lead as of this hour, with its reasons, from its whole history. */
export async function predictionOf(
  { db, clickhouse, clock }: Services,
  workspaceId: string,
  id: string,
): Promise<Prediction> {
  const leadId = await findLead(db, workspaceId, id)
  const trained = await readModelInForce(db, workspaceId)
  if (!trained) {
    const training = await readTraining(db, workspaceId)
    return none(leadId, 'no_model', training?.sentence ?? NOT_LEARNT)
  }
  const [{ facts }, startedAt, { histories }, states] = await Promise.all([
    factsOfWorkspace(db, workspaceId),
    readStartedAt(db, workspaceId),
    loadHistories({ db, clickhouse }, workspaceId, [leadId], []),
    readStates(db, workspaceId, [leadId]),
  ])
  const [history] = histories
  if (!history) throw missing('lead', leadId)
  const { target, trainedAt } = trained
  if (convertedAtOf(target, history, states.get(leadId)?.facts ?? {}) !== null)
    return none(leadId, 'converted', CONVERTED[target])
  const lead = leadFactsOf(history, { facts, startedAt })
  if (!lead)
    return none(
      leadId,
      'not_known',
      'Nobody knows who this visitor is: a chance is predicted for known leads.',
    )
  const asOf = momentOf(clock().getTime())
  const found = explained(trained, lead, asOf, REASONS)
  return {
    leadId,
    status: 'predicted',
    sentence: `The chance to ${targetWords[target]} within ${horizonDays} days.`,
    prediction: {
      ...found,
      target,
      horizonDays,
      asOf: new Date(asOf).toISOString(),
      trainedAt: trainedAt.toISOString(),
    },
  }
}

const NOT_LEARNT =
  'Nothing was learnt of this workspace’s leads yet; that happens every Sunday night, or at once in the settings.'

const CONVERTED: Record<Target, string> = {
  order: 'This lead has ordered already: its lifetime value and churn risk say how it may go on.',
  opportunity: 'This lead is an opportunity already, or was one.',
}

function none(leadId: string, status: Prediction['status'], sentence: string): Prediction {
  return { leadId, status, sentence, prediction: null }
}
