// Rows of imports that were refused or warned of lose their cells where they name an erased person.
import { run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/** @param values e-mail addresses, phone numbers and ids */
export async function forgetRows(tx: Db, workspaceId: string, values: string[]): Promise<void> {
  const patterns = values.map((value) => `%${value.replaceAll(/[\\%_]/g, '\\$&')}%`)
  await run(
    tx,
    sql`update import_errors e set cells = '[]', problem = 'The person was erased on request.' from imports i
        where i.id = e.import_id and i.workspace_id = ${workspaceId}
          and (e.cells ilike any(${patterns}::text[]) or e.problem ilike any(${patterns}::text[]))`,
  )
}
