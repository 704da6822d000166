// Reads when each value of a record was told, for whoever asks what was known at a moment.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { unpackProvenance } from '../provenance.ts'
import type { LeadRow } from '../record.ts'

/** By column of the record (`job_title`) or `fields.<key>`: when its value was told, ms since 1970. */
export type ToldAt = ReadonlyMap<string, number>

/** When the values were told that leads have now; of one that was overwritten only the newest word is on record. */
export async function readToldAt(
  db: Db,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<Map<string, ToldAt>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<Parameters<typeof unpackProvenance>[0] & Pick<LeadRow, 'id'>>(
    db,
    sql`select id, email, phone, first_name, last_name, company, job_title, city, country, language, time_zone, fields, provenance
        from leads where workspace_id = ${workspaceId} and id = any(${leadIds}::uuid[])`,
  )
  return new Map(
    found.map((row) => [
      row.id,
      new Map(Object.entries(unpackProvenance(row)).map(([place, [, at]]) => [place, at])),
    ]),
  )
}
