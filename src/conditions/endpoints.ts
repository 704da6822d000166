// What a builder of conditions asks the server: which events there are, what they carry, and what values that has.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { propertyTypes } from './tree.ts'

export const suggestEvents = endpoint({
  id: 'suggestEvents',
  method: 'GET',
  path: '/api/conditions/events',
  access: { permission: 'leads.read' },
  summary: 'The events that conditions may ask for, the most frequent first',
  tag: 'Conditions',
  reply: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        /** what a person reads: `Placed an order` */
        label: z.string(),
        count: z.number().int(),
      }),
    ),
  }),
})

export const suggestProperties = endpoint({
  id: 'suggestProperties',
  method: 'GET',
  path: '/api/conditions/properties',
  access: { permission: 'leads.read' },
  summary: 'The properties that events of a name carry, as its latest ones show',
  tag: 'Conditions',
  query: z.object({ event: z.string().min(1).max(200) }),
  reply: z.object({
    items: z.array(
      z.object({
        /** as conditions name it: `total`, `products[].sku`, `$channel` */
        property: z.string(),
        label: z.string(),
        type: z.enum(propertyTypes),
        /** some of its values, the most frequent first */
        values: z.array(z.string()),
      }),
    ),
  }),
})

export const suggestPropertyValues = endpoint({
  id: 'suggestPropertyValues',
  method: 'GET',
  path: '/api/conditions/property-values',
  access: { permission: 'leads.read' },
  summary: 'Values of a text property that hold what is typed, the most frequent first',
  tag: 'Conditions',
  query: z.object({
    event: z.string().min(1).max(200),
    property: z.string().min(1).max(200),
    search: z.string().max(200).default(''),
  }),
  reply: z.object({ items: z.array(z.string()) }),
})
