// Pages of lists: conditions joined, cursors that a stranger may have written read with care.
import { Refusal } from '../../../../lib/refusal.ts'
import { sql } from '../../../../platform/postgres.ts'

/** A piece of SQL. */
export type Fragment = ReturnType<typeof sql>

/** A page: what stands behind `nextCursor` is asked for with it. */
export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

/** For rows `c` with `lead_id`: a lead that was merged counts as the one that it is part of; chains are short. */
export const ROOT = sql`left join lateral (
    with recursive up as (
      select id, merged_into, status, 0 as depth from leads where id = c.lead_id and workspace_id = c.workspace_id
      union all
      select l.id, l.merged_into, l.status, u.depth + 1 from up u join leads l on l.id = u.merged_into
      where u.status = 'merged' and u.depth < 50
    ) select id from up where status <> 'merged' limit 1
  ) root on true
  left join leads l on l.id = root.id`

export function all(conditions: Fragment[]): Fragment {
  return sql`${sql.join(conditions, sql` and `)}`
}

/** The text that a pattern of `like` takes for what begins so. */
export function beginning(search: string): string {
  return `${search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
}

/** Cuts a page out of one row more than it may have. */
export function paged<Item>(
  found: (Item & { sorted: string })[],
  limit: number,
  keyOf: (item: Item & { sorted: string }) => [string, string],
): Page<Item> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const hasMore = found.length > limit && last !== undefined
  return {
    items,
    nextCursor: hasMore ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null,
  }
}

const FORMS = {
  instant: (value: string) => !Number.isNaN(Date.parse(value)) && value.length < 40,
  number: (value: string) => /^-?\d{1,15}$/.test(value),
  text: (value: string) => !value.includes('\0') && value.length < 400,
  id: (value: string) => /^[0-9a-f-]{36}$/i.test(value),
} as const

/** What a cursor names: the value under the order, and the id among equals. Refuses (400) what no list gave. */
export function readCursor(
  text: string | undefined,
  ...forms: [keyof typeof FORMS, keyof typeof FORMS]
): [string, string] | null {
  if (text === undefined) return null
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(read) && read.length === 2) {
      const [value, id]: unknown[] = read
      if (
        typeof value === 'string' &&
        typeof id === 'string' &&
        FORMS[forms[0]](value) &&
        FORMS[forms[1]](id)
      )
        return [value, id]
    }
  } catch {
    // Said below.
  }
  throw new Refusal('cursor_invalid', 400, 'The cursor is none that this list gave. Begin again without one.')
}
