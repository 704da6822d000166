// The nouns of accounts: people and their sessions, workspaces, members, and the endpoints around them.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { permissionSchema, roleSchema } from './roles.ts'
import { currencySchema, settingsChangeSchema, timeZoneSchema, workspaceSettingsSchema } from './settings.ts'

export * from './roles.ts'
export * from './settings.ts'
export * from './key-endpoints.ts'

export const workspaceModeSchema = z.enum(['live', 'test'])
export type WorkspaceMode = z.infer<typeof workspaceModeSchema>

export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email('is not an e-mail address'))
export const passwordSchema = z
  .string()
  .min(10, 'is too short: use at least 10 characters')
  .max(128, 'is too long: use at most 128 characters')
const nameSchema = z.string().trim().min(1).max(100)

export const userSchema = z.object({ id: z.string(), email: z.string(), name: z.string() })
export type User = z.infer<typeof userSchema>

/** A workspace as the caller sees it: with the caller's own role in it. */
export const workspaceSchema = z.object({
  id: z.string(),
  /** live and test twin share the team */
  teamId: z.string(),
  slug: z.string(),
  name: z.string(),
  mode: workspaceModeSchema,
  timeZone: z.string(),
  currency: z.string(),
  createdAt: z.string(),
  role: roleSchema,
  permissions: z.array(permissionSchema),
})
export type Workspace = z.infer<typeof workspaceSchema>

export const workspaceDetailSchema = workspaceSchema.extend({ settings: workspaceSettingsSchema })

/** Who is signed in, where they may go, and where this call went (`x-workspace`, else the first live workspace). */
export const meSchema = z.object({
  user: userSchema,
  workspaces: z.array(workspaceSchema),
  workspaceId: z.string(),
})

export const getSetup = endpoint({
  id: 'getSetup',
  method: 'GET',
  path: '/api/setup',
  access: 'public',
  summary: 'Whether the owner is still to be created, and whether that takes the code printed at start',
  tag: 'Accounts',
  reply: z.object({ needsOwner: z.boolean(), needsCode: z.boolean() }),
})

export const setUp = endpoint({
  id: 'setUp',
  method: 'POST',
  path: '/api/setup',
  access: 'public',
  summary: 'Create the owner and the first workspace with its test twin; signs the owner in',
  tag: 'Accounts',
  body: z.object({
    email: emailSchema,
    password: passwordSchema,
    name: nameSchema,
    workspaceName: nameSchema,
    timeZone: timeZoneSchema,
    currency: currencySchema.optional(),
    code: z
      .string()
      .trim()
      .max(40)
      .optional()
      .describe('printed at start; asked unless opened from the same machine'),
  }),
  reply: meSchema,
  status: 201,
})

export const signIn = endpoint({
  id: 'signIn',
  method: 'POST',
  path: '/api/auth/sign-in/email',
  access: 'public',
  summary: 'Sign in with e-mail and password; the session is a cookie',
  tag: 'Accounts',
  body: z.object({ email: emailSchema, password: z.string().min(1).max(128) }),
  reply: z.object({ user: userSchema }),
})

export const signOut = endpoint({
  id: 'signOut',
  method: 'POST',
  path: '/api/auth/sign-out',
  access: 'public',
  summary: 'End this session',
  tag: 'Accounts',
  reply: z.object({ signedOut: z.literal(true) }),
})

export const changePassword = endpoint({
  id: 'changePassword',
  method: 'POST',
  path: '/api/auth/change-password',
  access: 'signed_in',
  summary: 'Change your own password; every other session of yours ends',
  tag: 'Accounts',
  body: z.object({ currentPassword: z.string().min(1).max(128), newPassword: passwordSchema }),
  reply: z.object({ changed: z.literal(true) }),
})

export const getMe = endpoint({
  id: 'getMe',
  method: 'GET',
  path: '/api/me',
  access: 'signed_in',
  summary: 'Who is signed in, with the workspaces, role and permissions in each',
  tag: 'Accounts',
  reply: meSchema,
})

export const listWorkspaces = endpoint({
  id: 'listWorkspaces',
  method: 'GET',
  path: '/api/workspaces',
  access: { permission: 'settings.read' },
  summary: 'The workspaces that you may open; with an API key, the one it belongs to',
  tag: 'Workspaces',
  reply: z.object({ items: z.array(workspaceSchema) }),
})

export const createWorkspace = endpoint({
  id: 'createWorkspace',
  method: 'POST',
  path: '/api/workspaces',
  access: { permission: 'team.manage' },
  summary: 'Open another workspace with a team and a test twin of its own; you become its owner',
  tag: 'Workspaces',
  body: z.object({ name: nameSchema, timeZone: timeZoneSchema, currency: currencySchema.optional() }),
  reply: z.object({ live: workspaceSchema, test: workspaceSchema }),
  status: 201,
})

