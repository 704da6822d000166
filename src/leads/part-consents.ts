// Takes one merge back out of the consents of a lead, though others came after it; where a person spoke since, that stays. Pure.
import { strictest } from './consent.ts'
import type { StandingConsent } from './consent.ts'
import type { Purpose } from './contract.ts'

/** What a merge found and wrote of the winner's consents. */
export interface ConsentTrace {
  consentsBefore: StandingConsent[]
  /** only what the merge changed */
  consentsAfter: StandingConsent[]
}

/** A merge into the same winner that came later and stands. */
export interface LaterConsents {
  trace: ConsentTrace
  loser: ReadonlyMap<Purpose, StandingConsent>
  /** ISO 8601 */
  mergedAt: string
}

/**
 * What stands for the winner, by purpose, as far as it changes; undefined where nothing stands any more. The traces of the
 * later merges are changed in place: they find and write what they would have, had this merge never been.
 * @param later oldest first
 */
export function partConsents(
  trace: ConsentTrace,
  later: readonly LaterConsents[],
  standing: ReadonlyMap<Purpose, StandingConsent>,
): Map<Purpose, StandingConsent | undefined> {
  const changes = new Map<Purpose, StandingConsent | undefined>()
  for (const written of trace.consentsAfter) {
    const { purpose } = written
    const of = (list: StandingConsent[]) => list.find((consent) => consent.purpose === purpose)
    let wrong: StandingConsent | undefined = written
    let right = of(trace.consentsBefore)
    for (const merge of later) {
      const found = of(merge.trace.consentsBefore)
      if (!isSame(found, wrong)) break
      const wrote = of(merge.trace.consentsAfter)
      wrong = wrote ?? found
      put(merge.trace, 'consentsBefore', purpose, right)
      const result = strictest(right, merge.loser.get(purpose))
      const isTaken = result !== undefined && result !== right
      const taken = isTaken ? { ...result, recordedAt: wrote?.recordedAt ?? merge.mergedAt } : undefined
      put(merge.trace, 'consentsAfter', purpose, taken)
      right = taken ?? right
    }
    if (isSame(standing.get(purpose), wrong)) changes.set(purpose, right)
  }
  return changes
}

function isSame(one: StandingConsent | undefined, other: StandingConsent | undefined): boolean {
  return one?.recordedAt === other?.recordedAt && one?.state === other?.state
}

function put(
  trace: ConsentTrace,
  list: keyof ConsentTrace,
  purpose: Purpose,
  consent: StandingConsent | undefined,
): void {
  const others = trace[list].filter((one) => one.purpose !== purpose)
  trace[list] = consent ? [...others, consent] : others
}
