// The jobs of every module, by name, and what runs by the clock.
import { setImmediate as breathe } from 'node:timers/promises'
import { conversionShippers, conversionTasks } from './activation/conversions/index.ts'
import { shopShippers, shopWriteCron, shopWriteTasks } from './activation/shop-writes/index.ts'
import { accountTasks, tidyAccounts } from './accounts/index.ts'
import { cartCron, cartTasks } from './commerce/carts/index.ts'
import { connectionCron, connectionTasks } from './connectors/index.ts'
import { deliveryCron, deliveryTasks, forgettingCron } from './deliveries/index.ts'
import { webhookShippers } from './deliveries/webhooks/index.ts'
import { demoTasks } from './demo/jobs.ts'
import { forgetClosedBatches } from './events/index.ts'
import { feedAliases } from './identity/index.ts'
import { formCron, formTasks } from './forms/index.ts'
import { rehearsalTasks } from './import-rehearsal.ts'
import { importTasks, sweepImports } from './imports/index.ts'
import { inboundCron, inboundTasks } from './inbound/index.ts'
import { turnInboxDays } from './ingest/index.ts'
import { reactions } from './flow.ts'
import { leadSourceCrons, leadSourceTasks } from './lead-sources/index.ts'
import { bulkTasks, duplicateCron, duplicateTasks, eraseTasks, fieldTasks } from './leads/index.ts'
import { forgetReplies } from './platform/idempotency.ts'
import type { Task } from './platform/jobs.ts'
import type { Services } from './platform/services.ts'
import { refoldActivity } from './projections/activity/index.ts'
import { attributionCron, attributionTasks } from './projections/attribution/index.ts'
import { noticeCron, noticeTasks } from './notices/index.ts'
import { forgetInLog } from './projections/history/index.ts'
import { journeyCron, journeyTasks } from './projections/journey/index.ts'
import { readMoves } from './projections/lifecycle/index.ts'
import { scoreTasks } from './projections/score/index.ts'
import { predictionCron, predictionTasks } from './projections/score/prediction/index.ts'
import { scoringMany } from './rescore.ts'
import { standingOnDays, workingOut } from './past-days.ts'
import { segmentCron, segmentTasks } from './segments/index.ts'
import { shopCron, shopTasks } from './shop-jobs.ts'
import { snapshotCron, snapshotTasks } from './snapshots/index.ts'
import { purgeTeam } from './team-purge.ts'

/** How long things are kept, in days. */
export const KEEP = { payloadDays: 14, keyDays: 30, closedBatchDays: 30, replyDays: 1, mailDays: 30 }

/** What each job does with its payload. */
export function tasks(services: Services): Record<string, Task> {
  return {
    'projections.refold': async (payload) => {
      const { workspaceId, leadIds } = payload as { workspaceId: string; leadIds: string[] }
      if (!(await refoldActivity(services.db, services.clickhouse, workspaceId, leadIds))) {
        throw new Error('the log does not have every event yet')
      }
    },
    'projections.forget': async (payload) => {
      const { workspaceId, leadIds } = payload as { workspaceId: string; leadIds: string[] }
      await forgetInLog(services.clickhouse, workspaceId, leadIds)
    },
    'identity.feed_aliases': async () => feedAliases(services.db, services.clickhouse, services.clock()),
    'platform.tidy': async () => {
      await turnInboxDays(services.db, services.clock(), KEEP)
      await forgetClosedBatches(services.db, KEEP.closedBatchDays)
      await forgetReplies(services.db, KEEP.replyDays)
      await sweepImports(services)
      await tidyAccounts(services, KEEP.mailDays)
    },
    ...bulkTasks(services),
    ...fieldTasks(services),
    ...importTasks(services, reactions),
    ...rehearsalTasks(services),
    ...eraseTasks(services, reactions),
    ...duplicateTasks(services, reactions),
    'accounts.purge_team': ({ teamId }) => purgeTeam(services, String(teamId)),
    ...accountTasks(services),
    ...demoTasks(services),
    ...connectionTasks(services),
    ...leadSourceTasks(services, reactions),
    ...cartTasks(services),
    ...deliveryTasks(services, {
      ...conversionShippers,
      ...webhookShippers(services),
      ...shopShippers(services),
    }),
    ...conversionTasks(services),
    ...formTasks(services),
    ...noticeTasks(services),
    ...inboundTasks(services),
    ...journeyTasks(
      services,
      standingOnDays(services, () => breathe()),
    ),
    ...attributionTasks(
      services,
      (ids, workspaceId) => readMoves(services.db, workspaceId, ids),
      () => breathe(),
    ),
    ...scoreTasks(services, scoringMany(services)),
    ...predictionTasks(services, () => breathe()),
    ...segmentTasks(services),
    ...shopTasks(services),
    ...shopWriteTasks(services),
    ...snapshotTasks(
      services,
      workingOut(services, () => breathe()),
    ),
  }
}

export const cron = [
  { task: 'platform.tidy', match: '7 * * * *' },
  { task: 'leads.purge_bin', match: '23 2 * * *' },
  duplicateCron,
  connectionCron,
  cartCron,
  deliveryCron,
  ...leadSourceCrons,
  forgettingCron,
  formCron,
  noticeCron,
  inboundCron,
  { task: 'score.scales', match: '41 3 * * *' },
  segmentCron,
  ...shopCron,
  shopWriteCron,
  journeyCron,
  attributionCron,
  predictionCron,
  snapshotCron,
]
