// What a model credits channels with: sums while journeys go by, and rows once they went.
import { COUNT_UNITS } from './allocate.ts'
import { UNATTRIBUTED } from './contract.ts'
import type { Interval, Intervals } from './intervals.ts'
import type { MarkovFit } from './markov.ts'

export interface ChannelCredit {
  channel: string
  /** real numbers, as the model has them */
  conversions: number
  valueMinor: number
  /** the credits of single conversions, each whole and adding up to its conversion, added up by channel */
  ledger: { countUnits: number; valueMinor: number }
  /** Markov: what share of conversions, and of value, would be lost without the channel */
  removalEffect?: number
  valueRemovalEffect?: number
  /** 95 % intervals of the channel's share of attributed conversions and value */
  intervals?: { conversions: Interval; value: Interval }
}

export interface Sums {
  conversions: Float64Array
  valueMinor: Float64Array
  ledgerUnits: Float64Array
  ledgerMinor: Float64Array
}

export function createSums(channels: number): Sums {
  const column = () => new Float64Array(channels)
  return { conversions: column(), valueMinor: column(), ledgerUnits: column(), ledgerMinor: column() }
}

/** The sums as rows by channel, and one for what no touch led to, where there is something. */
export function rowsOf(
  channels: readonly string[],
  sums: Sums,
  unattributed: { conversions: number; valueMinor: number },
  { found, drawn }: { found?: MarkovFit; drawn?: Intervals | null } = {},
): ChannelCredit[] {
  const rows = channels.map((channel, id): ChannelCredit => {
    const conversions = drawn?.conversions[id]
    const value = drawn?.value[id]
    return {
      channel,
      conversions: sums.conversions[id] ?? 0,
      valueMinor: sums.valueMinor[id] ?? 0,
      ledger: { countUnits: sums.ledgerUnits[id] ?? 0, valueMinor: sums.ledgerMinor[id] ?? 0 },
      ...(found
        ? {
            removalEffect: found.removalEffects[id] ?? 0,
            valueRemovalEffect: found.valueRemovalEffects[id] ?? 0,
          }
        : {}),
      ...(conversions && value ? { intervals: { conversions, value } } : {}),
    }
  })
  const { conversions, valueMinor } = unattributed
  if (conversions === 0 && valueMinor === 0) return rows
  const ledger = { countUnits: conversions * COUNT_UNITS, valueMinor }
  return [...rows, { channel: UNATTRIBUTED, conversions, valueMinor, ledger }]
}
