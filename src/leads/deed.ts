// What every change of a lead by a member or a program has in common: who did it, when, and the event that tells of it.
import { systemEvent } from '../events/index.ts'
import type { LogEntry } from '../events/index.ts'
import type { Category } from '../events/contract.ts'
import { IdentityRace, lockLeads } from '../identity/index.ts'
import { newId } from '../lib/ids.ts'
import { missing } from '../lib/refusal.ts'
import { inTransaction, sqlState } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import type { Lead } from './contract.ts'
import { presentLead } from './presenter.ts'
import type { LeadRow } from './record.ts'
import { readLeadRows } from './store.ts'
import { leadNow, readActivity } from './store/detail.ts'

export type World = Pick<Services, 'db' | 'clock'>

/** A change in work: its transaction, its doer and its instant. */
export interface Deed {
  tx: Tx
  caller: Caller
  now: Date
}

/** Runs a change in one transaction; where somebody else attached an identifier meanwhile it is decided anew. */
export async function doDeed<T>(world: World, caller: Caller, work: (deed: Deed) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(world.db, (tx) => work({ tx, caller, now: world.clock() }))
    } catch (error) {
      const isRace = error instanceof IdentityRace || sqlState(error) === '23505'
      if (!isRace || attempt >= 5) throw error
    }
  }
}

/** The id that a lead has now, in the caller's workspace; refuses (404) where there is none. */
export async function findLead(db: Db, workspaceId: string, id: string): Promise<string> {
  const found = await leadNow(db, workspaceId, id)
  if (found === undefined) throw missing('lead', id)
  return found
}

/** The lead that an id means now, locked for change. */
export async function lockLead({ tx, caller }: Deed, id: string): Promise<LeadRow> {
  const locked = await lockLeads(tx, [await findLead(tx, caller.workspaceId, id)])
  const [known] = locked.values()
  const row = known && (await readLeadRows(tx, [known.id])).get(known.id)
  if (!row || row.workspace_id !== caller.workspaceId) throw missing('lead', id)
  return row
}

/** The event of a change, under the lead that it changed. */
export function deedEvent(
  { caller, now }: Deed,
  leadId: string,
  name: string,
  properties: Record<string, unknown> = {},
  category: Category = 'record',
): LogEntry {
  const source = sourceOf(caller)
  return {
    workspaceId: caller.workspaceId,
    leadId,
    event: systemEvent({
      eventId: newId(),
      at: now,
      name,
      category,
      call: 'system',
      source,
      actor: caller.actor,
      properties,
    }),
  }
}

/** `user` for a member, `api` for a program with a key. */
export function sourceOf(caller: Caller): 'user' | 'api' {
  return caller.userId === undefined ? 'api' : 'user'
}

/** A lead as it stands, for a reply. */
export async function shownLead(db: Db, id: string): Promise<Lead> {
  const [rows, activity] = await Promise.all([readLeadRows(db, [id]), readActivity(db, [id])])
  const row = rows.get(id)
  if (!row) throw missing('lead', id)
  return presentLead(row, activity.get(id))
}
