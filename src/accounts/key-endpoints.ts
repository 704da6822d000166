// The nouns of keys: API keys, write keys, and their endpoints.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { nameSchema } from './fields.ts'
import { permissionSchema, roleSchema } from './roles.ts'
import { domainSchema } from './settings.ts'

const keyParams = z.object({ id: z.uuid() })

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** null: everything that the role allows a key */
  scopes: z.array(permissionSchema).nullable(),
  /** how the key begins, to recognise it by: `tl_live_4fQx` */
  prefix: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  /** from then on it is refused; null: never */
  expiresAt: z.string().nullable(),
  /** to the minute */
  lastUsedAt: z.string().nullable(),
})
export type ApiKey = z.infer<typeof apiKeySchema>

export const listApiKeys = endpoint({
  id: 'listApiKeys',
  method: 'GET',
  path: '/api/api-keys',
  access: { permission: 'keys.manage' },
  summary: 'API keys of the workspace that were not revoked; those that have expired, too',
  tag: 'Keys',
  reply: z.object({ items: z.array(apiKeySchema) }),
})

export const createApiKey = endpoint({
  id: 'createApiKey',
  method: 'POST',
  path: '/api/api-keys',
  access: { permission: 'keys.manage' },
  summary: 'Make an API key of a role, narrowed by scopes if given; the key is shown this once',
  tag: 'Keys',
  body: z.object({
    name: nameSchema,
    role: roleSchema,
    scopes: z.array(permissionSchema).min(1).optional(),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe('never expires unless told'),
  }),
  reply: z.object({ apiKey: apiKeySchema, key: z.string() }),
  status: 201,
  repliesWithSecret: true,
})

export const revokeApiKey = endpoint({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/api/api-keys/:id',
  access: { permission: 'keys.manage' },
  summary: 'Revoke an API key; calls with it are refused from now on',
  tag: 'Keys',
  params: keyParams,
  reply: z.object({ revoked: z.literal(true) }),
})

/**
 * What a write key is for. One of a browser stands in every visitor's page: it may only write, and never merges two
 * known leads. One of a server is kept secret, and its word counts.
 */
export const writeKeyKindSchema = z.enum(['browser', 'server'])
export type WriteKeyKind = z.infer<typeof writeKeyKindSchema>

export const writeKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  key: z.string(),
  kind: writeKeyKindSchema,
  /** these domains and their subdomains may write from a browser; empty: any */
  allowedDomains: z.array(z.string()),
  createdAt: z.string(),
})
export type WriteKey = z.infer<typeof writeKeySchema>

export const listWriteKeys = endpoint({
  id: 'listWriteKeys',
  method: 'GET',
  path: '/api/write-keys',
  access: { permission: 'settings.read' },
  summary: 'Write keys of the workspace, for the tracker and for servers that send events',
  tag: 'Keys',
  reply: z.object({ items: z.array(writeKeySchema) }),
})

export const createWriteKey = endpoint({
  id: 'createWriteKey',
  method: 'POST',
  path: '/api/write-keys',
  access: { permission: 'settings.write' },
  summary: 'Make a write key',
  tag: 'Keys',
  body: z.object({
    name: nameSchema,
    kind: writeKeyKindSchema.default('browser'),
    allowedDomains: z.array(domainSchema).max(100).default([]),
  }),
  reply: writeKeySchema,
  status: 201,
})

export const updateWriteKey = endpoint({
  id: 'updateWriteKey',
  method: 'PATCH',
  path: '/api/write-keys/:id',
  access: { permission: 'settings.write' },
  summary: 'Rename a write key or change the domains that may use it',
  tag: 'Keys',
  params: keyParams,
  body: z.object({
    name: nameSchema.optional(),
    allowedDomains: z.array(domainSchema).max(100).optional(),
  }),
  reply: writeKeySchema,
})

export const revokeWriteKey = endpoint({
  id: 'revokeWriteKey',
  method: 'DELETE',
  path: '/api/write-keys/:id',
  access: { permission: 'settings.write' },
  summary: 'Revoke a write key; events sent with it are refused within 5 seconds',
  tag: 'Keys',
  params: keyParams,
  reply: z.object({ revoked: z.literal(true) }),
})
