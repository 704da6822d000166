// How a move between stages reads. Pure.
import { eventLabel } from '../../../src/events/contract.ts'
import { stageLabels } from '../../../src/projections/lifecycle/contract.ts'
import type { StageMove } from '../../../src/projections/lifecycle/contract.ts'

/** What brought the lead there: “Requested a demo (rule: Asked for a demo)”, “an order”, or who decided and why. */
export function causeWords(move: StageMove, actor: string | undefined): string {
  if (move.kind === 'manual') return [actor ?? 'Somebody', move.reason].filter(Boolean).join(': ')
  const what = move.cause.kind === 'order' ? 'An order' : eventLabel(move.cause.name)
  return move.rule ? `${what} (${move.rule.name})` : what
}

/** “passed over Contacted and Qualified”; empty where nothing was. */
export function skippedWords({ skipped }: Pick<StageMove, 'skipped'>): string {
  const names = skipped.map((stage) => stageLabels[stage])
  const last = names.pop()
  if (last === undefined) return ''
  return `passed over ${names.length > 0 ? `${names.join(', ')} and ${last}` : last}`
}

/** `3 days`, `4 hours`, `less than an hour`. */
export function spanWords(days: number): string {
  const unit = (value: number, name: string) => `${value} ${name}${value === 1 ? '' : 's'}`
  if (days >= 2) return unit(Math.round(days), 'day')
  const hours = Math.round(days * 24)
  return hours >= 1 ? unit(hours, 'hour') : 'less than an hour'
}
