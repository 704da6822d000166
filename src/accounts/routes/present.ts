// What of workspaces, members, invitations, keys, mails and audit entries leaves through the API: field by field.
import { rolePermissions } from '../contract.ts'
import type {
  ApiKey,
  AuditEntry,
  Invitation,
  Member,
  Role,
  SystemMail,
  Workspace,
  WriteKey,
} from '../contract.ts'
import type { AuditRow } from '../store/audit.ts'
import type { ApiKeyRow, WriteKeyRow } from '../store/keys.ts'
import type { MailRow } from '../store/mails.ts'
import type { InvitationRow, MemberRow } from '../store/team.ts'
import type { WorkspaceProfile } from '../store/workspaces.ts'

export function presentWorkspace(workspace: WorkspaceProfile, role: Role): Workspace {
  const { id, teamId, slug, name, mode, timeZone, currency } = workspace
  const createdAt = workspace.createdAt.toISOString()
  return {
    id,
    teamId,
    slug,
    name,
    mode,
    timeZone,
    currency,
    createdAt,
    role,
    permissions: [...rolePermissions[role]],
  }
}

export function presentMember({ userId, email, name, role, joinedAt, twoFactor }: MemberRow): Member {
  return { userId, email, name, role, joinedAt: joinedAt.toISOString(), twoFactor }
}

export function presentInvitation(invitation: InvitationRow): Invitation {
  const { id, role, email, invitedBy } = invitation
  return {
    id,
    role,
    email,
    invitedBy,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
  }
}

export function presentApiKey(key: ApiKeyRow): ApiKey {
  const { id, name, role, scopes, prefix, createdBy } = key
  return {
    id,
    name,
    role,
    scopes,
    prefix,
    createdBy,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }
}

export function presentWriteKey({ id, name, key, kind, allowedDomains, createdAt }: WriteKeyRow): WriteKey {
  return { id, name, key, kind, allowedDomains, createdAt: createdAt.toISOString() }
}

export function presentAuditEntry(row: AuditRow): AuditEntry {
  const { id, actor, actorLabel, action, subject, before, after } = row
  return { id, occurredAt: row.occurredAt.toISOString(), actor, actorLabel, action, subject, before, after }
}

export function presentMail(mail: MailRow): SystemMail {
  const { id, to, status, attempts, words } = mail
  return {
    id,
    // Whether the new address of a member has an account is told to that address alone.
    kind: mail.kind === 'email_taken' ? 'email_change' : mail.kind,
    to,
    status,
    attempts,
    words,
    createdAt: mail.createdAt.toISOString(),
    triedAt: mail.triedAt?.toISOString() ?? null,
  }
}
