// Tells webhooks of stages and scores that changed, where leads are understood: what bulk work moved is no news.
import type { FactState } from '../../leads/index.ts'
import type { Prepared, Projection, Turn, Understood } from '../../projections/contract.ts'
import { readReadings, readScore } from '../../projections/score/index.ts'
import { insertNews, readSubscriptions } from './store.ts'
import type { News, Subscription } from './store.ts'

/** Works after all projections whose states it compares. */
export const webhookNews: Projection = {
  name: 'webhooks',
  async prepare(turn) {
    const { tx, workspaceId, lane } = turn
    const subscriptions = lane === 'bulk' ? [] : await readSubscriptions(tx, [workspaceId])
    const wanted = subscriptions.filter(({ types }) =>
      types.some((type) => type === 'lead.stage_changed' || type === 'lead.score_reached'),
    )
    return { ...NOTHING, ...(wanted.length > 0 && { save: await savingOf(turn, wanted) }) }
  },
}

const NOTHING: Prepared = { needs: [], fold: () => ({ facts: {} }) }

async function savingOf(
  { tx, workspaceId, now }: Turn,
  wanted: readonly Subscription[],
): Promise<NonNullable<Prepared['save']>> {
  const thresholds = wanted.flatMap(({ types, scoreFrom }) =>
    types.includes('lead.score_reached') ? [scoreFrom] : [],
  )
  const readings = thresholds.length > 0 ? await readReadings(tx, workspaceId) : []
  const scoreOf = (facts: FactState | undefined): number => {
    const reading = facts && readings.find(({ version }) => version === facts.score_version)
    return reading ? (readScore(facts, reading, now.getTime()).total ?? 0) : 0
  }
  return async (understood) => {
    const news = understood
      .filter(({ history }) => isTold(history))
      .flatMap((lead) => [
        ...stageNews(lead, now),
        ...scoreNews(lead, [scoreOf(lead.before?.facts), scoreOf(lead.state.facts)], thresholds, now),
      ])
    await insertNews(
      tx,
      news.map((one) => ({ ...one, workspaceId })),
    )
  }
}

type Told = Omit<News, 'workspaceId'>

// Visitors whom nobody knows are nobody's news.
function isTold({ subject }: Understood['history']): boolean {
  return subject.record.status === 'active' && Boolean(subject.record.is_known)
}

function stageNews({ history: { leadId }, state, before }: Understood, now: Date): Told[] {
  const from = before?.facts.stage ?? 'new'
  const to = state.facts.stage ?? 'new'
  if (from === to) return []
  const key = `lead.stage_changed:${leadId}:${state.facts.stage_since ?? ''}:${to}`
  return [{ type: 'lead.stage_changed', key, leadId, happenedAt: now, details: { from, to } }]
}

function scoreNews(
  { history: { leadId } }: Understood,
  [before, score]: [number, number],
  thresholds: readonly number[],
  now: Date,
): Told[] {
  if (!thresholds.some((from) => before < from && score >= from)) return []
  const key = `lead.score_reached:${leadId}:${now.getTime()}`
  const details = { score: Math.round(score * 10) / 10, before: Math.round(before * 10) / 10 }
  return [{ type: 'lead.score_reached', key, leadId, happenedAt: now, details }]
}
