// The asked demo as one value: its size, its days, its calendar of visits, and how dense they are.
import {
  demoChannels,
  flightEveryDays,
  flights,
  growth,
  mailWeekdays,
  weekdays,
  botShare,
} from './parameters.ts'
import type { DemoChannel, Rhythm } from './parameters.ts'

export interface DemoOptions {
  seed: number
  leads: number
  days: number
  /** calls aimed at; 40 a lead unless told */
  events?: number
  /** the last day of the demo, `YYYY-MM-DD` */
  endOn: string
  /** ISO 4217 code of all amounts; USD unless told */
  currency?: string
}

export interface World {
  seed: number
  people: number
  bots: number
  days: number
  /** the instant (ms) at which the first day begins in UTC */
  startAt: number
  /** the instant (ms) at which the last day ends in UTC; nothing of the demo is later */
  endAt: number
  currency: string
  /** mean visits of a shopper of mean interest in 30 days */
  density: number
  /** by how much visits are shorter than usual, where fewer than 20 calls a lead are asked; 1 for not at all */
  depth: number
  /** by rhythm and channel: `sums[d]` is the weight of the days before day d, the mean day weighing 1 */
  calendar: Record<Rhythm, Record<DemoChannel, Float64Array>>
}

/** Builds the world of the options at a given density of visits; `worldFor` finds the one that the asked events need. */
export function worldOf(options: DemoOptions, density: number): World {
  const bots = Math.round(options.leads * botShare)
  const endAt = Date.parse(`${options.endOn}T00:00:00.000Z`) + dayMs
  const startAt = endAt - options.days * dayMs
  return {
    seed: options.seed,
    people: options.leads - bots,
    bots,
    days: options.days,
    startAt,
    endAt,
    currency: options.currency ?? 'USD',
    density,
    depth: Math.max(0.2, Math.min(1, (callsPerLead(options) / 20) ** 1.6)),
    calendar: {
      consumer: calendarOf('consumer', options.days, startAt),
      business: calendarOf('business', options.days, startAt),
    },
  }
}

/** The calls asked for, by lead. */
export function callsPerLead(options: DemoOptions): number {
  return (options.events ?? options.leads * 40) / options.leads
}

export const dayMs = 86_400_000

/** The weekday of a day of the world, Sunday 0. */
export function weekdayOf(world: Pick<World, 'startAt'>, day: number): number {
  return new Date(world.startAt + day * dayMs).getUTCDay()
}

function calendarOf(rhythm: Rhythm, days: number, startAt: number): Record<DemoChannel, Float64Array> {
  const sumsOf = (channel: DemoChannel): Float64Array => {
    const sums = new Float64Array(days + 1)
    for (let day = 0; day < days; day++) {
      const table = channel === 'Email' ? mailWeekdays : weekdays[rhythm]
      const rising = 1 + growth * ((day + 0.5) / days - 0.5)
      sums[day + 1] =
        (sums[day] ?? 0) +
        (table[weekdayOf({ startAt }, day)] ?? 1) * rising * flightFactor(channel, days - 1 - day)
    }
    return sums
  }
  return Object.fromEntries(demoChannels.map((channel) => [channel, sumsOf(channel)])) as Record<
    DemoChannel,
    Float64Array
  >
}

function flightFactor(channel: DemoChannel, daysBeforeLast: number): number {
  const inTurn = daysBeforeLast % flightEveryDays
  const flight = flights.find(
    (one) => one.channels.includes(channel) && inTurn <= one.from && inTurn >= one.to,
  )
  return flight?.factor ?? 1
}
