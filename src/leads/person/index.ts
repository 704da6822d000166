// Tells a person everything that is held about them, piece by piece: as much memory for ten years of visits as for a day.
import { record } from '../../accounts/index.ts'
import { readTimeline } from '../../events/index.ts'
import { leadFamily } from '../../identity/index.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { findLead } from '../deed.ts'
import { getLead } from '../read.ts'
import { personTables, readPersonRows } from './store.ts'

/** Rows and events read at once. */
const PAGE = 500

/**
 * Begins the export of a person; what cannot be answered is refused here, before the first byte: no such lead (404), no log (503).
 * That it was made is audited.
 * @returns the id of the lead, and the document `{exportedAt, person, tables: {name: [rows]}, events: [...]}` in pieces
 */
export async function exportPerson(
  { db, clickhouse, clock }: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  caller: Caller,
  id: string,
): Promise<{ leadId: string; text: AsyncGenerator<string> }> {
  const { workspaceId } = caller
  const leadId = await findLead(db, workspaceId, id)
  const [person, family, tables] = await Promise.all([
    getLead(db, workspaceId, leadId),
    leadFamily(db, workspaceId, leadId),
    personTables(db),
  ])
  const first = await readTimeline(clickhouse, workspaceId, family, { limit: PAGE })
  const exportedAt = clock().toISOString()
  await inTransaction(db, (tx) =>
    record(tx, { caller, action: 'person_exported', subject: `lead:${leadId}` }),
  )

  async function* text(): AsyncGenerator<string> {
    yield `{"exportedAt":${JSON.stringify(exportedAt)},"person":${JSON.stringify(person)},"tables":{`
    for (const [place, table] of tables.entries()) {
      yield `${place === 0 ? '' : ','}\n${JSON.stringify(table)}:[`
      yield* listed(rowsOf(table))
      yield ']'
    }
    yield '},\n"events":['
    yield* listed(events())
    yield ']}\n'
  }

  async function* rowsOf(table: string): AsyncGenerator<unknown[]> {
    for (let skip = 0; ; skip += PAGE) {
      const page = await readPersonRows(db, table, { workspaceId, leadIds: family, skip, limit: PAGE })
      yield page
      if (page.length < PAGE) return
    }
  }

  async function* events(): AsyncGenerator<unknown[]> {
    let page = first
    for (;;) {
      yield page.items
      if (page.nextCursor === null) return
      page = await readTimeline(clickhouse, workspaceId, family, { limit: PAGE, cursor: page.nextCursor })
    }
  }

  return { leadId, text: text() }
}

// The items of an array, page by page, a line each.
async function* listed(pages: AsyncGenerator<unknown[]>): AsyncGenerator<string> {
  let isFirst = true
  for await (const page of pages) {
    if (page.length === 0) continue
    yield (isFirst ? '\n' : ',\n') + page.map((item) => JSON.stringify(item)).join(',\n')
    isFirst = false
  }
}
