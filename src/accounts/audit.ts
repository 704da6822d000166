// Writes the audit log: who did what to what, in the transaction that did it.
import type { Caller } from '../platform/server.ts'
import type { Tx } from '../platform/postgres.ts'
import { insertAudit } from './store/audit.ts'
import { readTeamsOf } from './store/team.ts'

/** Who acts, and where: what every change is recorded with. */
export type Actor = Pick<Caller, 'actor' | 'teamId'> & {
  /** null where only the team is known */
  workspaceId: Caller['workspaceId'] | null
}

export interface AuditRecord {
  caller: Actor
  /** past tense snake_case: `role_changed` */
  action: string
  /** what it was done to: `api_key:<id>` */
  subject: string
  /** the fields that changed, as they were; never a secret */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  /** `team` where it concerns live and test alike; the caller's workspace unless told */
  scope?: 'team' | 'workspace'
}

/** Adds an entry to the audit log. */
export async function record(tx: Tx, entry: AuditRecord): Promise<void> {
  await insertAudit(tx, {
    teamId: entry.caller.teamId,
    workspaceId: entry.scope === 'team' ? null : entry.caller.workspaceId,
    actor: entry.caller.actor,
    action: entry.action,
    subject: entry.subject,
    before: entry.before ?? null,
    after: entry.after ?? null,
  })
}

/** Adds an entry about a person's own account to the log of every team that the person belongs to. */
export async function recordForPerson(
  tx: Tx,
  userId: string,
  entry: Pick<AuditRecord, 'action' | 'before' | 'after'> & { actor: string },
): Promise<void> {
  const { actor, ...what } = entry
  for (const { teamId } of await readTeamsOf(tx, userId)) {
    await record(tx, {
      ...what,
      caller: { actor, teamId, workspaceId: null },
      subject: `user:${userId}`,
      scope: 'team',
    })
  }
}
