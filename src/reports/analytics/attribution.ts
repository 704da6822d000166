// The tab Attribution: what each channel, source and campaign earned by every model, what was spent, and the journeys that led there.
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Services } from '../../platform/services.ts'
import { eventLabel } from '../../events/contract.ts'
import { UNATTRIBUTED, goalKey, modelLabels, ruleModels } from '../../projections/attribution/contract.ts'
import type { AttributionSettings, RuleModel, ShownModel } from '../../projections/attribution/contract.ts'
import {
  creditByLearned,
  listOrders,
  readLatestRuns,
  settingsInForce,
} from '../../projections/attribution/index.ts'
import type { Found } from '../../projections/attribution/index.ts'
import { orderTables } from './attribution-orders.ts'
import { attributionTables } from './attribution-tables.ts'
import { roiOf } from './attribution-earners.ts'
import type { Credit, CreditLine } from './attribution-earners.ts'
import { readCredited, readJourneys } from './credit.ts'
import type { Credited } from './credit.ts'
import type { Report, getAttribution } from './contract.ts'
import { reportOf, scopeOf } from './scope.ts'
import { readSpent } from './spent.ts'
import { behind, card, share } from './table.ts'

type Asked = QueryOf<typeof getAttribution>

/** Refuses (400) a conversion that the workspace's settings do not name. */
export async function readAttribution(
  services: Services,
  workspaceId: WorkspaceId,
  asked: Asked,
): Promise<Report> {
  const [scope, { settings, version }, runs, orders] = await Promise.all([
    scopeOf(services, workspaceId, asked),
    settingsInForce(services.db, workspaceId),
    readLatestRuns(services.db, workspaceId),
    listOrders(services, workspaceId),
  ])
  const { window, currency } = scope
  const { goal, countsValue } = goalOf(settings, asked.goal)
  const run = runs.find((one) => one.goal === goal)
  const wanted: ShownModel = asked.model ?? settings.models[0] ?? 'linear'
  const silent = isRule(wanted) ? null : whyNot(run?.found, wanted)
  const rules = settings.models.filter(isRule)
  const model: ShownModel = silent === null ? wanted : (rules[0] ?? 'linear')
  const models = [...new Set([model, ...settings.models])]
  // Data-driven models know channels alone: their sources and campaigns are those of the linear model.
  const ruled: RuleModel = isRule(model) ? model : 'linear'
  const others = new Set<RuleModel>([...rules, 'first', 'last'])
  others.delete(ruled)
  const [credited, journeys, spent, spentBefore] = await Promise.all([
    readCredited(scope, goal, [ruled, ...others]),
    readJourneys(scope, goal),
    readSpent(scope, window.now),
    window.before ? readSpent(scope, window.before) : undefined,
  ])
  const { channel: channels, source: sources, campaign: campaigns } = credited
  const { paths, converted, lengths, touched } = journeys
  const own = paths.filter((one) => one.currency === currency && one.path.length > 0)
  const learned = new Map(
    (['markov_1', 'shapley'] as const)
      .filter((one) => models.includes(one))
      .flatMap((one) => (run ? [[one, creditByLearned(one, run.found, own)] as const] : [])),
  )
  const credit = creditReader(channels, learned, currency)
  const names = [...new Set(channels.map(({ name }) => name))]
  const totals = (isNow: 0 | 1) => {
    const mine = converted.filter((one) => one.isNow === isNow && one.currency === currency)
    return {
      conversions: mine.reduce((sum, { conversions }) => sum + conversions, 0),
      minor: mine.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
    }
  }
  const [now, before] = [totals(1), totals(0)]
  const unattributed = credit('first', UNATTRIBUTED, 1)
  const length = (isNow: 0 | 1) => lengths.find((one) => one.isNow === isNow)
  const everything = behind('credited', JSON.stringify([goal, ruled, 'channel', null]))
  const roas = share(now.minor, spent.totalMinor)
  const customers = firstConversions(channels, 1) / 1e6
  const noted = [
    `Credit says which touches came before conversions, by rules or by what journeys have in common; only an experiment says what caused them. Credit is shared by ${version === 0 ? 'the settings that every workspace begins with' : `version ${version} of the settings`}.`,
    ...(learned.size > 0 && run
      ? [
          `Data-driven models learned from ${run.found.journeys} journeys on ${run.learnedAt.toISOString().slice(0, 10)} (run ${run.id}).`,
        ]
      : []),
    ...(silent === null ? [] : [`${modelLabels[wanted]} is not shown: ${silent}`]),
    ...(isRule(model)
      ? []
      : [`${modelLabels[model]} knows channels alone: sources and campaigns are shown by the linear model.`]),
    ...(spent.withoutRate.length > 0
      ? [
          `Spend in ${spent.withoutRate.join(', ')} has no rate to ${currency} and is left out. Enter one in the settings of attribution.`,
        ]
      : []),
  ]
  return reportOf(scope, {
    cards: [
      card(window, {
        id: 'conversions',
        label: goalLabel(goal),
        now: now.conversions,
        before: before.conversions,
        behind: everything,
      }),
      ...(countsValue
        ? [
            card(window, {
              id: 'value',
              label: 'Revenue',
              kind: 'money' as const,
              currency,
              about: 'net of refunds, tax and shipping',
              now: now.minor,
              before: before.minor,
              behind: everything,
            }),
          ]
        : []),
      card(window, {
        id: 'attributed',
        label: 'Led to by a touch',
        kind: 'share',
        now: share(now.conversions - unattributed.units / 1e6, now.conversions),
        before: share(before.conversions - credit('first', UNATTRIBUTED, 0).units / 1e6, before.conversions),
      }),
      card(window, {
        id: 'length',
        label: 'Journey, in the middle',
        kind: 'days',
        about: 'from first touch to conversion',
        now: length(1)?.days ?? null,
        before: length(0)?.days,
      }),
      card(window, {
        id: 'touches',
        label: 'Touches per conversion',
        kind: 'decimal',
        now: length(1)?.touches ?? null,
        before: length(0)?.touches,
      }),
      ...(spent.totalMinor > 0 || (spentBefore?.totalMinor ?? 0) > 0
        ? [
            card(window, {
              id: 'spend',
              label: 'Spend',
              kind: 'money' as const,
              currency,
              now: spent.totalMinor,
              before: spentBefore?.totalMinor,
            }),
            ...(countsValue
              ? [
                  card(window, {
                    id: 'roas',
                    label: 'ROAS',
                    kind: 'decimal' as const,
                    about: 'revenue per unit spent',
                    now: roas,
                    before: share(before.minor, spentBefore?.totalMinor ?? 0),
                  }),
                ]
              : []),
            ...(countsValue
              ? [
                  card(window, {
                    id: 'roi',
                    label: 'ROI',
                    kind: 'share' as const,
                    about:
                      settings.margin === 1
                        ? '(revenue − spend) ÷ spend'
                        : `(revenue × ${Math.round(settings.margin * 100)} % margin − spend) ÷ spend`,
                    now: roiOf(now.minor, spent.totalMinor, settings.margin),
                    before: roiOf(before.minor, spentBefore?.totalMinor, settings.margin),
                  }),
                ]
              : []),
            card(window, {
              id: 'cac',
              label: goal === 'lead' ? 'Cost per lead' : 'CAC',
              kind: 'money' as const,
              currency,
              about: goal === 'lead' ? 'spend per new lead' : 'spend per first conversion',
              now: customers > 0 ? Math.round(spent.totalMinor / customers) : null,
              before: null,
            }),
          ]
        : []),
    ],
    tables: [
      ...attributionTables({
        scope,
        goal,
        goalName: goalLabel(goal),
        model,
        ruled,
        models: models.filter((one) => isRule(one) || learned.get(one)?.size),
        countsValue,
        names,
        credit,
        sources: linesOf(sources, ruled, currency),
        campaigns: linesOf(campaigns, ruled, currency),
        paths,
        converted,
        touched,
        spent,
        run,
        margin: settings.margin,
        told: toldTouches(settings),
      }),
      ...orderTables(orders, goal),
    ],
    notes: noted,
  })
}

