// Looking for duplicates among leads: begun, watched, and whether the surest are merged without a person.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'

const lookSchema = z.object({
  isLooking: z.boolean(),
  /** when the last look ended; null before the first */
  lookedAt: z.string().nullable(),
  /** of the look under way, else of the last: leads that were new or changed, pairs that were new, and merges */
  leadsLooked: z.number().int(),
  pairsFound: z.number().int(),
  merged: z.number().int(),
  merging: z.object({ mergesItself: z.boolean(), mergeAt: z.number() }),
})

export const getDuplicateLook = endpoint({
  id: 'getDuplicateLook',
  method: 'GET',
  path: '/api/leads/duplicates/look',
  access: { permission: 'leads.read' },
  summary: 'How the last look for duplicates went, and whether one is under way',
  tag: 'Leads',
  reply: lookSchema,
})

export const lookForDuplicates = endpoint({
  id: 'lookForDuplicates',
  method: 'POST',
  path: '/api/leads/duplicates/look',
  access: { permission: 'leads.write' },
  summary: 'Look for duplicates now among leads that are new or changed; every night it is done by itself',
  tag: 'Leads',
  reply: lookSchema,
})

export const setDuplicateMerging = endpoint({
  id: 'setDuplicateMerging',
  method: 'PUT',
  path: '/api/leads/duplicates/merging',
  access: { permission: 'settings.write' },
  summary: 'Whether duplicates are merged without a person, and from which probability; off unless set',
  tag: 'Leads',
  body: z.object({ mergesItself: z.boolean(), mergeAt: z.number().min(0.95).max(1) }),
  reply: lookSchema,
})
