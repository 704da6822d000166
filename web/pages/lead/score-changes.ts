// The history of a score as lines to read and to draw. Pure.
import { eventLabel } from '../../../src/events/contract.ts'
import type { ReplyOf } from '../../../src/lib/endpoint.ts'
import type { getScoreHistory } from '../../../src/projections/score/contract.ts'

export type ScoreHistory = ReplyOf<typeof getScoreHistory>
type Item = ScoreHistory['items'][number]

export interface ScoreChange {
  at: string
  total: number | null
  grade: string | null
  /** what the cause gave or took; null where it is not known */
  points: number | null
  /** what silence took since the change before */
  silence: number
  cause: string
  isRecomputed: boolean
}

/** @param items the newest first, as the API gives them */
export function scoreChanges(items: readonly Item[]): ScoreChange[] {
  return items.map((item, place) => {
    const earlier = items[place + 1]?.total ?? null
    const { at, total, before, grade, kind } = item
    const from = before ?? (place === items.length - 1 ? null : earlier)
    return {
      at,
      total,
      grade,
      points: total === null || from === null ? null : total - from,
      silence: before === null || earlier === null ? 0 : Math.max(0, earlier - before),
      cause: causeWords(item),
      isRecomputed: kind === 'recomputed',
    }
  })
}

function causeWords({ cause, ruleVersion }: Item): string {
  if (cause.kind === 'rules') return `Rules of version ${ruleVersion} were adopted`
  return cause.kind === 'record' ? 'The record changed' : eventLabel(cause.name)
}

/** A moment of either line; undefined where a line has no point. */
export interface ScoreMoment {
  at: string
  /** 0 to 1 along time */
  x: number
  scored?: number | null
  recomputed?: number | null
}

/** Both lines along the same time. */
export function scoreMoments({ items, recomputed }: ScoreHistory): ScoreMoment[] {
  const now = recomputed.at(-1)
  const scored = items.map(({ at, total }) => ({ at, scored: total }))
  // Now it is scored by the rules of today, in either line.
  const points = [
    ...scored,
    ...(now && items.length > 0 ? [{ at: now.at, scored: now.total }] : []),
    ...recomputed.map(({ at, total }) => ({ at, recomputed: total })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const times = points.map(({ at }) => Date.parse(at))
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const span = Math.max(1, last - first)
  return points.map((point, place) => ({ ...point, x: (times[place]! - first) / span }))
}
