// Exports leads as CSV, page by page: as much memory for a million leads as for a thousand.
import { record } from '../../accounts/index.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Selection } from '../bulk/contract.ts'
import { fixLeads } from '../selection.ts'
import type { SelectionWorld } from '../selection.ts'
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
 * Begins an export; what cannot be answered is refused here, before the first byte. Its leads are fixed now; who leaves the
 * list before their page is read has no line. That it was made, and of how many leads, is audited.
 * @returns the text, in pieces, read from PostgreSQL as fast as they are taken
 */
export async function exportLeads(
  world: SelectionWorld,
  caller: Caller,
  { selection, status, ...asked }: ExportAsked,
): Promise<AsyncGenerator<string>> {
  const { workspaceId } = caller
  const columns = columnsOf(asked.columns, await readCustomFields(world.db, workspaceId))
  const leads = await fixLeads(world, { workspaceId, selection, status })
  await inTransaction(world.db, (tx) =>
    record(tx, {
      caller,
      action: 'leads_exported',
      subject: `workspace:${workspaceId}`,
      after: { columns: columns.map(({ key }) => key), leads: leads.count },
    }),
  )
  const needs = { consents: columns.some(({ key }) => key.startsWith('consent.')) }
  return (async function* () {
    yield `${asked.bom ? '\ufeff' : ''}${headLine(columns)}`
    for (const ids of leads.pages(PAGE)) {
      const page = await readExportPage(world.db, { workspaceId, status, ids }, needs)
      if (page.length > 0) yield page.map((row) => leadLine(columns, row)).join('')
    }
  })()
}
