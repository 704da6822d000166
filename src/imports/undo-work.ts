// Takes an import back batch by batch from its end: leads, events and progress commit together, so a killed worker's job goes on.
import { record } from '../accounts/index.ts'
import { takeOutOrders } from '../commerce/index.ts'
import { logEvents, systemEvent } from '../events/index.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { markBulk, takeBackLeads } from '../leads/index.ts'
import type { LeadReactions } from '../leads/index.ts'
import { inTransaction, isPostgresUnreachable, sqlState } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { Undo } from './contract.ts'
import { deleteTraces, noteTakenBack, readTraceBefore } from './store/traces.ts'
import type { StoredTrace } from './store/traces.ts'
import { lockUndo, noteUndo, readTraceInstants } from './store/undo.ts'
import type { UndoRow } from './store/undo.ts'

type Worker = Pick<Services, 'db' | 'clock' | 'log'>
export interface UndoReactions extends Pick<LeadReactions, 'unmerged'> {
  /** events of these leads left the log, so that what they did is folded anew */
  relogged(tx: Db, leadIds: string[], workspaceId: string): Promise<void>
}

/** Works for some seconds. @returns whether something is left to do */
export async function workUndo(
  worker: Worker,
  reactions: UndoReactions,
  importId: string,
  budgetMs: number,
): Promise<boolean> {
  const endsAt = worker.clock().getTime() + budgetMs
  while (await takeBackBatch(worker, reactions, importId)) {
    if (worker.clock().getTime() > endsAt) return true
  }
  return false
}

/** Takes the last batch back that was not yet. @returns whether there may be another */
export async function takeBackBatch(
  worker: Worker,
  reactions: UndoReactions,
  importId: string,
): Promise<boolean> {
  try {
    return await inTransaction(worker.db, async (tx) => {
      const row = await lockUndo(tx, importId)
      if (!row) return false
      await markBulk(tx)
      const trace = await readTraceBefore(tx, importId, row.undoRow)
      if (!trace) {
        await end(tx, row, 'done')
        return false
      }
      const undo = await takeBackTrace(tx, row, trace, reactions)
      const progress = Math.min(1, 1 - trace.toRow / Math.max(1, row.checkpointRow))
      await noteUndo(tx, importId, { ...undo, progress }, trace.toRow)
      return true
    })
  } catch (error) {
    // Somebody else's lock, or no database: the job is tried again.
    if (isPostgresUnreachable(error) || sqlState(error) === '40P01') throw error
    worker.log.error({ err: error, importId }, 'taking an import back failed')
    await inTransaction(worker.db, async (tx) => {
      const row = await lockUndo(tx, importId)
      if (row) await end(tx, row, 'failed')
    })
    return false
  }
}

async function takeBackTrace(
  tx: Tx,
  row: UndoRow,
  trace: StoredTrace,
  reactions: UndoReactions,
): Promise<Undo> {
  const instants = await readTraceInstants(tx, row.id)
  const gone = await takeBackOrders(tx, row, trace, instants)
  const taken = await takeBackLeads(tx, {
    workspaceId: row.workspaceId,
    made: trace.leads,
    changes: trace.changes,
    ownInstants: [...instants, row.undoAt],
    at: row.undoAt,
    importId: row.id,
    actor: row.undoBy,
    ordersUntil: row.kind === 'orders' ? row.startedAt : undefined,
  })
  const parted = taken.parted.flatMap(({ winnerId, loserId }) => [winnerId, loserId])
  if (parted.length > 0) await reactions.unmerged(tx, [...new Set(parted)], row.workspaceId)
  const keptOrders = trace.orders.filter((id) => !gone.has(id))
  await noteTakenBack(tx, row.id, trace.toRow, { keptOrders, orderLeads: [...new Set(gone.values())] })
  const kept = { ...row.undo.kept }
  for (const { reason } of taken.kept) kept[reason] = (kept[reason] ?? 0) + 1
  if (keptOrders.length > 0) kept.order_changed_since = (kept.order_changed_since ?? 0) + keptOrders.length
  return {
    ...row.undo,
    binned: row.undo.binned + taken.binned,
    restored: row.undo.restored + taken.restored,
    parted: (row.undo.parted ?? 0) + taken.parted.length,
    orders: row.undo.orders + gone.size,
    kept,
    examples: [...row.undo.examples, ...taken.kept].slice(0, 50),
  }
}

/** @returns the lead of each order that went, by external id */
async function takeBackOrders(
  tx: Tx,
  row: UndoRow,
  trace: StoredTrace,
  instants: Date[],
): Promise<Map<string, string>> {
  const { workspaceId } = row
  const told = { workspaceId, source: 'import:orders', externalIds: trace.orders }
  const gone = await takeOutOrders(tx, told, instants)
  await logEvents(
    tx,
    gone.map(({ externalId, leadId }) => ({
      workspaceId,
      leadId,
      event: systemEvent({
        eventId: newId(),
        at: row.undoAt,
        name: 'order_taken_out',
        category: 'record',
        call: 'system',
        source: row.undoBy.startsWith('user:') ? 'user' : 'api',
        actor: row.undoBy,
        properties: { order_id: externalId, takenBackImportId: row.id },
      }),
    })),
  )
  return new Map(gone.map(({ externalId, leadId }) => [externalId, leadId]))
}

async function end(tx: Tx, row: UndoRow, status: 'done' | 'failed'): Promise<void> {
  const undo: Undo = { ...row.undo, status, progress: status === 'done' ? 1 : row.undo.progress }
  await noteUndo(tx, row.id, undo, row.undoRow)
  const { binned, restored, parted, orders, kept } = undo
  // With orders they say what is left to be done in the log.
  if (status === 'done' && orders === 0) await deleteTraces(tx, row.id)
  await record(tx, {
    caller: { actor: row.undoBy, teamId: row.teamId, workspaceId: row.workspaceId as WorkspaceId },
    action: 'import_undo_ended',
    subject: `import:${row.id}`,
    after: { fileName: row.fileName, status, binned, restored, parted, orders, kept },
  })
}
