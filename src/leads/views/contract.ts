// Saved views of the lead list: a name for a question, an order and columns, one's own or shared.
import { z } from 'zod'
import { filterSchema } from '../../conditions/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'
import { leadSorts } from '../contract.ts'

const question = {
  search: z.string().trim().max(200).optional(),
  audience: z.enum(['known', 'anonymous', 'all']).default('known'),
  sort: z.enum(leadSorts).default('lastSeenAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
}
const columns = z.array(z.string().min(1).max(120)).min(1).max(100).nullable()

export const viewSchema = z.object({
  id: z.string(),
  name: z.string(),
  isShared: z.boolean(),
  /** whether every member who may change leads may change this view, too */
  isOpen: z.boolean(),
  createdBy: z.string(),
  /** for the caller */
  mayEdit: z.boolean(),
  /** whether the list opens with it for the caller */
  isDefault: z.boolean(),
  question: z.object({
    ...question,
    /** conditions as JSON, as the list takes them */
    filter: z.string().optional(),
  }),
  /** null: those that the reader likes */
  columns,
})
export type SavedView = z.infer<typeof viewSchema>

const wish = z.object({
  name: z.string().trim().min(1).max(80),
  isShared: z.boolean().default(false),
  isOpen: z.boolean().default(false),
  question: z.object({ ...question, filter: filterSchema.optional() }),
  columns: columns.default(null),
})
const params = z.object({ id: z.uuid() })

export const listViews = endpoint({
  id: 'listViews',
  method: 'GET',
  path: '/api/views',
  access: { permission: 'leads.read' },
  summary: 'Saved views of the lead list: the caller’s own and those that are shared, by name',
  tag: 'Views',
  reply: z.object({ items: z.array(viewSchema) }),
})

export const createView = endpoint({
  id: 'createView',
  method: 'POST',
  path: '/api/views',
  access: { permission: 'leads.read' },
  summary: 'Save a view; to share it takes the permission leads.write',
  tag: 'Views',
  body: wish,
  reply: viewSchema,
  status: 201,
})

export const updateView = endpoint({
  id: 'updateView',
  method: 'PATCH',
  path: '/api/views/:id',
  access: { permission: 'leads.read' },
  summary: 'Change a view that is one’s own, or shared and open',
  tag: 'Views',
  params,
  body: z.object({
    name: wish.shape.name.optional(),
    isShared: z.boolean().optional(),
    isOpen: z.boolean().optional(),
    question: wish.shape.question.optional(),
    columns: columns.optional(),
  }),
  reply: viewSchema,
})

export const removeView = endpoint({
  id: 'removeView',
  method: 'DELETE',
  path: '/api/views/:id',
  access: { permission: 'leads.read' },
  summary: 'Remove a view; the leads in it stay',
  tag: 'Views',
  params,
  reply: z.object({ removed: z.literal(true) }),
})

export const setDefaultView = endpoint({
  id: 'setDefaultView',
  method: 'PUT',
  path: '/api/views/default',
  access: { permission: 'leads.read' },
  summary: 'The view with which the list opens for the signed-in member; null for none',
  tag: 'Views',
  body: z.object({ viewId: z.uuid().nullable() }),
  reply: z.object({ viewId: z.string().nullable() }),
})
