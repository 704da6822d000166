// The nouns of a team: members, invitations, and their endpoints.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { emailSchema, meSchema, nameSchema, passwordSchema } from './fields.ts'
import { roleSchema } from './roles.ts'

export const memberSchema = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  joinedAt: z.string(),
  /** signs in with a code after the password */
  twoFactor: z.boolean(),
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

export const leaveTeam = endpoint({
  id: 'leaveTeam',
  method: 'POST',
  path: '/api/team/leave',
  access: 'signed_in',
  summary: 'Leave the team of this workspace; the last owner stays',
  tag: 'Team',
  reply: z.object({ left: z.literal(true) }),
})

export const handOver = endpoint({
  id: 'handOver',
  method: 'POST',
  path: '/api/members/:userId/hand-over',
  access: { permission: 'team.own' },
  summary: 'Make another member the owner in your place; you become an admin',
  tag: 'Team',
  params: memberParams,
  body: z.object({ password: z.string().min(1).max(128) }),
  reply: memberSchema,
})

export const makeResetLink = endpoint({
  id: 'makeResetLink',
  method: 'POST',
  path: '/api/members/:userId/reset-link',
  access: { permission: 'team.manage' },
  summary: 'Make a link with which a member sets a new password within a day; the link is shown this once',
  tag: 'Team',
  params: memberParams,
  reply: z.object({ link: z.string(), email: z.string(), expiresAt: z.string() }),
  status: 201,
  repliesWithSecret: true,
})

export const endTwoFactorOf = endpoint({
  id: 'endTwoFactorOf',
  method: 'DELETE',
  path: '/api/members/:userId/two-factor',
  access: { permission: 'team.manage' },
  summary: 'Turn two-factor off for a member who lost the phone and the recovery codes',
  tag: 'Team',
  params: memberParams,
  reply: z.object({ twoFactor: z.literal(false) }),
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
    /** it is also on its way to the address */
    isMailed: z.boolean(),
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

/** Asked with a body, for a token in an address would stand in the logs of proxies. */
export const getInvitation = endpoint({
  id: 'getInvitation',
  method: 'POST',
  path: '/api/invitations/look',
  access: 'public',
  summary: 'What an invitation link invites to',
  tag: 'Team',
  body: z.object({ token: tokenSchema }),
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
