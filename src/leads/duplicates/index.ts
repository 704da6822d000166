// The verbs of looking for duplicates: begin, watch, and choose what is merged without a person.
import { record } from '../../accounts/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { getDuplicateLook, setDuplicateMerging } from './contract.ts'
import { queueLook } from './jobs.ts'
import { beginLook, readLook, writeMerging } from './store.ts'

type Look = ReplyOf<typeof getDuplicateLook>

/** How the last look went; what nobody chose is off, at 0.99. */
export async function duplicateLook(db: Db, workspaceId: string): Promise<Look> {
  const found = await readLook(db, workspaceId)
  return {
    isLooking: Boolean(found?.beganAt),
    lookedAt: found?.lookedAt?.toISOString() ?? null,
    leadsLooked: found?.leadsLooked ?? 0,
    pairsFound: found?.pairsFound ?? 0,
    merged: found?.merged ?? 0,
    merging: { mergesItself: found?.mergesItself ?? false, mergeAt: found?.mergeAt ?? 0.99 },
  }
}

/** Begins a look; one that is under way goes on. */
export async function lookForDuplicates(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  workspaceId: string,
): Promise<Look> {
  await inTransaction(db, async (tx) => {
    await beginLook(tx, workspaceId, clock())
    await queueLook(tx, workspaceId)
  })
  return duplicateLook(db, workspaceId)
}

/** Chooses whether the surest pairs of later looks are merged without a person. */
export async function setMerging(
  db: Db,
  caller: Caller,
  choice: BodyOf<typeof setDuplicateMerging>,
): Promise<Look> {
  await inTransaction(db, async (tx) => {
    const before = (await duplicateLook(tx, caller.workspaceId)).merging
    await writeMerging(tx, caller.workspaceId, choice)
    await record(tx, {
      caller,
      action: 'duplicate_merging_changed',
      subject: 'duplicates',
      before,
      after: choice,
    })
  })
  return duplicateLook(db, caller.workspaceId)
}
