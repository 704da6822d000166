// What imports keep of their rows, taken out where it is about an erased person.
import { run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { writtenPhone } from '../written-phone.ts'

/** Rows that were refused or warned of lose their cells. @param values e-mail addresses, phone numbers and ids */
export async function forgetRows(tx: Db, workspaceId: string, values: string[]): Promise<void> {
  const patterns = values.map((value) => `%${value.replaceAll(/[\\%_]/g, '\\$&')}%`)
  // A number that could not be read stands in its row as it was written.
  const written = values.flatMap((value) => writtenPhone(value) ?? [])
  await run(
    tx,
    sql`update import_errors e set cells = '[]', problem = 'The person was erased on request.' from imports i
        where i.id = e.import_id and i.workspace_id = ${workspaceId}
          and (e.cells ilike any(${patterns}::text[]) or e.problem ilike any(${patterns}::text[])
            or e.cells ~ any(${written}::text[]) or e.problem ~ any(${written}::text[]))`,
  )
}

/** Forgets how imports changed these leads; of others it can still be taken back. */
export async function forgetChanges(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  await run(
    tx,
    sql`update import_traces t set changes = coalesce(
          (select json_agg(c) from json_array_elements(t.changes::json) c
           where (c->>'leadId' <> all(${leadIds}::text[])) is not false)::text, '[]')
        from imports i
        where i.id = t.import_id and i.workspace_id = ${workspaceId}
          and t.changes like any(${leadIds.map((id) => `%${id}%`)}::text[])`,
  )
}
