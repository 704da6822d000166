// Connections over the API: the catalogue of vendors, connecting and parting, and how each connection fares.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'

export const connectionStatuses = ['connecting', 'connected', 'failing', 'reconnect'] as const

export const settingFieldSchema = z.object({
  key: z.string(),
  label: z.string(),
  help: z.string().nullable(),
  /** how a value looks */
  example: z.string().nullable(),
  /** the value that the bundled sandbox takes */
  sandbox: z.string().nullable(),
  /** sealed, and never shown again */
  isSecret: z.boolean(),
  isRequired: z.boolean(),
  kind: z.enum(['text', 'choice', 'switch']),
  choices: z.array(z.string()),
  /** what it is where nothing is given */
  preset: z.string().nullable(),
})
export type SettingField = z.infer<typeof settingFieldSchema>

export const connectorSchema = z.object({
  id: z.string(),
  name: z.string(),
  summary: z.string(),
  initials: z.string(),
  capabilities: z.array(z.enum(['leads', 'conversions', 'shop'])),
  /** whether connecting leads through the vendor's own page */
  usesOAuth: z.boolean(),
  fields: z.array(settingFieldSchema),
})
export type ConnectorCard = z.infer<typeof connectorSchema>

export const connectionSchema = z.object({
  id: z.string(),
  connector: z.string(),
  name: z.string(),
  /**
   * `connecting`: the vendor's consent is awaited; `failing`: the last check or call did not work; `reconnect`: the rights are
   * gone and a person has to connect again
   */
  status: z.enum(connectionStatuses),
  /** what is wrong and what to do; null where nothing is */
  problem: z.string().nullable(),
  /** who the vendor says it is */
  account: z.string().nullable(),
  /** secrets are left out */
  settings: z.record(z.string(), z.unknown()),
  /** the names of secrets that are set */
  secrets: z.array(z.string()),
  scopes: z.array(z.string()),
  /** whether it talks to the sandbox */
  isSandbox: z.boolean(),
  checkedAt: z.string().nullable(),
  /** when something last came in or went out */
  lastEventAt: z.string().nullable(),
  tokenExpiresAt: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Connection = z.infer<typeof connectionSchema>

const connected = z.object({
  connection: connectionSchema,
  /** where the browser has to go for the vendor's consent; null where nothing is left to do */
  authoriseUrl: z.string().nullable(),
})

const params = z.object({ id: z.uuid() })
const name = z.string().trim().min(1).max(80)
const settings = z.record(z.string().max(60), z.union([z.string().max(4000), z.boolean()]))

export const listConnections = endpoint({
  id: 'listConnections',
  method: 'GET',
  path: '/api/connections',
  access: { permission: 'settings.read' },
  summary: 'Vendors that can be connected, and the connections there are; secrets are never told',
  tag: 'Connections',
  reply: z.object({ catalogue: z.array(connectorSchema), items: z.array(connectionSchema) }),
})

export const getConnection = endpoint({
  id: 'getConnection',
  method: 'GET',
  path: '/api/connections/:id',
  access: { permission: 'settings.read' },
  summary: 'One connection',
  tag: 'Connections',
  params,
  reply: connectionSchema,
})

export const connect = endpoint({
  id: 'connect',
  method: 'POST',
  path: '/api/connections',
  access: { permission: 'settings.write' },
  summary: 'Connect a vendor; what does not work at once is kept with its problem',
  tag: 'Connections',
  body: z.object({ connector: z.string().max(60), name: name.optional(), settings }),
  reply: connected,
  status: 201,
})

export const updateConnection = endpoint({
  id: 'updateConnection',
  method: 'PATCH',
  path: '/api/connections/:id',
  access: { permission: 'settings.write' },
  summary: 'Rename a connection or change its settings; a secret that is not sent stays',
  tag: 'Connections',
  params,
  body: z.object({ name: name.optional(), settings: settings.optional() }),
  reply: connected,
})

export const checkConnection = endpoint({
  id: 'checkConnection',
  method: 'POST',
  path: '/api/connections/:id/check',
  access: { permission: 'settings.write' },
  summary: 'Ask the vendor whether the connection works, with one harmless call',
  tag: 'Connections',
  params,
  reply: connectionSchema,
})

export const reconnect = endpoint({
  id: 'reconnect',
  method: 'POST',
  path: '/api/connections/:id/authorise',
  access: { permission: 'settings.write' },
  summary: 'Begin the vendor’s consent again, where its rights are gone or are to be widened',
  tag: 'Connections',
  params,
  reply: z.object({ authoriseUrl: z.string() }),
})

export const disconnect = endpoint({
  id: 'disconnect',
  method: 'DELETE',
  path: '/api/connections/:id',
  access: { permission: 'settings.write' },
  summary: 'Give the vendor’s token back and forget the secrets; what waits to be sent there is withheld',
  tag: 'Connections',
  params,
  reply: z.object({ disconnected: z.literal(true) }),
})

export const vendorCallSchema = z.object({
  id: z.string(),
  calledAt: z.string(),
  method: z.string(),
  /** without secrets */
  url: z.string(),
  status: z.number().int().nullable(),
  /** items that travelled in it */
  items: z.number().int(),
  /** what the vendor said, word for word, without secrets */
  answer: z.string(),
  tookMs: z.number().int(),
})
export type VendorCall = z.infer<typeof vendorCallSchema>

export const listVendorCalls = endpoint({
  id: 'listVendorCalls',
  method: 'GET',
  path: '/api/connections/:id/calls',
  access: { permission: 'settings.read' },
  summary: 'The newest calls of a connection with the vendor’s answers, secrets hidden',
  tag: 'Connections',
  params,
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  reply: z.object({ items: z.array(vendorCallSchema) }),
})

/** Where vendors send the browser back to after their consent; it leads on to the page of the connection. */
export const callbackPath = '/api/connections/callback'
