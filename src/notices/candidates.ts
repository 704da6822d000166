// What the sources of notices hand in, and which of it is open. Pure.
import type { NoticeKind } from './contract.ts'

/** Something that waits for a person. */
export interface Candidate {
  kind: NoticeKind
  subject: string
  /** ms since 1970, of what happened last */
  happenedAt: number
  count: number
  about: string
  /** as the team has it; not known yet where it was gathered */
  ownerId: string | null
  score: number | null
  grade: string | null
  stage: string
}

/** What the team said of one. */
export interface Answer {
  kind: NoticeKind
  subject: string
  ownerId: string | null
  dismissedThrough: Date | null
  dismissedBy: string | null
  dismissedAt: Date | null
}

export function keyOf({ kind, subject }: { kind: NoticeKind; subject: string }): string {
  return `${kind} ${subject}`
}

/** Whether a notice was dismissed and nothing happened since. */
export function isDismissed({ happenedAt }: Candidate, answer: Answer | undefined): boolean {
  const through = answer?.dismissedThrough
  return through !== null && through !== undefined && happenedAt <= through.getTime()
}

/** A row of a score's history, as far as temperatures go. */
export interface Warmth {
  /** ms since 1970 */
  at: number
  temperature: string
  /** right before; empty where it was not kept */
  before: string
}

/**
 * Since when a lead that is hot now has been: back to when it turned hot by something it did.
 * @param history the newest first
 * @param otherwise the last sign of intent, where the history does not tell
 */
export function hotSince(history: readonly Warmth[], otherwise: number): number {
  let since: number | undefined
  for (const { at, temperature, before } of history) {
    if (temperature !== 'hot') break
    since = at
    if (before !== '' && before !== 'hot') break
  }
  // Not the last sign of intent, where it was hot when it was first scored: that moves on while it stays hot.
  return since ?? otherwise
}
