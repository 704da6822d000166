// Endpoints of the audit log: the list, the choices of its filter, and the export.
import { Readable } from 'node:stream'
import { csvLine } from '../../lib/csv/write.ts'
import type { Api, Caller } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { readAudit, readAuditChoices } from '../store/audit.ts'
import type { AuditFilter } from '../store/audit.ts'
import type { Hosting } from './index.ts'
import { presentAuditEntry } from './present.ts'

const EXPORT_PAGE = 1_000

export function auditRoutes(api: Api, { world }: Hosting): void {
  api.on(contract.listAuditLog, async ({ caller, query }) => {
    const page = { cursor: query.cursor, limit: query.limit + 1 }
    const found = await readAudit(world.db, caller, filterOf(query), page)
    const items = found.slice(0, query.limit)
    return {
      items: items.map(presentAuditEntry),
      nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null,
    }
  })

  api.on(contract.listAuditChoices, ({ caller }) => readAuditChoices(world.db, caller))

  api.on(contract.exportAuditLog, async ({ caller, query, reply }) => {
    await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit-log.csv"')
      .serializer((body: unknown) => body as string)
      .send(Readable.from(lines(caller, filterOf(query))))
    return undefined
  })

  async function* lines(caller: Caller, filter: AuditFilter): AsyncGenerator<string> {
    yield `\ufeff${csvLine(['When', 'Actor', 'Who', 'Action', 'Subject', 'Before', 'After'])}`
    let cursor: string | undefined
    for (;;) {
      const page = await readAudit(world.db, caller, filter, { cursor, limit: EXPORT_PAGE })
      if (page.length > 0) yield page.map(csvOf).join('')
      if (page.length < EXPORT_PAGE) return
      cursor = page.at(-1)?.id
    }
  }
}

function csvOf(row: Parameters<typeof presentAuditEntry>[0]): string {
  const { occurredAt, actor, actorLabel, action, subject, before, after } = presentAuditEntry(row)
  const text = (value: Record<string, unknown> | null) => value && JSON.stringify(value)
  return csvLine([occurredAt, actor, actorLabel, action, subject, text(before), text(after)])
}

function filterOf(query: { [name in keyof AuditFilter]?: string | undefined }): AuditFilter {
  const { actor, action, from, to } = query
  return { actor, action, from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined }
}
