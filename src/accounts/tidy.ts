// Clears away what is over in accounts: old mails, links and sessions that do not work any more.
import type { World } from './sign-in.ts'
import { deleteStale } from './store/mails.ts'

/** @param mailDays for how long mails stay listed */
export function tidyAccounts({ db, clock }: World, mailDays: number): Promise<void> {
  return deleteStale(db, clock(), mailDays)
}
