// Markov models of order 2 and 3 on request: begun, worked resample by resample so that others have their turn, and shown.
import { newId } from '../../lib/ids.ts'
import type { BodyOf } from '../../lib/endpoint.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { readPlace } from '../history/index.ts'
import { learnOrder } from './higher-order.ts'
import { queueOrder } from './jobs.ts'
import type { OrderRun, learnAttributionOrder } from './order-endpoints.ts'
import { settingsInForce } from './projection.ts'
import { goalKey } from './settings.ts'
import { readPaths } from './store/credits.ts'
import { endOrder, insertOrder, noteOrder, readOrder, readOrders } from './store/orders.ts'
import type { StoredOrder } from './store/orders.ts'

const RESAMPLES = 200
const YEAR_MS = 365 * 86_400_000
export const ORDERS_KEPT_MS = 30 * 86_400_000
/** Journeys below which an order above 1 says little (it has more states than journeys to fill them). */
const ENOUGH_JOURNEYS = 10_000
/** How often it is noted how far the work is, and looked whether somebody stopped it. */
const NOTED_EVERY_MS = 1_000

/** Begins to learn an order. Refuses (400) a conversion that the settings do not name, and (409) a third one at a time. */
export async function beginOrder(
  { db, clock }: Services,
  { workspaceId, actor }: Caller,
  { order, goal: asked, intervals }: BodyOf<typeof learnAttributionOrder>,
): Promise<OrderRun> {
  const now = clock()
  const { version, settings } = await settingsInForce(db, workspaceId)
  const goals = settings.goals.map(goalKey)
  const goal = asked ?? goals[0] ?? 'order'
  if (!goals.includes(goal))
    throw new Refusal(
      'goal_unknown',
      400,
      `The settings of attribution name no conversion ${goal}: choose one of ${goals.join(', ')}.`,
    )
  const begun: StoredOrder = {
    id: newId(),
    workspaceId,
    goal,
    order,
    version,
    status: 'running',
    resamples: intervals ? RESAMPLES : 0,
    drawn: 0,
    tookMs: 0,
    found: null,
    createdBy: actor,
    createdAt: now,
    finishedAt: null,
  }
  await inTransaction(db, async (tx) => {
    const running = (await readOrders(tx, workspaceId, new Date(now.getTime() - ORDERS_KEPT_MS))).filter(
      ({ status }) => status === 'running',
    )
    if (running.length >= 2)
      throw new Refusal(
        'orders_running',
        409,
        'Two models are being learned already. Wait until one has ended, or stop it.',
      )
    await insertOrder(tx, begun)
    await queueOrder(tx, workspaceId, begun.id)
  })
  return present(begun)
}

/** @param breathe lets others have their turn */
export async function workOrder(
  { db, clickhouse, clock }: Services,
  workspaceId: string,
  id: string,
  breathe: () => Promise<unknown>,
): Promise<void> {
  const one = await readOrder(db, workspaceId, id)
  if (one?.status !== 'running') return
  const { currency } = await readPlace(db, workspaceId)
  const beganAt = clock().getTime()
  const since = new Date(beganAt - YEAR_MS)
  const journeys = await readPaths(clickhouse, workspaceId, { goal: one.goal, since, currency })
  const steps = learnOrder(journeys, one.order, one.resamples)
  let [drawn, notedAt] = [0, beganAt]
  for (;;) {
    const step = steps.next()
    const now = clock()
    const tookMs = now.getTime() - beganAt
    if (step.done)
      return endOrder(db, { id, drawn, tookMs, finishedAt: now, status: 'done', found: step.value })
    drawn = step.value
    await breathe()
    if (now.getTime() - notedAt < NOTED_EVERY_MS) continue
    if (!(await noteOrder(db, { id, drawn, tookMs }))) return
    notedAt = now.getTime()
  }
}

/** Those of 30 days. */
export async function listOrders({ db, clock }: Services, workspaceId: string): Promise<OrderRun[]> {
  const found = await readOrders(db, workspaceId, new Date(clock().getTime() - ORDERS_KEPT_MS))
  return found.map(present)
}

/** Stops one that runs; one that has ended stays as it is. Refuses (404) one that is not there. */
export async function cancelOrder(
  { db, clock }: Services,
  workspaceId: string,
  id: string,
): Promise<OrderRun> {
  const one = await readOrder(db, workspaceId, id)
  if (!one) throw missing('attribution_order', id)
  await endOrder(db, { ...one, status: 'cancelled', found: null, finishedAt: clock() })
  return present((await readOrder(db, workspaceId, id)) ?? one)
}

function present(one: StoredOrder): OrderRun {
  const { id, goal, order, resamples, drawn, status, version, createdBy, createdAt, finishedAt, found } = one
  return {
    id,
    goal,
    order,
    resamples,
    drawn,
    status,
    settingsVersion: version,
    createdBy,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    tookMs: one.tookMs,
    found: found && presentFound(found),
  }
}

function presentFound({ journeys, conversions, outcome }: NonNullable<StoredOrder['found']>) {
  const caution =
    journeys < ENOUGH_JOURNEYS
      ? `Orders above 1 want ${ENOUGH_JOURNEYS.toLocaleString('en-GB')} journeys; these are ${journeys.toLocaleString('en-GB')}.`
      : null
  if ('reason' in outcome)
    return {
      journeys,
      conversions,
      reason: outcome.reason,
      caution: null,
      states: 0,
      baseRate: null,
      channels: [],
    }
  const { channels, baseRate, states } = outcome
  return {
    journeys,
    conversions,
    reason: null,
    caution,
    states,
    baseRate,
    channels: channels.map(({ removalEffect, ...channel }) => ({
      ...channel,
      removalEffect: removalEffect ?? 0,
    })),
  }
}
