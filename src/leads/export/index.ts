// Exports leads as CSV, page by page: as much memory for a million leads as for a thousand.
import { record } from '../../accounts/index.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { wantedBy } from '../bulk/index.ts'
import type { Selection } from '../bulk/contract.ts'
import type { World } from '../deed.ts'
import { readCustomFields } from '../store/list.ts'
import { columnsOf, headLine, leadLine } from './lines.ts'
import { readExportPage } from './store.ts'

/** Leads per query: some 2 MB of text, so that a slow reader holds little. */
const PAGE = 2_000

export interface ExportAsked {
  selection: Selection
  status: 'active' | 'binned'
  columns: readonly string[] | undefined
  bom: boolean
}

/**
 * Begins an export; what cannot be answered is refused here, before the first byte. That it was made is audited.
 * @returns the text, in pieces, read from PostgreSQL as fast as they are taken
 */
export async function exportLeads(
  world: World,
  caller: Caller,
  asked: ExportAsked,
): Promise<AsyncGenerator<string>> {
  const { workspaceId } = caller
  const columns = columnsOf(asked.columns, await readCustomFields(world.db, workspaceId))
  const wanted = await wantedBy(world, workspaceId, asked.selection, asked.status)
  await inTransaction(world.db, (tx) =>
    record(tx, {
      caller,
      action: 'leads_exported',
      subject: `workspace:${workspaceId}`,
      after: { columns: columns.map(({ key }) => key) },
    }),
  )
  const needs = { consents: columns.some(({ key }) => key.startsWith('consent.')) }
  return (async function* () {
    yield `${asked.bom ? '\ufeff' : ''}${headLine(columns)}`
    let after: string | null = null
    for (;;) {
      const page = await readExportPage(world.db, wanted, after, PAGE, needs)
      if (page.length > 0) yield page.map((row) => leadLine(columns, row)).join('')
      if (page.length < PAGE) return
      after = page.at(-1)?.id ?? null
    }
  })()
}
