// The audit log in PostgreSQL: a trigger refuses every change and removal of what stands in it.
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'

export interface AuditRow {
  id: string
  occurredAt: Date
  actor: string
  actorLabel: string
  action: string
  subject: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

export async function insertAudit(
  tx: Tx,
  entry: {
    teamId: string
    workspaceId: WorkspaceId | null
    actor: string
    action: string
    subject: string
    before: Record<string, unknown> | null
    after: Record<string, unknown> | null
  },
): Promise<void> {
  await run(
    tx,
    sql`insert into audit_log (id, team_id, workspace_id, actor, action, subject, before, after)
        values (${newId()}, ${entry.teamId}, ${entry.workspaceId}, ${entry.actor}, ${entry.action}, ${entry.subject},
                ${entry.before && JSON.stringify(entry.before)}::jsonb, ${entry.after && JSON.stringify(entry.after)}::jsonb)`,
  )
}

/** Newest first: what concerns the workspace or its whole team, before the entry that the cursor names. */
export async function readAudit(
  db: Db,
  scope: { teamId: string; workspaceId: WorkspaceId },
  page: { cursor: string | undefined; limit: number },
): Promise<AuditRow[]> {
  return rows<AuditRow>(
    db,
    sql`select a.id, a.occurred_at as "occurredAt", a.actor, a.action, a.subject, a.before, a.after,
          coalesce(
            (select u.name from users u where u.id = case when a.actor like 'user:%' then substr(a.actor, 6)::uuid end),
            (select k.name from api_keys k where k.id = case when a.actor like 'key:%' then substr(a.actor, 5)::uuid end),
            a.actor) as "actorLabel"
        from audit_log a
        where a.team_id = ${scope.teamId} and (a.workspace_id = ${scope.workspaceId} or a.workspace_id is null)
          and (${page.cursor ?? null}::uuid is null or a.id < ${page.cursor ?? null}::uuid)
        order by a.id desc limit ${page.limit}`,
  )
}
