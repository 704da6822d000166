// Takes an import back batch by batch from its end: leads, events and progress commit together, so a killed worker's job goes on.
import { record } from '../accounts/index.ts'
import { takeOutOrders } from '../commerce/index.ts'
import { logEvents, systemEvent } from '../events/index.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { takeBackLeads } from '../leads/index.ts'
import { inTransaction, isPostgresUnreachable, sqlState } from '../platform/postgres.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { Undo } from './contract.ts'
import { deleteTraces, readTraceBefore } from './store/traces.ts'
import type { StoredTrace } from './store/traces.ts'
import { lockUndo, noteUndo, readTraceInstants } from './store/undo.ts'
import type { UndoRow } from './store/undo.ts'

type Worker = Pick<Services, 'db' | 'clock' | 'log'>

/** Works for some seconds. @returns whether something is left to do */
export async function workUndo(worker: Worker, importId: string, budgetMs: number): Promise<boolean> {
  const endsAt = worker.clock().getTime() + budgetMs
  while (await takeBackBatch(worker, importId)) {
    if (worker.clock().getTime() > endsAt) return true
  }
  return false
}

/** Takes the last batch back that was not yet. @returns whether there may be another */
export async function takeBackBatch(worker: Worker, importId: string): Promise<boolean> {
  try {
    return await inTransaction(worker.db, async (tx) => {
      const row = await lockUndo(tx, importId)
      if (!row) return false
      const trace = await readTraceBefore(tx, importId, row.undoRow)
      if (!trace) {
        await end(tx, row, 'done')
        return false
      }
      const undo = await takeBackTrace(tx, row, trace)
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

async function takeBackTrace(tx: Tx, row: UndoRow, trace: StoredTrace): Promise<Undo> {
  const instants = await readTraceInstants(tx, row.id)
  const orders = await takeBackOrders(tx, row, trace, instants)
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
  const kept = { ...row.undo.kept }
  for (const { reason } of taken.kept) kept[reason] = (kept[reason] ?? 0) + 1
  const changedOrders = trace.orders.length - orders
  if (changedOrders > 0) kept.order_changed_since = (kept.order_changed_since ?? 0) + changedOrders
  return {
    ...row.undo,
    binned: row.undo.binned + taken.binned,
    restored: row.undo.restored + taken.restored,
    orders: row.undo.orders + orders,
    kept,
    examples: [...row.undo.examples, ...taken.kept].slice(0, 50),
  }
}

async function takeBackOrders(tx: Tx, row: UndoRow, trace: StoredTrace, instants: Date[]): Promise<number> {
  const { workspaceId } = row
  const told = { workspaceId, source: 'import:orders', externalIds: trace.orders }
  const gone = await takeOutOrders(tx, told, instants)
  await logEvents(
    tx,
    gone.map(({ externalId, leadId, totalMinor, currency }) => ({
      workspaceId,
      leadId,
      event: systemEvent({
        eventId: newId(),
        at: row.undoAt,
        name: 'order_cancelled',
        category: 'record',
        call: 'system',
        source: row.undoBy.startsWith('user:') ? 'user' : 'api',
        actor: row.undoBy,
        valueMinor: totalMinor,
        currency,
        properties: { order_id: externalId, takenBackImportId: row.id },
      }),
    })),
  )
  return gone.length
}

async function end(tx: Tx, row: UndoRow, status: 'done' | 'failed'): Promise<void> {
  const undo: Undo = { ...row.undo, status, progress: status === 'done' ? 1 : row.undo.progress }
  await noteUndo(tx, row.id, undo, row.undoRow)
  if (status === 'done') await deleteTraces(tx, row.id)
  const { binned, restored, orders, kept } = undo
  await record(tx, {
    caller: { actor: row.undoBy, teamId: row.teamId, workspaceId: row.workspaceId as WorkspaceId },
    action: 'import_undo_ended',
    subject: `import:${row.id}`,
    after: { fileName: row.fileName, status, binned, restored, orders, kept },
  })
}
