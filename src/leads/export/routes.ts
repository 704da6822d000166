// Serves the export of leads as a stream.
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { exportLeads } from './index.ts'

export function exportRoutes(api: Api, services: Services): void {
  api.on(contract.exportLeads, async ({ query, caller, reply }) => {
    const { status, columns, bom, ...selection } = query
    return sendCsv(reply, await exportLeads(services, caller, { selection, status, columns, bom }))
  })
  api.on(contract.exportSelection, async ({ body, caller, reply }) =>
    sendCsv(reply, await exportLeads(services, caller, { columns: undefined, ...body })),
  )
}

async function sendCsv(reply: FastifyReply, text: AsyncGenerator<string>): Promise<undefined> {
  await reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', 'attachment; filename="leads.csv"')
    .serializer((body: unknown) => body as string)
    .send(Readable.from(text, { objectMode: true, highWaterMark: 1 }))
  return undefined
}
