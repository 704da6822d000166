// Words about people on their way to the record: their custom fields are looked up, and taken as those are kept.
import { Refusal } from '../../lib/refusal.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Saying } from '../decide-people.ts'
import { settleCustom, settleSayings } from './settle.ts'
import { readSettledFields } from './store/fields.ts'

/** The sayings with their custom fields as the workspaces keep them. Call it where the leads are locked. */
export async function settledSayings(tx: Db, sayings: Saying[]): Promise<Saying[]> {
  const workspaceIds = new Set(
    sayings.flatMap(({ words, workspaceId }) => (words?.custom ? workspaceId : [])),
  )
  if (workspaceIds.size === 0) return sayings
  return settleSayings(sayings, await readSettledFields(tx, [...workspaceIds]))
}

/** A wish to set one custom field of many leads, as the workspace keeps it. Refuses (409) a field that is being removed. */
export async function settledWish<Wish extends { field: string; value: string | number | boolean | null }>(
  db: Db,
  workspaceId: string,
  wish: Wish,
): Promise<Wish> {
  if (!wish.field.startsWith(PREFIX)) return wish
  const fields = await readSettledFields(db, [workspaceId])
  const custom = { [wish.field.slice(PREFIX.length)]: wish.value }
  const [settled] = Object.entries(settleCustom(custom, new Map(fields.map((field) => [field.key, field]))))
  if (!settled) throw new Refusal('field_busy', 409, 'This field is being removed. Choose another one.')
  const [key, value] = settled
  return { ...wish, field: PREFIX + key, value }
}

const PREFIX = 'fields.'
