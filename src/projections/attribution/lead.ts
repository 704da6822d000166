// The credit of one lead: worked out now, as it stands, and summed up by channel.
import { findLead } from '../../leads/index.ts'
import type { ReplyOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import { loadHistories, readPlace, readStates } from '../history/index.ts'
import { ruleModels } from './contract.ts'
import type * as endpoints from './endpoints.ts'
import type { CreditedConversion, Earned, LeadCredit } from './endpoints.ts'
import { creditsOf } from './lead-credits.ts'
import type { CreditRow } from './lead-credits.ts'
import { presentConversions } from './present.ts'
import { moneyPlace, movesOf, settingsInForce } from './projection.ts'
import type { AttributionSettings } from './settings.ts'
import { readCredits } from './store/credits.ts'
import { readLatestRuns } from './store/runs.ts'
import type { ReadMoves } from './what-if.ts'

/** What the credit of a lead needs of those beside and above. */
export interface AttributionDoors {
  /** has leads understood at once; false where that has to wait for the log */
  understandNow: (workspaceId: string, leadIds: string[]) => Promise<boolean>
  readMoves: ReadMoves
}

/** Works the credit of a lead out now; by other settings where those are given, which changes nothing that is kept. */
export async function calculate(
  services: Services,
  { understandNow, readMoves }: AttributionDoors,
  workspaceId: string,
  id: string,
  settings?: AttributionSettings,
): Promise<ReplyOf<typeof endpoints.calculateAttribution>> {
  const { db, clickhouse } = services
  const leadId = await findLead(db, workspaceId, id)
  const isWorkedOut = await understandNow(workspaceId, [leadId])
  if (!settings) return { ...(await leadCredit(services, workspaceId, leadId)), isWorkedOut }
  const place = await readPlace(db, workspaceId)
  const [{ histories }, states, money] = await Promise.all([
    loadHistories({ db, clickhouse }, workspaceId, [leadId], [], (ids) => readMoves(ids, workspaceId)),
    readStates(db, workspaceId, [leadId]),
    moneyPlace(db, workspaceId, place),
  ])
  const [history] = histories
  const state = states.get(leadId)
  const rows = history ? creditsOf(history, state ? movesOf(state) : [], settings, money).rows : []
  return {
    ...(await present(services, workspaceId, leadId, inOrder(rows), { settings, version: -1 })),
    isWorkedOut,
  }
}

/** The credit of a lead as it stands. Refuses (404) a lead that is not there. */
export async function leadCredit(services: Services, workspaceId: string, id: string): Promise<LeadCredit> {
  const leadId = await findLead(services.db, workspaceId, id)
  const [rows, inForce] = await Promise.all([
    readCredits(services.clickhouse, workspaceId, leadId),
    settingsInForce(services.db, workspaceId),
  ])
  return present(services, workspaceId, leadId, rows, inForce)
}

/** The same by goal and channel, amounts of different currencies apart. */
export async function leadCreditSummary(
  services: Services,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof endpoints.attributionSummary>> {
  const { leadId, models, conversions } = await leadCredit(services, workspaceId, id)
  const groups = new Map<string, CreditedConversion[]>()
  for (const conversion of conversions) {
    const key = JSON.stringify([conversion.goal, conversion.currency])
    groups.set(key, [...(groups.get(key) ?? []), conversion])
  }
  return { leadId, models, goals: [...groups.values()].map(summed) }
}

function summed(
  conversions: readonly CreditedConversion[],
): ReplyOf<typeof endpoints.attributionSummary>['goals'][number] {
  const channels = new Map<string, Record<string, Earned>>()
  for (const { touches } of conversions)
    for (const { channel, earned } of touches) {
      const sums = channels.get(channel) ?? {}
      channels.set(channel, sums)
      for (const [model, { minor, units }] of Object.entries(earned)) {
        const sum = sums[model] ?? { minor: 0, units: 0 }
        sums[model] = { minor: sum.minor + minor, units: sum.units + units }
      }
    }
  const lengths = conversions.flatMap(({ lengthDays }) => lengthDays ?? [])
  const [first, last] = [conversions[0], conversions.at(-1)]
  return {
    goal: first?.goal ?? '',
    currency: first?.currency ?? '',
    conversions: conversions.length,
    valueMinor: conversions.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
    firstAt: first?.convertedAt ?? '',
    lastAt: last?.convertedAt ?? '',
    lengthDays: lengths.length === 0 ? null : lengths.reduce((sum, days) => sum + days, 0) / lengths.length,
    channels: [...channels]
      .map(([channel, earned]) => ({ channel, earned }))
      .sort(
        (a, b) =>
          (b.earned.linear?.units ?? 0) - (a.earned.linear?.units ?? 0) || (a.channel < b.channel ? -1 : 1),
      ),
  }
}

async function present(
  { db }: Services,
  workspaceId: string,
  leadId: string,
  rows: readonly CreditRow[],
  { settings, version }: { settings: AttributionSettings; version: number },
): Promise<LeadCredit> {
  const [runs, { currency }] = await Promise.all([
    readLatestRuns(db, workspaceId),
    readPlace(db, workspaceId),
  ])
  const learned = new Map(runs.map(({ goal, found }) => [goal, found]))
  return {
    leadId,
    currency,
    settingsVersion: version,
    models: [...new Set([...settings.models, ...ruleModels])],
    learned: runs.map((run) => ({ goal: run.goal, runId: run.id, learnedAt: run.learnedAt.toISOString() })),
    conversions: presentConversions(rows, { currency, learned, settingsVersion: version }),
  }
}

function inOrder(rows: readonly CreditRow[]): CreditRow[] {
  return [...rows].sort((a, b) => a.convertedAt - b.convertedAt)
}
