// What forms counted, summed for people.
import type { ReplyOf } from '../lib/endpoint.ts'
import { missing } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import type { FormCounts, formStatistics as statisticsEndpoint } from './contract.ts'
import { refusalReasons } from './nouns.ts'
import type { RefusalReason } from './nouns.ts'
import { countConfirmations } from './store/confirmations.ts'
import { readCounts, readForm } from './store/forms.ts'
import type { CountRow } from './store/forms.ts'

const DAY_MS = 86_400_000

/** The first of so many days in UTC, today included. */
export function sinceDay(now: Date, days: number): string {
  return new Date(now.getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10)
}

/** Sums of counts of one form. */
export function countsOf(rows: readonly CountRow[]): FormCounts {
  const sum = (of: (row: CountRow) => boolean) =>
    rows.filter(of).reduce((total, { count }) => total + count, 0)
  const views = sum(({ outcome }) => outcome === 'viewed')
  const submissions = sum(({ outcome }) => outcome === 'submitted')
  return {
    views,
    submissions,
    conversion: views === 0 ? null : submissions / views,
    refused: sum(({ outcome }) => isRefusal(outcome)),
    confirmed: sum(({ outcome }) => outcome === 'confirmed'),
  }
}

export async function formStatistics(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  workspaceId: string,
  id: string,
  days: number,
): Promise<ReplyOf<typeof statisticsEndpoint>> {
  if (!(await readForm(db, workspaceId, id))) throw missing('form', id)
  const now = clock()
  const since = sinceDay(now, days)
  const rows = await readCounts(db, workspaceId, since, id)
  const first = new Date(`${since}T00:00:00Z`)
  return {
    counts: countsOf(rows),
    days: Array.from({ length: days }, (_, day) => {
      const on = new Date(first.getTime() + day * DAY_MS).toISOString().slice(0, 10)
      const { views, submissions, refused } = countsOf(rows.filter((row) => row.on === on))
      return { on, views, submissions, refused }
    }),
    refused: refusalReasons
      .map((reason) => ({
        reason,
        count: rows.filter(({ outcome }) => outcome === reason).reduce((sum, { count }) => sum + count, 0),
        explanation: explanations[reason],
      }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count),
    confirmations: await countConfirmations(db, workspaceId, id, first),
  }
}

const explanations: Record<RefusalReason, string> = {
  trap_filled: 'A field that people do not see was filled in, as programs do.',
  sent_too_fast: 'It came sooner after the form was shown than a person can fill it in.',
  ticket_invalid: 'It did not come from a form that was shown: a program made it up.',
  ticket_expired: 'The page was open for more than a day; it was shown again, to be sent once more.',
  ticket_worn: 'One shown form was sent more than five times.',
  work_missing: 'The browser’s check was not done: a program, or a browser without JavaScript.',
  address_busy: 'More came from one address in ten minutes than the form allows.',
  answers_wrong: 'An answer was missing or could not be right; the form was shown again with what to change.',
}

function isRefusal(outcome: CountRow['outcome']): boolean {
  return (refusalReasons as readonly string[]).includes(outcome)
}
