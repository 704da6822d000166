// The nouns of accounts: signing in, workspaces, and the endpoints around them; teams and keys have files of their own.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import {
  emailSchema,
  meSchema,
  nameSchema,
  passwordSchema,
  userSchema,
  workspaceDetailSchema,
  workspaceSchema,
} from './fields.ts'
import { currencySchema, settingsChangeSchema, timeZoneSchema } from './settings.ts'

export * from './roles.ts'
export * from './settings.ts'
export * from './fields.ts'
export * from './audit-endpoints.ts'
export * from './key-endpoints.ts'
export * from './mail-endpoints.ts'
export * from './own-endpoints.ts'
export * from './team-endpoints.ts'

export const getSetup = endpoint({
  id: 'getSetup',
  method: 'GET',
  path: '/api/setup',
  access: 'public',
  summary: 'What a page before the sign-in has to know of this installation',
  tag: 'Accounts',
  reply: z.object({
    /** the owner is still to be created, and whether that takes the code printed at start */
    needsOwner: z.boolean(),
    needsCode: z.boolean(),
    /** a link to set a new password can be mailed */
    resetsByMail: z.boolean(),
  }),
})

/** The owner as a person asks for it, with the first workspace. */
export const newOwnerSchema = z.object({
  email: emailSchema,
  password: passwordSchema,
  name: nameSchema,
  workspaceName: nameSchema,
  timeZone: timeZoneSchema,
  currency: currencySchema.optional(),
})

export const setUp = endpoint({
  id: 'setUp',
  method: 'POST',
  path: '/api/setup',
  access: 'public',
  summary: 'Create the owner and the first workspace with its test twin; signs the owner in',
  tag: 'Accounts',
  body: newOwnerSchema.extend({
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
  summary: 'Sign in with e-mail and password; the session is a cookie. With two-factor a code is asked next',
  tag: 'Accounts',
  body: z.object({ email: emailSchema, password: z.string().min(1).max(128) }),
  reply: z.object({
    /** null while a code is asked */
    user: userSchema.nullable(),
    needsCode: z.boolean(),
  }),
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

export const deleteWorkspace = endpoint({
  id: 'deleteWorkspace',
  method: 'POST',
  path: '/api/workspaces/:id/delete',
  access: { permission: 'team.own' },
  summary:
    'Delete the workspace of this call with its test twin and all they hold; its name is typed to confirm',
  tag: 'Workspaces',
  params: workspaceParams,
  body: z.object({ name: z.string().max(100) }),
  reply: z.object({ deleted: z.literal(true) }),
})
