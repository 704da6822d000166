// What channels, sources and campaigns earned by one model, beside what was spent on them: a table of the tab Attribution. Pure.
import type { RuleModel, ShownModel } from '../../projections/attribution/contract.ts'
import type { Found } from '../../projections/attribution/index.ts'
import type { Behind, ReportColumn, ReportRow, ReportTable } from './contract.ts'
import type { Converted, ConvertedPath, CreditDimension } from './credit.ts'
import type { Scope } from './scope.ts'
import type { Spent } from './spent.ts'
import { behind, column, share } from './table.ts'
import type { DaySpan } from './window.ts'

/** What a channel earned by a model, in the range (1) or the one before (0); units are millionths of a conversion. */
export type Credit = (model: ShownModel, channel: string, isNow: 0 | 1) => { minor: number; units: number }

export interface CreditLine {
  name: string
  now: { minor: number; units: number }
  before: { minor: number; units: number }
}

export interface CreditParts {
  scope: Scope
  goal: string
  goalName: string
  /** the one that is looked at, and the one by which sources and campaigns are */
  model: ShownModel
  ruled: RuleModel
  models: readonly ShownModel[]
  countsValue: boolean
  names: readonly string[]
  credit: Credit
  sources: readonly CreditLine[]
  campaigns: readonly CreditLine[]
  paths: readonly ConvertedPath[]
  converted: readonly Converted[]
  touched: ReadonlyMap<string, number>
  spent: Spent
  run: { found: Found } | undefined
  /** what is left of revenue once goods are paid, from 0 to 1 */
  margin: number
  /** whose touches count */
  told: string
}

export const UNITS = 1_000_000
const TOP_NAMES = 50

export const NO_CAMPAIGN = '(no campaign)'

/** What channels, sources or campaigns earned, beside what was spent on them. */
export function earners(
  parts: CreditParts,
  {
    id,
    label,
    dimension,
    lines,
    hasBefore,
    spent,
  }: Pick<ReportTable, 'id' | 'label'> & {
    dimension: CreditDimension
    lines: readonly CreditLine[]
    hasBefore: boolean
    spent: ReadonlyMap<string, number>
  },
): ReportTable {
  const { countsValue, scope } = parts
  // Data-driven models know channels alone.
  const model = dimension === 'channel' ? parts.model : parts.ruled
  const { currency, window } = scope
  const isCompared = hasBefore && window.before !== undefined
  const hasSpend = spent.size > 0
  const credited = new Set(lines.map(({ name }) => name))
  const nothing = { minor: 0, units: 0 }
  // What was spent on and earned nothing is what one most wants to see.
  const all = [
    ...lines,
    ...[...spent.keys()]
      .filter((name) => !credited.has(name))
      .map((name) => ({ name, now: nothing, before: nothing })),
  ]
  const total = all.reduce((sum, { now }) => sum + (countsValue ? now.minor : now.units), 0)
  const columns: ReportColumn[] = [
    column(dimension, { channel: 'Channel', source: 'Source', campaign: 'Campaign' }[dimension], 'text'),
    ...(countsValue
      ? [
          column('value', 'Revenue', 'money', currency),
          ...(isCompared ? [column('valueBefore', 'Revenue before', 'money', currency)] : []),
        ]
      : []),
    column('conversions', parts.goalName, 'decimal'),
    ...(isCompared ? [column('conversionsBefore', `${parts.goalName} before`, 'decimal')] : []),
    column('share', 'Share', 'share'),
    ...(hasSpend
      ? [
          column('spend', 'Spend', 'money', currency),
          ...(countsValue ? [column('roas', 'ROAS', 'decimal'), column('roi', 'ROI', 'share')] : []),
          column('cost', parts.goal === 'lead' ? 'Cost per lead' : 'Cost per conversion', 'money', currency),
        ]
      : []),
  ]
  const rows = all
    .filter(({ name, now, before }) => now.units !== 0 || before.units !== 0 || spent.has(name))
    .sort((a, b) => b.now.minor - a.now.minor || b.now.units - a.now.units || (a.name < b.name ? -1 : 1))
    .slice(0, TOP_NAMES)
    .map(({ name, now, before }): ReportRow => {
      const cost = spent.get(name)
      const open = whose(parts, dimension, name === NO_CAMPAIGN ? '' : name, model)
      const earlier = isCompared && window.before ? spanned(open, window.before) : undefined
      return {
        values: {
          [dimension]: name,
          value: now.minor,
          valueBefore: before.minor,
          conversions: now.units / UNITS,
          conversionsBefore: before.units / UNITS,
          share: share(countsValue ? now.minor : now.units, total),
          spend: cost ?? null,
          roas: cost ? now.minor / cost : null,
          roi: roiOf(now.minor, cost, parts.margin),
          cost: cost !== undefined && now.units > 0 ? Math.round((cost * UNITS) / now.units) : null,
        },
        behind: {
          value: open,
          conversions: open,
          share: open,
          ...(earlier ? { valueBefore: earlier, conversionsBefore: earlier } : {}),
        },
      }
    })
  return { id, label, about: parts.told, columns, rows: rows.map((row) => only(row, columns)) }
}

/** What comes back of each unit spent, beyond itself; null where nothing was spent. */
export function roiOf(minor: number, spentMinor: number | undefined, margin: number): number | null {
  return spentMinor ? (minor * margin - spentMinor) / spentMinor : null
}

/** The rows and leads behind a name’s credit. */
export function whose(
  { goal }: CreditParts,
  dimension: CreditDimension,
  name: string,
  model: ShownModel,
): Behind {
  return behind('credited', JSON.stringify([goal, model, dimension, name]))
}

function spanned(open: Behind, span: DaySpan): Behind {
  return behind(open.of, open.value, span)
}

function only(row: ReportRow, columns: readonly ReportColumn[]): ReportRow {
  return {
    ...row,
    values: Object.fromEntries(columns.map(({ key }) => [key, row.values[key] ?? null])),
  }
}
