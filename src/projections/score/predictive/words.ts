// Says in a marketer's words what a feature, a reason, a leak or a drift is.
import { isMissing } from './columns.ts'
import type { Column } from './columns.ts'
import type { Feature, NumberCode } from './design.ts'
import type { Leak, LeakSign } from './leaks.ts'
import type { Model, Reasons } from './model.ts'

/** A feature behind its column's name: `is "cellular"`, `is missing`, `per standard deviation`. */
export function featureWords(feature: Feature): string {
  if (feature.is === 'category') return `is ${quoted(feature.value)}`
  if (feature.is === 'rare') return 'is a rare value'
  if (feature.is === 'missing') return 'is missing'
  if (feature.is === 'common') return `is ${number(feature.value)}, as for many`
  if (feature.is === 'number') return 'per standard deviation'
  if (feature.from === null) return `is below ${number(feature.to ?? 0)}`
  return feature.to === null
    ? `is ${number(feature.from)} or more`
    : `is ${number(feature.from)} to below ${number(feature.to)}`
}

/** What is so about a row that makes the contribution: `poutcome is "success"`, `balance is 2,143 (high)`. */
export function reasonWords(
  model: Model,
  columns: readonly Column[],
  row: number,
  contribution: Reasons['contributions'][number],
): string {
  const column = columns.find(({ name }) => name === contribution.column)
  const name = contribution.column
  if (!column || isMissing(column, row)) return `${name} is missing`
  if (column.kind === 'category') {
    const value = column.values[column.codes[row] as number] as string
    const isRare = contribution.features.some((feature) => feature.is === 'rare')
    return `${name} is ${quoted(value)}${isRare ? ', a rare value' : ''}`
  }
  const value = column.numbers[row] as number
  const code = model.design.codes.find((known) => known.column === name)
  return `${name} is ${number(value)}${code?.kind === 'number' ? levelOf(code, value) : ''}`
}

/** A leak in one sentence that says why, and what to do. */
export function leakSentence({ source, signs }: Leak): string {
  return `${source} ${signs.map(signWords).join('; it ')}. It was left out: a lead that is still open cannot have it. If it is known beforehand all the same, look at how it is filled in.`
}

/** 0.1234 as 12.3 %. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** A number with at most four figures behind the leading one: 2,143 or 0.01234. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}

function signWords(sign: LeakSign): string {
  switch (sign.sign) {
    case 'tells_alone':
      return `alone tells the outcome with an AUC of ${sign.auc.toFixed(3)}, far above the next best column (${sign.nextBest.toFixed(3)}), as a column does that the outcome itself fills in`
    case 'filled_by_outcome':
      return `is filled for ${percent(sign.filledOfConversions)} of the conversions and ${percent(sign.filledOfOthers)} of the others`
    case 'changed_after_outcome':
      return `was changed after the outcome for ${percent(sign.share)} of the conversions`
  }
}

function levelOf(code: NumberCode, value: number): string {
  if (code.common?.value === value) return ', as for many'
  if (code.number === null) return ''
  const { bend, centre, scale } = code
  const standard = ((bend ? Math.asinh((value - bend.origin) / bend.unit) : value) - centre) / scale
  return standard > 1 ? ' (high)' : standard < -1 ? ' (low)' : ''
}

function quoted(value: string): string {
  return `"${value.length > 60 ? `${value.slice(0, 60)}...` : value}"`
}
