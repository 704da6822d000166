// Attribution as a projection: the credits of each lead's conversions by the settings that its workspace adopted.
import { createHash } from 'node:crypto'
import type { Db } from '../../platform/postgres.ts'
import type { LeadHistory, LeadState, Prepared, Projection, Turn, Understood } from '../contract.ts'
import { readRulesInForce } from '../history/index.ts'
import { creditsOf } from './lead-credits.ts'
import type { LeadCredits } from './lead-credits.ts'
import type { MoneyPlace, StageMoveFacts } from './lead-journeys.ts'
import { converter } from './rates.ts'
import { attributionSettingsSchema, defaultAttributionSettings } from './settings.ts'
import type { AttributionSettings } from './settings.ts'
import { removeCredits, writeCredits } from './store/credits.ts'
import { readRates } from './store/money.ts'

/** What `lead_states` keeps: how many rows stand in ClickHouse, and a digest of them, so that the same are not written again. */
export interface AttributionDetails {
  rows: number
  paths: number
  digest: string
  settingsVersion: number
}

export const attribution: Projection = {
  name: 'attribution',
  async prepare(turn): Promise<Prepared> {
    const { tx, workspaceId } = turn
    const [{ version, settings }, place] = await Promise.all([
      settingsInForce(tx, workspaceId),
      moneyPlace(tx, workspaceId, turn),
    ])
    const made = new WeakMap<LeadHistory, LeadCredits>()
    return {
      needs: [],
      fold: (history, state) => ({
        facts: {},
        // Worked out where it is asked for: whoever tries a part of a history needs no credits.
        get details(): AttributionDetails {
          const credits = creditsOf(history, movesOf(state), settings, place)
          made.set(history, credits)
          const digest = createHash('sha1').update(JSON.stringify(credits)).digest('base64')
          return { rows: credits.rows.length, paths: credits.paths.length, digest, settingsVersion: version }
        },
      }),
      save: (understood) => save(turn, understood, made),
      forget: (leadIds) => removeCredits(turn, workspaceId, leadIds),
    }
  },
}

/** The settings that a workspace goes by; version 0 are those in code. */
export async function settingsInForce(
  db: Db,
  workspaceId: string,
): Promise<{ version: number; settings: AttributionSettings }> {
  const stored = await readRulesInForce(db, workspaceId, 'attribution')
  return {
    version: stored?.version ?? 0,
    settings: stored ? attributionSettingsSchema.parse(stored.rules) : defaultAttributionSettings,
  }
}

/** Where a workspace counts amounts, by the rates that it entered. */
export async function moneyPlace(
  db: Db,
  workspaceId: string,
  { timeZone, currency }: Pick<MoneyPlace, 'timeZone' | 'currency'>,
): Promise<MoneyPlace> {
  return { timeZone, currency, convert: converter(await readRates(db, workspaceId), currency) }
}

/** The moves that the lifecycle made of a lead. */
export function movesOf(state: Readonly<LeadState>): readonly StageMoveFacts[] {
  const way = state.details.lifecycle as { moves: StageMoveFacts[] } | undefined
  return way?.moves ?? []
}

// What stands already is not written again, but for a refill: then the copy may have lost what it had.
async function save(
  turn: Turn,
  understood: readonly Understood[],
  made: WeakMap<LeadHistory, LeadCredits>,
): Promise<void> {
  const none = { rows: 0, paths: 0, digest: '', settingsVersion: -1 }
  const changed = understood.flatMap(({ history, state, before }) => {
    const credits = made.get(history)
    const now = state.details.attribution as AttributionDetails
    const had = (before?.details.attribution as AttributionDetails | undefined) ?? none
    const stands = now.digest === had.digest && now.settingsVersion === had.settingsVersion
    if (!credits || (stands && turn.lane === 'live')) return []
    if (now.rows + now.paths + had.rows + had.paths === 0) return []
    return { leadId: history.leadId, ...credits, had }
  })
  if (changed.length === 0) return
  const version = (understood[0]?.state.details.attribution as AttributionDetails).settingsVersion
  await writeCredits(turn, turn.workspaceId, changed, version)
}
