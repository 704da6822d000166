// Lets the mappings of files that are not read to their end fill another custom field.
import { run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/** A mapping that fills the other field already keeps its column as it is: two columns cannot fill one field. */
export async function renameMappedField(
  tx: Db,
  workspaceId: string,
  from: string,
  into: { key: string; label: string; type: string },
): Promise<void> {
  const fills = (key: string) =>
    sql`mapping->'columns' @> ${JSON.stringify([{ target: 'custom', key }])}::jsonb`
  await run(
    tx,
    sql`update imports set mapping = jsonb_set(mapping, '{columns}', (
          select jsonb_agg(case when c->>'target' = 'custom' and c->>'key' = ${from}
            then c || ${JSON.stringify({ key: into.key, label: into.label })}::jsonb else c end order by nth)
          from jsonb_array_elements(mapping->'columns') with ordinality as u(c, nth)))
        where workspace_id = ${workspaceId} and status in ('uploaded', 'mapped', 'running') and ${fills(from)} and not ${fills(into.key)}`,
  )
}
