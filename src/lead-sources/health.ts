// How a source of leads stands, and what to do where it does not: from what is known of its connection and of what it caught. Pure.
import type { LeadSourceCard } from './contract.ts'

export interface Standing {
  status: LeadSourceCard['status']
  connectionProblem: string | null
  vendor: string
  /** by itself, or not at all: null where a person enters the address at the vendor */
  listeningAt: Date | null
  canListen: boolean
  problem: string | null
  waitingSince: Date | null
  failed: number
  toldAt: Date | null
  lastLeadAt: Date | null
  lastTestAt: Date | null
  caughtUpAt: Date | null
  canCatchUp: boolean
  challengedAt: Date | null
  challengedEveryMs: number | null
  warning: string | null
}

const WAITS_LONG_MS = 10 * 60_000
const CAUGHT_UP_LATE_MS = 50 * 3_600_000

/** @returns the worst that is to be said, and each thing to do as a sentence */
export function healthOf(standing: Standing, now: Date): Pick<LeadSourceCard, 'health' | 'words'> {
  if (standing.status !== 'connected') {
    const fallback =
      standing.status === 'connecting'
        ? `${standing.vendor} waits for somebody’s consent.`
        : 'The connection does not work.'
    return { health: 'bad', words: [standing.connectionProblem ?? fallback] }
  }
  const words = warnings(standing, now)
  if (words.length > 0) return { health: 'warning', words }
  if (standing.lastLeadAt || standing.lastTestAt || standing.toldAt) return { health: 'good', words: [] }
  return { health: 'new', words: ['No lead has come yet. Send a test lead to see that it works.'] }
}

function warnings(standing: Standing, now: Date): string[] {
  const age = (at: Date | null) => (at ? now.getTime() - at.getTime() : 0)
  const words: string[] = []
  if (standing.problem) words.push(standing.problem)
  else if (standing.canListen && !standing.listeningAt)
    words.push(`${standing.vendor} does not tell of leads yet: press Start receiving.`)
  if (age(standing.waitingSince) > WAITS_LONG_MS)
    words.push('Leads have waited for over ten minutes to be read; they are tried again by themselves.')
  if (standing.failed > 0)
    words.push(
      `${standing.failed === 1 ? 'One lead was' : `${standing.failed} leads were`} not handed out by ${standing.vendor}: see why below, and sync again.`,
    )
  const challengedAge = age(standing.challengedAt ?? standing.listeningAt)
  if (
    standing.challengedEveryMs !== null &&
    standing.listeningAt &&
    challengedAge > 2.5 * standing.challengedEveryMs
  )
    words.push(
      `${standing.vendor} has not asked the address to prove itself for ${Math.floor(challengedAge / 3_600_000)} hours, and tells of nothing without: press Start receiving.`,
    )
  if (standing.canCatchUp && age(standing.caughtUpAt) > CAUGHT_UP_LATE_MS)
    words.push('No catch-up has come to its end for two days: press Sync now.')
  if (standing.warning) words.push(standing.warning)
  return words
}
