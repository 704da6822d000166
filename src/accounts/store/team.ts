// Members of teams and their invitations in PostgreSQL.
import { newId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { Role } from '../contract.ts'

export interface MemberRow {
  userId: string
  email: string
  name: string
  role: Role
  joinedAt: Date
  twoFactor: boolean
}

const memberColumns = sql`u.id as "userId", u.email, u.name, m.role, m.joined_at as "joinedAt",
  u.two_factor_enabled as "twoFactor"`

/** The team's members, in the order in which they joined. */
export async function readMembers(db: Db, teamId: string): Promise<MemberRow[]> {
  return rows<MemberRow>(
    db,
    sql`select ${memberColumns} from members m join users u on u.id = m.user_id
        where m.team_id = ${teamId} order by m.joined_at, u.id`,
  )
}

/** Keeps others from changing the team's members until the end of the transaction. */
export async function lockTeam(tx: Tx, teamId: string): Promise<void> {
  await run(tx, sql`select 1 from teams where id = ${teamId} for update`)
}

export async function readMember(db: Db, teamId: string, userId: string): Promise<MemberRow | undefined> {
  return firstRow<MemberRow>(
    db,
    sql`select ${memberColumns} from members m join users u on u.id = m.user_id
        where m.team_id = ${teamId} and m.user_id = ${userId}`,
  )
}

/** Every team that a person belongs to, with the role in it. */
export async function readTeamsOf(db: Db, userId: string): Promise<{ teamId: string; role: Role }[]> {
  return rows<{ teamId: string; role: Role }>(
    db,
    sql`select m.team_id as "teamId", m.role from members m join teams t on t.id = m.team_id
        where m.user_id = ${userId} and t.deleted_at is null order by m.team_id`,
  )
}

export async function countOwners(db: Db, teamId: string): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from members where team_id = ${teamId} and role = 'owner'`,
  )
  return found?.count ?? 0
}

/** Adds a member; false where the person is one already. */
export async function insertMember(tx: Tx, teamId: string, userId: string, role: Role): Promise<boolean> {
  const added = await run(
    tx,
    sql`insert into members (team_id, user_id, role) values (${teamId}, ${userId}, ${role})
        on conflict do nothing`,
  )
  return added === 1
}

export async function saveRole(tx: Tx, teamId: string, userId: string, role: Role): Promise<void> {
  await run(tx, sql`update members set role = ${role} where team_id = ${teamId} and user_id = ${userId}`)
}

export async function deleteMember(tx: Tx, teamId: string, userId: string): Promise<void> {
  await run(tx, sql`delete from members where team_id = ${teamId} and user_id = ${userId}`)
}

export interface InvitationRow {
  id: string
  teamId: string
  role: Role
  email: string | null
  invitedBy: string
  createdAt: Date
  expiresAt: Date
}

const invitationColumns = sql`i.id, i.team_id as "teamId", i.role, i.email, u.name as "invitedBy",
  i.created_at as "createdAt", i.expires_at as "expiresAt"`

/** Invitations that can still be accepted, newest first. */
export async function readInvitations(db: Db, teamId: string, now: Date): Promise<InvitationRow[]> {
  return rows<InvitationRow>(
    db,
    sql`select ${invitationColumns} from invitations i join users u on u.id = i.invited_by
        where i.team_id = ${teamId} and ${isOpen(now)} order by i.created_at desc, i.id`,
  )
}

/** The invitation behind a token, while it can be accepted; `lock` keeps others from accepting it meanwhile. */
export async function readInvitation(
  db: Db,
  tokenHash: Buffer,
  now: Date,
  lock = false,
): Promise<(InvitationRow & { workspaceName: string }) | undefined> {
  return firstRow<InvitationRow & { workspaceName: string }>(
    db,
    sql`select ${invitationColumns}, t.name as "workspaceName"
        from invitations i join users u on u.id = i.invited_by join teams t on t.id = i.team_id
        where (i.token_hash = ${tokenHash} or i.mailed_token_hash = ${tokenHash}) and t.deleted_at is null and ${isOpen(now)} ${lock ? sql`for update of i` : sql``}`,
  )
}

export async function insertInvitation(
  tx: Tx,
  invitation: {
    teamId: string
    role: Role
    email: string | null
    invitedById: string
    createdAt: Date
    expiresAt: Date
  },
  tokenHash: Buffer,
): Promise<string> {
  const id = newId()
  await run(
    tx,
    sql`insert into invitations (id, team_id, role, email, token_hash, invited_by, created_at, expires_at)
        values (${id}, ${invitation.teamId}, ${invitation.role}, ${invitation.email}, ${tokenHash},
                ${invitation.invitedById}, ${invitation.createdAt}, ${invitation.expiresAt})`,
  )
  return id
}

/** Lets a mailed link open an invitation, beside the one that was shown; false where it is not open any more. */
export async function saveMailedToken(db: Db, id: string, tokenHash: Buffer, now: Date): Promise<boolean> {
  return (
    (await run(
      db,
      sql`update invitations i set mailed_token_hash = ${tokenHash} where i.id = ${id} and ${isOpen(now)}`,
    )) === 1
  )
}

export async function saveAccepted(tx: Tx, id: string, userId: string, now: Date): Promise<void> {
  await run(tx, sql`update invitations set accepted_at = ${now}, accepted_by = ${userId} where id = ${id}`)
}

/** Takes back one open invitation of the team; gives its role and address, undefined where there is none. */
export async function revokeOpenInvitation(
  tx: Tx,
  teamId: string,
  id: string,
  now: Date,
): Promise<{ role: Role; email: string | null } | undefined> {
  return firstRow<{ role: Role; email: string | null }>(
    tx,
    sql`update invitations i set revoked_at = ${now}
        where i.id = ${id} and i.team_id = ${teamId} and ${isOpen(now)} returning i.role, i.email`,
  )
}

/** Takes back the open invitations that one member made, to some of the roles. */
export async function revokeInvitationsBy(
  tx: Tx,
  teamId: string,
  userId: string,
  invited: readonly Role[],
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`update invitations i set revoked_at = ${now}
        where i.team_id = ${teamId} and i.invited_by = ${userId} and i.role = any(${invited}) and ${isOpen(now)}`,
  )
}

function isOpen(now: Date) {
  return sql`i.accepted_at is null and i.revoked_at is null and i.expires_at > ${now}`
}
