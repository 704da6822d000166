// Erases a person at once, and purges who lay in the bin too long: facts, log, inbox and what was made of them.
import { record } from '../../accounts/index.ts'
import { forgetLogged, forgetRefused, isLogWhole } from '../../events/index.ts'
import { forgetIdentifiers, holdErasure, liftSuppression, lockLeads } from '../../identity/index.ts'
import { forgetMessages } from '../../ingest/index.ts'
import { normaliseEmail } from '../../lib/email.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { normalisePhone } from '../../lib/phone.ts'
import { missing } from '../../lib/refusal.ts'
import { forgetRepliesAbout } from '../../platform/idempotency.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { findLead } from '../deed.ts'
import type { World } from '../deed.ts'
import type { LeadReactions } from '../reactions.ts'
import { forgetInViews } from '../views/index.ts'
import { BIN_DAYS } from './contract.ts'
import type * as contract from './contract.ts'
import type { Erasure } from './contract.ts'
import { queueClearing } from './jobs.ts'
import * as store from './store.ts'
import type { ErasureRow } from './store.ts'

/** Leads purged in one transaction. */
const PURGE_CHUNK = 500

/**
 * Erases a lead and all that are part of it. What decides is gone when this returns; the log follows within seconds, as soon
 * as the batches that were open are closed. The hash of each identifier that was theirs alone keeps them away.
 */
export async function eraseLead(
  world: World,
  caller: Caller,
  id: string,
  reactions: LeadReactions,
): Promise<Erasure> {
  return inTransaction(world.db, async (tx) => {
    // First of all: batches in work are waited for, so that none writes about a person whom it still saw.
    await holdErasure(tx, caller.workspaceId)
    const leadId = await findLead(tx, caller.workspaceId, id)
    const now = world.clock()
    const erasure = await forgetLeads(tx, reactions, {
      workspaceId: caller.workspaceId,
      leadIds: [leadId],
      kind: 'erased',
      actor: caller.actor,
      now,
    })
    await record(tx, { caller, action: 'lead_erased', subject: `lead:${leadId}` })
    return presentErasure({ ...erasure, logClearedAt: null })
  })
}

/**
 * Erases leads that somebody outside asked to have erased, as `eraseLead` does one. Those that are gone already are passed over.
 * @returns how many leads there were, those merged into them included
 */
export async function eraseLeads(
  world: World,
  reactions: LeadReactions,
  asked: { workspaceId: string; leadIds: readonly string[]; actor: string },
): Promise<number> {
  const { workspaceId, actor } = asked
  return inTransaction(world.db, async (tx) => {
    await holdErasure(tx, workspaceId)
    const leadIds = await store.familiesOf(tx, workspaceId, [...asked.leadIds])
    if (leadIds.length === 0) return 0
    await forgetLeads(tx, reactions, { workspaceId, leadIds, kind: 'erased', actor, now: world.clock() })
    return leadIds.length
  })
}

/** When people were erased or purged. */
export async function listErasures(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.listErasures>> {
  return { items: (await store.readErasures(db, workspaceId)).map(presentErasure) }
}

/** Lets an erased person come back, under the value by which they are recognised. */
export async function liftErasure(
  world: World,
  caller: Caller,
  { kind, value }: BodyOf<typeof contract.liftErasure>,
): Promise<ReplyOf<typeof contract.liftErasure>> {
  const wasErased = await inTransaction(world.db, async (tx) => {
    const lifted = await liftSuppression(tx, caller.workspaceId, kind, recognised(kind, value))
    if (lifted) {
      await record(tx, {
        caller,
        action: 'erasure_lifted',
        subject: `workspace:${caller.workspaceId}`,
        after: { kind },
      })
    }
    return lifted
  })
  return { wasErased }
}

/** Purges leads whose time in the bin is over. @returns how many */
export async function purgeBin(world: World, reactions: LeadReactions): Promise<number> {
  const until = new Date(world.clock().getTime() - BIN_DAYS * 86_400_000)
  let purged = 0
  for (;;) {
    const found = await store.readForgotten(world.db, until, PURGE_CHUNK)
    if (!found) return purged
    const { workspaceId, teamId, leadIds } = found
    await inTransaction(world.db, async (tx) => {
      await holdErasure(tx, workspaceId)
      await forgetLeads(tx, reactions, {
        workspaceId,
        leadIds,
        kind: 'purged',
        actor: '',
        now: world.clock(),
      })
      await record(tx, {
        caller: { actor: 'product', teamId, workspaceId: workspaceId as WorkspaceId },
        action: 'bin_purged',
        subject: `workspace:${workspaceId}`,
        after: { leads: leadIds.length },
      })
    })
    purged += leadIds.length
  }
}

/**
 * Takes what an erasure named out of the log, and out of what the log refused.
 * @returns false while the log does not have every event yet: try again later
 */
export async function clearLog(
  { db, clickhouse, clock }: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  erasureId: string,
): Promise<boolean> {
  const erasure = await store.readErasure(db, erasureId)
  if (!erasure || erasure.logClearedAt) return true
  if (!(await isLogWhole(db, erasure.notedAt))) return false
  // A batch that went in pieces may have left some of them here after the erasure.
  await forgetRefused(db, erasure.workspaceId, erasure.leadIds)
  await forgetLogged(clickhouse, erasure.workspaceId, erasure.leadIds, erasure.id)
  await store.noteCleared(db, erasureId, clock())
  return true
}

interface Forgetting {
  workspaceId: string
  leadIds: string[]
  kind: 'erased' | 'purged'
  actor: string
  now: Date
}

async function forgetLeads(
  tx: Tx,
  reactions: LeadReactions,
  { workspaceId, leadIds, kind, actor, now }: Forgetting,
): Promise<Omit<ErasureRow, 'notedAt' | 'logClearedAt'>> {
  const family = await store.familiesOf(tx, workspaceId, leadIds)
  if (family.length === 0) throw missing('lead', leadIds[0] ?? '')
  await lockLeads(tx, family)
  const names = await store.namesOf(tx, workspaceId, family)
  await forgetIdentifiers(tx, workspaceId, family, now, { stayAway: kind === 'erased' })
  await forgetMessages(tx, workspaceId, family, kind === 'erased' ? names : [])
  await forgetRefused(tx, workspaceId, family)
  await forgetRepliesAbout(tx, workspaceId, family)
  if (kind === 'erased') {
    await store.forgetQuestions(tx, workspaceId, names)
    await forgetInViews(tx, workspaceId, names)
  }
  await reactions.erased(tx, { workspaceId, leadIds: family, names: kind === 'erased' ? names : [] })
  await store.deleteLeads(tx, workspaceId, family)
  const erasure = {
    id: newId(),
    workspaceId,
    kind,
    leadIds: family,
    people: leadIds.length,
    actor,
    erasedAt: now,
  }
  await store.insertErasure(tx, erasure)
  await queueClearing(tx, erasure.id)
  return erasure
}

function recognised(kind: string, value: string): string {
  if (kind === 'email') {
    const read = normaliseEmail(value)
    return 'matchKey' in read ? read.matchKey : value
  }
  if (kind === 'phone') {
    const read = normalisePhone(value, null)
    return 'phone' in read ? read.phone : value
  }
  return value
}

function presentErasure(erasure: Omit<ErasureRow, 'notedAt'>): Erasure {
  return {
    id: erasure.id,
    kind: erasure.kind,
    people: erasure.people,
    actor: erasure.actor,
    erasedAt: erasure.erasedAt.toISOString(),
    logClearedAt: erasure.logClearedAt?.toISOString() ?? null,
  }
}
