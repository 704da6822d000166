// Who may what: the roles, the permissions, and the one table that joins them.
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
  'team.own',
  'keys.manage',
  'audit.read',
  'demo.manage',
] as const
export const permissionSchema = z.enum(permissions)
export type Permission = (typeof permissions)[number]

/** Who may what: the one table. Beyond it, only an owner makes, demotes or removes owners. */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  owner: permissions,
  admin: permissions.filter((permission) => permission !== 'team.own'),
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

/** Handing out authority takes a signed-in person, so that a leaked key cannot make itself a successor. */
const peopleOnly: readonly Permission[] = ['team.manage', 'team.own', 'keys.manage']

/** What an API key of a role may at most; `scopes` narrows it, null means all of it. */
export function keyPermissions(role: Role, scopes: readonly Permission[] | null): Permission[] {
  return rolePermissions[role].filter(
    (permission) => !peopleOnly.includes(permission) && (scopes === null || scopes.includes(permission)),
  )
}

/** Whether one role may give, change or take away another. */
export function mayGrant(granting: string, role: Role): boolean {
  return granting === 'owner' || (granting === 'admin' && role !== 'owner')
}
