// The nouns of accounts: roles and what each may do, workspaces, and their settings.
import { z } from 'zod'

export const roles = ['owner', 'admin', 'marketer', 'analyst'] as const
export const roleSchema = z.enum(roles)
export type Role = z.infer<typeof roleSchema>

/** What can be allowed; an endpoint names the one it needs in `access: { permission }`. */
export const permissions = [
  'leads.read',
  'leads.write',
  'leads.delete',
  'events.read',
  'events.write',
  'imports.read',
  'imports.write',
  'reports.read',
  'settings.read',
  'settings.write',
  'team.read',
  'team.manage',
  'keys.manage',
  'audit.read',
  'demo.manage',
] as const
export type Permission = (typeof permissions)[number]

/** Who may what: the one table. */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  owner: permissions,
  admin: permissions,
  marketer: [
    'leads.read',
    'leads.write',
    'leads.delete',
    'events.read',
    'events.write',
    'imports.read',
    'imports.write',
    'reports.read',
    'settings.read',
    'team.read',
    'demo.manage',
  ],
  analyst: ['leads.read', 'events.read', 'imports.read', 'reports.read', 'settings.read', 'team.read'],
}

export const workspaceModeSchema = z.enum(['live', 'test'])

/** Purposes of consent whose default a workspace may choose by country. */
export const workspaceSettingsSchema = z.object({
  /** keep the visitor's address on events: never, only where analytics consent is given, or always */
  ipPolicy: z.enum(['never', 'with_consent', 'always']).default('never'),
  /** addresses or CIDR ranges whose browser traffic is dropped (own staff) */
  excludedAddresses: z.array(z.string().max(64)).max(200).default([]),
  /** own web domains: a referrer from these is no referral */
  ownDomains: z.array(z.string().max(253)).max(200).default([]),
})
export type WorkspaceSettings = z.infer<typeof workspaceSettingsSchema>
