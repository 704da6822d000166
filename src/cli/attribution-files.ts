// The two kinds of files that attribution reads: rows of touches, and aggregated paths.
import { journeySettingsSchema } from '../projections/attribution/contract.ts'
import type { JourneySettings } from '../projections/attribution/contract.ts'
import {
  agesDays,
  collectPathRows,
  collectTouchRows,
  lengthDays,
  pathColumns,
  touchColumns,
} from '../projections/attribution/index.ts'
import type { Report } from '../projections/attribution/index.ts'
import { Refusal } from '../lib/refusal.ts'
import { count, readAs, showProgress } from './say.ts'
import type { TableFile } from './table-file.ts'

export interface ReadOptions {
  /** times as they are written, such as 30d or none */
  lookback: string
  repeat: JourneySettings['repeat']
  session: string
  separator: string
  zone: string
}

/** What a file gives, whichever kind it is. */
export interface ReadFile {
  channels: string[]
  decimals: number
  hasMilestones: boolean
  settings: object
  into(report: Report): void
  /** known once all went into a report */
  journeys(): JourneyFigures | null
  remarks(): string[]
}

export interface JourneyFigures {
  lengthDays: { mean: number; median: number; p90: number }
  touches: { mean: number; median: number; p90: number }
  joinedTouches: number
}

export async function readTouches(table: TableFile, options: ReadOptions): Promise<ReadFile> {
  const settings = readAs(
    journeySettingsSchema,
    {
      lookbackMs: readTime('--lookback', options.lookback),
      repeat: options.repeat,
      sessionMs: readTime('--session', options.session),
    },
    'The settings',
  )
  const collecting = collectTouchRows(table.headers, options.zone)
  await readRows(table, (cells) => collecting.add(cells))
  const touches = collecting.end()
  const lengths: number[] = []
  const sizes: number[] = []
  let joined = 0
  return {
    channels: touches.channels,
    decimals: touches.decimals,
    hasMilestones: touches.hasMilestones,
    settings,
    into(report) {
      const progress = showProgress('persons')
      let done = 0
      for (const journeys of touches.journeys(settings)) {
        for (const journey of journeys) {
          const { conversion } = journey
          joined += journey.joined
          if (conversion && journey.touches.length > 0) {
            lengths.push(lengthDays(journey) ?? 0)
            sizes.push(journey.touches.length)
          }
          report.add({
            ids: journey.touches.map(({ channel }) => channel),
            agesDays: agesDays(journey),
            leadIndex: journey.leadIndex,
            opportunityIndex: journey.opportunityIndex,
            conversions: conversion?.count ?? 0,
            valueMinor: conversion?.valueMinor ?? 0,
            nulls: conversion ? 0 : 1,
          })
        }
        progress.update(++done, touches.persons)
      }
      progress.end()
    },
    journeys: () => ({ lengthDays: figuresOf(lengths), touches: figuresOf(sizes), joinedTouches: joined }),
    remarks: () => [
      `${count(touches.rows)} touch rows of ${count(touches.persons)} persons; ${count(touches.duplicates())} equal to another row in every column, counted once.`,
      ...rejectedRemarks(touches.rejected),
      ...(touches.strayValues > 0
        ? [
            `${count(touches.strayValues)} rows have a value but no conversion; those values count for nothing.`,
          ]
        : []),
    ],
  }
}

export async function readPaths(table: TableFile, options: ReadOptions): Promise<ReadFile> {
  const collecting = collectPathRows(table.headers, options.separator)
  await readRows(table, (cells) => collecting.add(cells))
  const paths = collecting.end()
  return {
    channels: paths.channels,
    decimals: paths.decimals,
    hasMilestones: false,
    settings: { separator: options.separator },
    into(report) {
      for (const journey of paths.journeys()) report.add(journey)
    },
    journeys: () => null,
    remarks: () => [
      `${count(paths.rows)} rows of paths; ${count(paths.repeated)} had the path of another row and were added to it.`,
      ...rejectedRemarks(paths.rejected),
    ],
  }
}

async function readRows(table: TableFile, take: (cells: string[]) => void): Promise<void> {
  const progress = showProgress('bytes')
  for await (const cells of table.rows(progress)) take(cells)
  progress.end()
}

/** Which kind of file its columns make it; refuses with the columns that either kind has. */
export function kindOf(headers: readonly string[]): 'touches' | 'paths' {
  const touch = touchColumns(headers)
  const path = pathColumns(headers)
  if (touch.person >= 0 && touch.at >= 0 && touch.channel >= 0 && touch.conversion >= 0) return 'touches'
  if (path.path >= 0 && path.conversions >= 0) return 'paths'
  throw new Refusal(
    'columns_missing',
    422,
    `The file has the columns ${headers.slice(0, 20).join(', ')}. Name them person, occurred_at, channel, conversion and value for touch rows, or path, conversions, value and nulls for paths.`,
  )
}

function rejectedRemarks({
  rows,
  examples,
}: {
  rows: number
  examples: { row: number; reason: string }[]
}): string[] {
  if (rows === 0) return []
  return [
    `${count(rows)} rows cannot be used and were left out, the first of them:`,
    ...examples.map(({ row, reason }) => `  row ${count(row)} below the header: ${reason}`),
  ]
}

function figuresOf(numbers: number[]): JourneyFigures['lengthDays'] {
  const sorted = Float64Array.from(numbers).sort()
  const quantile = (q: number) => {
    const at = (sorted.length - 1) * q
    const below = sorted[Math.floor(at)] ?? 0
    return below + ((sorted[Math.ceil(at)] ?? below) - below) * (at - Math.floor(at))
  }
  const sum = sorted.reduce((all, number) => all + number, 0)
  return { mean: sum / Math.max(1, sorted.length), median: quantile(0.5), p90: quantile(0.9) }
}

/** `30d`, `12h`, `45m` or `2w` in ms, `none` as null; refuses anything else. */
export function readTime(option: string, text: string): number | null {
  if (text === 'none') return null
  const [, number, unit = ''] = /^(\d{1,6}(?:\.\d+)?)(m|h|d|w)$/.exec(text) ?? []
  const ms = Math.round(Number(number) * (unitMs.get(unit) ?? 0))
  if (!(ms > 0))
    throw new Refusal('time_unreadable', 422, `${option} ${text} is no time: write 30d, 12h or 45m, or none.`)
  return ms
}

const unitMs = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
])
