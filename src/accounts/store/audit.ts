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

/** Which entries are asked for; what is absent does not narrow. */
export interface AuditFilter {
  /** `user:<id>`, `key:<id>` or `cli` */
  actor?: string | undefined
  action?: string | undefined
  from?: Date | undefined
  /** exclusive */
  to?: Date | undefined
}

export interface AuditScope {
  teamId: string
  workspaceId: WorkspaceId
}

const actorLabel = sql`coalesce(
    (select u.name from users u where u.id = case when a.actor like 'user:%' then substr(a.actor, 6)::uuid end),
    (select k.name from api_keys k where k.id = case when a.actor like 'key:%' then substr(a.actor, 5)::uuid end),
    a.actor)`

/** Newest first: what concerns the workspace or its whole team, before the entry that the cursor names. */
export async function readAudit(
  db: Db,
  scope: AuditScope,
  filter: AuditFilter,
  page: { cursor: string | undefined; limit: number },
): Promise<AuditRow[]> {
  const where = [
    inScope(scope),
    ...(page.cursor === undefined ? [] : [sql`a.id < ${page.cursor}::uuid`]),
    ...(filter.actor === undefined ? [] : [sql`a.actor = ${filter.actor}`]),
    ...(filter.action === undefined ? [] : [sql`a.action = ${filter.action}`]),
    ...(filter.from === undefined ? [] : [sql`a.occurred_at >= ${filter.from}`]),
    ...(filter.to === undefined ? [] : [sql`a.occurred_at < ${filter.to}`]),
  ]
  return rows<AuditRow>(
    db,
    sql`select a.id, a.occurred_at as "occurredAt", a.actor, a.action, a.subject, a.before, a.after,
          ${actorLabel} as "actorLabel"
        from audit_log a where ${sql.join(where, sql` and `)} order by a.id desc limit ${page.limit}`,
  )
}

/** Who stands in the log, and what was done, for the choices of its filter. */
export async function readAuditChoices(
  db: Db,
  scope: AuditScope,
): Promise<{ actors: { actor: string; label: string }[]; actions: string[] }> {
  const actors = await rows<{ actor: string; label: string }>(
    db,
    sql`select a.actor, ${actorLabel} as label from (select distinct actor from audit_log a where ${inScope(scope)}) a
        order by 2, 1`,
  )
  const actions = await rows<{ action: string }>(
    db,
    sql`select distinct a.action from audit_log a where ${inScope(scope)} order by 1`,
  )
  return { actors, actions: actions.map(({ action }) => action) }
}

function inScope({ teamId, workspaceId }: AuditScope) {
  return sql`a.team_id = ${teamId} and (a.workspace_id = ${workspaceId} or a.workspace_id is null)`
}
