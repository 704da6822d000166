// Segments in relation to each other: in which order they are decided, which are in each other's way, which move with time. Pure.
import { leavesOf } from '../conditions/contract.ts'
import type { Condition } from '../conditions/contract.ts'
import { movesWithTime } from '../conditions/index.ts'
import type { Facts } from '../conditions/index.ts'
import { Refusal } from '../lib/refusal.ts'

export interface Defined {
  id: string
  name: string
  condition: Condition
}

/** Segments may be asked for through so many others. */
const NESTING_LIMIT = 5
/** Comparisons of a segment and of all that it names, together. */
const WHOLE_LIMIT = 400

/** The ids of the segments that a condition names, each once. */
export function namedSegments(condition: Condition): string[] {
  return [
    ...new Set(
      leavesOf(condition).flatMap(({ leaf }) =>
        'fact' in leaf && leaf.fact === 'segment' && Array.isArray(leaf.value) ? leaf.value.map(String) : [],
      ),
    ),
  ]
}

/**
 * Throws a Refusal (400) where a segment names one that is not there, names itself through others, or becomes too large.
 * @param all the segments of the workspace, the one that is judged with the condition that it is to have
 */
export function refuseTangled(segment: Defined, all: readonly Defined[]): void {
  const byId = new Map(all.map((one) => [one.id, one]))
  for (const id of namedSegments(segment.condition)) {
    if (!byId.has(id))
      throw new Refusal(
        'segment_unknown',
        400,
        'The condition names a segment that is not there any more. Choose another one, or take that line out.',
      )
  }
  const circle = circleFrom(segment, byId, [])
  if (circle) {
    const names = [...circle, segment].map(({ name }) => name)
    throw new Refusal(
      'segment_circular',
      400,
      circle.length === 1
        ? `${segment.name} would be part of itself. Take it out of its own condition.`
        : `${segment.name} would be part of itself: ${names.join(' → ')}. Take ${names[1]} out of its condition, or change one of the others first.`,
      { details: { circle: names } },
    )
  }
  if (depthOf(segment, byId) > NESTING_LIMIT)
    throw new Refusal(
      'segment_too_deep',
      400,
      `Segments may stand within segments at most ${NESTING_LIMIT} deep; name the inner ones' conditions instead.`,
    )
  // What names it grows with it.
  for (const one of [segment, ...all.filter((other) => reaches(other, segment.id, byId))]) {
    if (sizeOf(one, byId) > WHOLE_LIMIT)
      throw new Refusal(
        'segment_too_large',
        400,
        `${one.name} would hold more than ${WHOLE_LIMIT} comparisons with those of the segments that it names; take some out.`,
      )
  }
}

/** The segments so that each comes after those that it names. */
export function inOrder<Segment extends Defined>(segments: readonly Segment[]): Segment[] {
  const byId = new Map(segments.map((segment) => [segment.id, segment]))
  const ordered: Segment[] = []
  const placed = new Set<string>()
  const place = (segment: Segment) => {
    if (placed.has(segment.id)) return
    placed.add(segment.id)
    for (const id of namedSegments(segment.condition)) {
      const named = byId.get(id)
      if (named) place(named)
    }
    ordered.push(segment)
  }
  for (const segment of segments) place(segment)
  return ordered
}

/** The segments that name one, through others too, each after those that it names. */
export function dependentsOf<Segment extends Defined>(id: string, segments: readonly Segment[]): Segment[] {
  const byId = new Map(segments.map((segment) => [segment.id, segment]))
  return inOrder(segments).filter((segment) => segment.id !== id && reaches(segment, id, byId))
}

/** The ids of the segments whose members change with time alone, their own condition or one that they name being so. */
export function movingSegments<Subject>(segments: readonly Defined[], facts: Facts<Subject>): Set<string> {
  const moving = new Set<string>()
  for (const segment of inOrder(segments)) {
    const isMoving =
      movesWithTime(segment.condition, facts) ||
      namedSegments(segment.condition).some((named) => moving.has(named))
    if (isMoving) moving.add(segment.id)
  }
  return moving
}

type ById = ReadonlyMap<string, Defined>

function named(segment: Defined, byId: ById): Defined[] {
  return namedSegments(segment.condition).flatMap((id) => byId.get(id) ?? [])
}

// The way from a segment back to it, that one included at the beginning only.
function circleFrom(segment: Defined, byId: ById, way: readonly Defined[]): Defined[] | undefined {
  if (way[0]?.id === segment.id) return [...way]
  if (way.some(({ id }) => id === segment.id)) return undefined
  for (const next of named(segment, byId)) {
    const circle = circleFrom(next, byId, [...way, segment])
    if (circle) return circle
  }
  return undefined
}

function depthOf(segment: Defined, byId: ById): number {
  return Math.max(0, ...named(segment, byId).map((one) => 1 + depthOf(one, byId)))
}

function sizeOf(segment: Defined, byId: ById): number {
  return named(segment, byId).reduce(
    (sum, one) => sum + sizeOf(one, byId),
    leavesOf(segment.condition).length,
  )
}

function reaches(segment: Defined, id: string, byId: ById): boolean {
  return named(segment, byId).some((one) => one.id === id || reaches(one, id, byId))
}