/** What a conversion is called in a report. */
export function goalLabel(goal: string): string {
  if (goal.startsWith('event:')) return eventLabel(goal.slice('event:'.length))
  return (
    { order: 'Orders', lead: 'New leads', opportunity: 'Opportunities', customer: 'Customers' }[goal] ?? goal
  )
}

/** The conversion that is asked for, or the settings’ first. Refuses (400) one that they do not name. */
export function goalOf(
  settings: AttributionSettings,
  asked: string | undefined,
): { goal: string; countsValue: boolean } {
  const found = settings.goals.find((goal) => asked === undefined || goalKey(goal) === asked)
  if (!found)
    throw new Refusal(
      'goal_unknown',
      400,
      `“${asked ?? ''}” is no conversion of this workspace. It counts ${settings.goals.map(goalKey).join(', ')}; others are chosen in the settings of attribution.`,
    )
  return { goal: goalKey(found), countsValue: found.counts === 'value' }
}

// Every chart says whose touches it counts.
function toldTouches({ lookbackDays, viewDays }: AttributionSettings): string {
  const age = lookbackDays === null ? 'Touches of any age' : `Touches of the ${lookbackDays} days before`
  return viewDays === null
    ? age
    : `${age}, and ads seen ${viewDays === 1 ? 'the day' : `${viewDays} days`} before`
}

