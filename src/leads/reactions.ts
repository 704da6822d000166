// What leads cause in higher modules: the facts of an edit, acted on in the transaction that made them.
import type { Db } from '../platform/postgres.ts'

/** Handed in by whoever starts the program, so that leads need not know who acts on their facts. */
export interface LeadReactions {
  /** leads became part of others: what each of them did is now one history */
  merged(tx: Db, pairs: { winnerId: string; loserId: string; workspaceId: string }[]): Promise<void>
  /** leads were parted again, or what they did is to be read anew for another reason */
  unmerged(tx: Db, leadIds: string[], workspaceId: string): Promise<void>
  /** leads are erased or purged: whatever is kept of them beyond leads goes, too; `names` as files and messages write them */
  erased(tx: Db, gone: { workspaceId: string; leadIds: string[]; names: string[] }): Promise<void>
}
