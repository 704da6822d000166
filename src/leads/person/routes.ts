// Serves what is held about a person as a download.
import { Readable } from 'node:stream'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { exportPerson } from './index.ts'

export function personRoutes(api: Api, services: Services): void {
  api.on(contract.exportPerson, async ({ params, caller, reply }) => {
    const { leadId, text } = await exportPerson(services, caller, params.id)
    await reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="person-${leadId}.json"`)
      .serializer((body: unknown) => body as string)
      .send(Readable.from(text, { objectMode: true, highWaterMark: 1 }))
    return undefined
  })
}
