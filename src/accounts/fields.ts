// The nouns that several endpoints of accounts share: people, workspaces, and how their fields are written.
import { z } from 'zod'
import { permissionSchema, roleSchema } from './roles.ts'
import { workspaceSettingsSchema } from './settings.ts'

export const workspaceModeSchema = z.enum(['live', 'test'])
export type WorkspaceMode = z.infer<typeof workspaceModeSchema>

export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email('is not an e-mail address'))
export const passwordSchema = z
  .string()
  .min(10, 'is too short: use at least 10 characters')
  .max(128, 'is too long: use at most 128 characters')
export const nameSchema = z.string().trim().min(1).max(100)

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