const workspaceParams = z.object({ id: z.string().min(1).max(100).describe('slug or id') })

export const getWorkspace = endpoint({
  id: 'getWorkspace',
  method: 'GET',
  path: '/api/workspaces/:id',
  access: { permission: 'settings.read' },
  summary: 'The workspace of this call with its settings',
  tag: 'Workspaces',
  params: workspaceParams,
  reply: workspaceDetailSchema,
})

export const updateWorkspace = endpoint({
  id: 'updateWorkspace',
  method: 'PATCH',
  path: '/api/workspaces/:id',
  access: { permission: 'settings.write' },
  summary: 'Change name (of both twins), time zone, currency or settings of the workspace of this call',
  tag: 'Workspaces',
  params: workspaceParams,
  body: z.object({
    name: nameSchema.optional(),
    timeZone: timeZoneSchema.optional(),
    currency: currencySchema.optional(),
    settings: settingsChangeSchema.optional(),
  }),
  reply: workspaceDetailSchema,
})

export const memberSchema = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  joinedAt: z.string(),
})
export type Member = z.infer<typeof memberSchema>

const memberParams = z.object({ userId: z.uuid() })

export const listMembers = endpoint({
  id: 'listMembers',
  method: 'GET',
  path: '/api/members',
  access: { permission: 'team.read' },
  summary: 'The people of the team',
  tag: 'Team',
  reply: z.object({ items: z.array(memberSchema) }),
})

export const changeRole = endpoint({
  id: 'changeRole',
  method: 'PATCH',
  path: '/api/members/:userId',
  access: { permission: 'team.manage' },
  summary: 'Change the role of a member; the last owner stays one, and only owners make or demote owners',
  tag: 'Team',
  params: memberParams,
  body: z.object({ role: roleSchema }),
  reply: memberSchema,
})

export const removeMember = endpoint({
  id: 'removeMember',
  method: 'DELETE',
  path: '/api/members/:userId',
  access: { permission: 'team.manage' },
  summary: 'Take a member out of the team; the last owner stays',
  tag: 'Team',
  params: memberParams,
  reply: z.object({ removed: z.literal(true) }),
})

export const invitationSchema = z.object({
  id: z.string(),
  role: roleSchema,
  /** where given, only this address can accept */
  email: z.string().nullable(),
  invitedBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
})
export type Invitation = z.infer<typeof invitationSchema>

export const listInvitations = endpoint({
  id: 'listInvitations',
  method: 'GET',
  path: '/api/invitations',
  access: { permission: 'team.manage' },
  summary: 'Invitations that wait to be accepted',
  tag: 'Team',
  reply: z.object({ items: z.array(invitationSchema) }),
})

export const inviteMember = endpoint({
  id: 'inviteMember',
  method: 'POST',
  path: '/api/invitations',
  access: { permission: 'team.manage' },
  summary: 'Make a link that lets one person join within 7 days; the link is shown this once',
  tag: 'Team',
  body: z.object({ role: roleSchema, email: emailSchema.optional() }),
  reply: z.object({
    invitation: invitationSchema,
    /** `<origin>/invitation#<token>`: behind the # the token stays out of logs */
    link: z.string(),
  }),
  status: 201,
  repliesWithSecret: true,
})

export const revokeInvitation = endpoint({
  id: 'revokeInvitation',
  method: 'DELETE',
  path: '/api/invitations/:id',
  access: { permission: 'team.manage' },
  summary: 'Take an invitation back; its link stops working',
  tag: 'Team',
  params: z.object({ id: z.uuid() }),
  reply: z.object({ revoked: z.literal(true) }),
})

const tokenSchema = z.string().min(20).max(100)

export const getInvitation = endpoint({
  id: 'getInvitation',
  method: 'GET',
  path: '/api/invitations/accept',
  access: 'public',
  summary: 'What an invitation link invites to',
  tag: 'Team',
  query: z.object({ token: tokenSchema }),
  reply: z.object({
    workspaceName: z.string(),
    role: roleSchema,
    email: z.string().nullable(),
    invitedBy: z.string(),
    expiresAt: z.string(),
    /** the address of the session that asks, if any: accepting adds this person */
    signedInAs: z.string().nullable(),
  }),
})

export const acceptInvitation = endpoint({
  id: 'acceptInvitation',
  method: 'POST',
  path: '/api/invitations/accept',
  access: 'public',
  summary:
    'Join: as the person signed in, else with a new account (or the password of an existing one); signs in',
  tag: 'Team',
  body: z.object({
    token: tokenSchema,
    /** left out where someone is signed in */
    account: z.object({ email: emailSchema, name: nameSchema, password: passwordSchema }).optional(),
  }),
  reply: meSchema,
})
