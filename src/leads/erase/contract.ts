// Erasing a person at once and for good, and what was erased or purged.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { identifierKinds } from '../contract.ts'

/** Days in the bin, after which a lead is purged in the night. */
export const BIN_DAYS = 30

export const erasureSchema = z.object({
  id: z.string(),
  kind: z.enum(['erased', 'purged']),
  /** leads, those merged into them not counted */
  people: z.number().int(),
  actor: z.string(),
  erasedAt: z.string(),
  /** null while the log still holds their events; seconds, where ClickHouse is there */
  logClearedAt: z.string().nullable(),
})
export type Erasure = z.infer<typeof erasureSchema>

export const eraseLead = endpoint({
  id: 'eraseLead',
  method: 'POST',
  path: '/api/leads/:id/erase',
  access: { permission: 'leads.delete' },
  summary: 'Erase a person at once and for good; neither replay, sync nor import brings them back',
  tag: 'Leads',
  params: z.object({ id: z.uuid() }),
  reply: erasureSchema,
})

export const listErasures = endpoint({
  id: 'listErasures',
  method: 'GET',
  path: '/api/leads/erasures',
  access: { permission: 'leads.delete' },
  summary: 'When people were erased or purged, how many and by whom; the last 200',
  tag: 'Leads',
  reply: z.object({ items: z.array(erasureSchema) }),
})

export const liftErasure = endpoint({
  id: 'liftErasure',
  method: 'POST',
  path: '/api/leads/erasures/lift',
  access: { permission: 'leads.delete' },
  summary: 'Let an erased person come back who asked for it: their address or id is taken in again',
  tag: 'Leads',
  body: z.object({ kind: z.enum(identifierKinds), value: z.string().trim().min(1).max(300) }),
  reply: z.object({ wasErased: z.boolean() }),
})
