// The settings of a workspace: read, adopted as the next version, and adopted from what was tried.
import { record } from '../../accounts/index.ts'
import { oweWorkspace } from '../../leads/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { Refusal } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { adoptRules, readPlace, readRuleSets } from '../history/index.ts'
import type * as endpoints from './endpoints.ts'
import { queueLearning } from './jobs.ts'
import { settingsInForce } from './projection.ts'
import { defaultAttributionSettings } from './settings.ts'
import { readLatestRuns } from './store/runs.ts'
import { findWhatIf } from './what-if.ts'

export async function attributionSettings(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof endpoints.getAttributionSettings>> {
  const [{ version, settings }, versions, { currency }, runs] = await Promise.all([
    settingsInForce(db, workspaceId),
    readRuleSets(db, workspaceId, 'attribution'),
    readPlace(db, workspaceId),
    readLatestRuns(db, workspaceId),
  ])
  return {
    version,
    settings,
    defaults: defaultAttributionSettings,
    currency,
    versions: [
      ...versions.map((one) => ({
        version: one.version,
        adoptedAt: one.adoptedAt.toISOString(),
        actor: one.actor,
        note: one.note,
      })),
      { version: 0, adoptedAt: null, actor: '', note: 'What every workspace begins with' },
    ],
    learned: runs.map(({ goal, id, learnedAt, found }) => ({
      goal,
      runId: id,
      learnedAt: learnedAt.toISOString(),
      journeys: found.journeys,
      conversions: found.conversions,
    })),
  }
}

/** Adopts settings; the credit of every lead is worked out anew in the background. Refuses (409) those made from an older version. */
export async function adoptSettings(
  { db, clock }: Services,
  caller: Caller,
  { settings, basedOn, note }: BodyOf<typeof endpoints.adoptAttributionSettings>,
): Promise<ReplyOf<typeof endpoints.adoptAttributionSettings>> {
  const { workspaceId, actor } = caller
  const adoptedAt = clock()
  const version = await inTransaction(db, async (tx) => {
    const before = await settingsInForce(tx, workspaceId)
    if (before.version !== basedOn)
      throw new Refusal(
        'settings_changed',
        409,
        'Somebody adopted other settings meanwhile. Load the page again, then make your changes to those.',
      )
    const written = await adoptRules(tx, {
      workspaceId,
      kind: 'attribution',
      rules: settings,
      actor,
      note,
      now: adoptedAt,
    })
    await record(tx, {
      caller,
      action: 'attribution_settings_adopted',
      subject: `attribution_settings:${written}`,
      before: { settings: before.settings },
      after: { settings },
    })
    await oweWorkspace(tx, workspaceId)
    await queueLearning(tx, workspaceId)
    return written
  })
  return { version, adoptedAt: adoptedAt.toISOString(), actor, note }
}

/** Adopts what was tried. Refuses (404) a try that is gone, and (409) one of an older version. */
export async function adoptWhatIf(
  services: Services,
  caller: Caller,
  id: string,
): Promise<ReplyOf<typeof endpoints.adoptAttributionWhatIf>> {
  const { settings, basedOn } = await findWhatIf(services, caller.workspaceId, id)
  return adoptSettings(services, caller, { settings, basedOn, note: 'Adopted from a try' })
}
