// Messages of erased people leave the inbox, or lose what they said.
import { run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/** Empties messages that were dropped because they speak of an erased person. */
export async function emptyMessages(tx: Db, messages: { id: string; receivedOn: string }[]): Promise<void> {
  await run(
    tx,
    sql`update inbox set payload = '{}', origin = '{}'
        from unnest(${messages.map((m) => m.id)}::uuid[], ${messages.map((m) => m.receivedOn)}::date[]) as e(id, received_on)
        where inbox.id = e.id and inbox.received_on = e.received_on`,
  )
}

/**
 * Deletes the messages of leads, and those that ended before they belonged to anybody and name one of the values. Their keys
 * stay, so that the same messages sent again are still known.
 * @param values e-mail addresses, phone numbers and ids as a message would write them
 */
export async function forgetMessages(
  tx: Db,
  workspaceId: string,
  leadIds: string[],
  values: string[],
): Promise<void> {
  const quoted = values.map((value) => `%${JSON.stringify(value).replaceAll(/[\\%_]/g, '\\$&')}%`)
  await run(
    tx,
    sql`delete from inbox where workspace_id = ${workspaceId}
          and (lead_id = any(${leadIds}::uuid[]) or (lead_id is null and payload ilike any(${quoted}::text[])))`,
  )
}