export function isRule(model: ShownModel): model is RuleModel & ShownModel {
  return ruleModels.some((one) => one === model)
}

/** Why a data-driven model has nothing to show; null where it has. */
export function whyNot(found: Found | undefined, model: ShownModel): string | null {
  if (model !== 'markov_1' && model !== 'shapley') return null
  if (!found) return 'It learns each night from the journeys of the last year, and has not learned yet.'
  const learned = found[model]
  return 'reason' in learned ? learned.reason : null
}

// What has no touch is the same under every model, those that learn among them.
function creditReader(
  channels: readonly Credited[],
  learned: ReadonlyMap<ShownModel, ReadonlyMap<string, { minor: number; units: number }>>,
  currency: string,
): Credit {
  return (model, name, isNow) => {
    const ledger = learned.get(model)
    if (ledger && name !== UNATTRIBUTED) return isNow === 1 ? (ledger.get(name) ?? NOTHING) : NOTHING
    const mine = channels.filter(
      (one) => one.name === name && one.isNow === isNow && one.currency === currency,
    )
    return sumOf(mine, isRule(model) ? model : 'first')
  }
}

const NOTHING = { minor: 0, units: 0 }

function sumOf(rows: readonly Credited[], model: RuleModel): { minor: number; units: number } {
  return {
    minor: rows.reduce((sum, { minor }) => sum + (minor[model] ?? 0), 0),
    units: rows.reduce((sum, { units }) => sum + (units[model] ?? 0), 0),
  }
}

function firstConversions(channels: readonly Credited[], isNow: 0 | 1): number {
  return channels.reduce((sum, one) => (one.isNow === isNow ? sum + one.firstUnits : sum), 0)
}

function linesOf(rows: readonly Credited[], model: RuleModel, currency: string): CreditLine[] {
  return [...new Set(rows.map(({ name }) => name))].map((name) => {
    const of = (isNow: 0 | 1) =>
      sumOf(
        rows.filter((one) => one.name === name && one.isNow === isNow && one.currency === currency),
        model,
      )
    return { name, now: of(1), before: of(0) }
  })
}
