// Everything that is held about one person, as a file for that person.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'

export const exportPerson = endpoint({
  id: 'exportPerson',
  method: 'POST',
  path: '/api/leads/:id/export',
  access: { permission: 'leads.read' },
  summary:
    'Everything that is held about a person, as one JSON document, streamed: the record, every table that names them, and all they did',
  tag: 'Leads',
  params: z.object({ id: z.uuid() }),
})
