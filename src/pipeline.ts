// Decides batches: runs a line of `flow.ts` in one transaction, halves a batch that fails until the culprit is alone.
import { workspaceSettings } from './accounts/index.ts'
import { imported, inbound, reactions } from './flow.ts'
import type { FlowContext, IdentifiedSubject, ImportRow } from './flow-steps.ts'
import { IdentityRace } from './identity/index.ts'
import { TakenTwice, settleMessages } from './ingest/index.ts'
import type { ReadingSettings, Settled } from './ingest/index.ts'
import type { Arrival } from './ingest/contract.ts'
import { newId } from './lib/ids.ts'
import type { WorkspaceId } from './lib/ids.ts'
import { runLine } from './lib/steps.ts'
import type { Line, Outcome } from './lib/steps.ts'
import { batchSeconds, stepItems } from './platform/metrics.ts'
import { inTransaction, isPostgresUnreachable, sqlState } from './platform/postgres.ts'
import type { Db, Tx } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'

/** What `decideWith` is handed beside the items: it settles them in the same transaction. */
type Settle<Item> = (tx: Tx, items: Item[], outcomes: Outcome<IdentifiedSubject>[], batchId: string) => Promise<void>

/** Runs messages through the line and settles each in the inbox: logged, dropped or parked. */
export async function decideMessages(services: Services, arrivals: Arrival[]): Promise<void> {
  await decideWith(
    services,
    inbound,
    arrivals,
    (tx, items, outcomes, batchId) =>
      settleMessages(tx, items.map((item, i) => settled(item, outcomes[i]!, batchId))),
    async (item, error) => {
      const trace = JSON.stringify({ error: wordsOf(error) })
      await settleMessages(services.db, [
        { id: item.id, receivedOn: item.receivedOn, status: 'parked', reason: 'step_failed', leadId: null, batchId: null, trace },
      ])
    },
  )
}

/**
 * Runs rows of an import through the line.
 * @param settle called in the same transaction with what became of each row, so that rows and checkpoint commit together
 * @throws where the batch as a whole cannot be decided; a single row that fails is told to `settle` as an error
 */
export async function decideRows(
  services: Services,
  rows: ImportRow[],
  settle: (tx: Tx, results: RowResult[]) => Promise<void>,
): Promise<void> {
  const now = services.clock()
  const settings = await readingSettings(services.db, rows.map((row) => row.workspaceId))
  const failed = new Map<ImportRow, string>()
  for (let attempt = 0; ; attempt++) {
    const alive = rows.filter((row) => !failed.has(row))
    try {
      await inTransaction(services.db, async (tx) => {
        const context: FlowContext = { tx, now, batchId: newId(), settings }
        const outcomes = await runLine(imported, alive, context, count)
        await reactToMerges(context)
        await settle(tx, results(rows, alive, outcomes, failed))
      })
      return
    } catch (error) {
      if (isPostgresUnreachable(error) || attempt > 50) throw error
      if (isRace(error)) continue
      const culprit = await findCulprit(services, alive, settings, now)
      if (!culprit) throw error
      failed.set(culprit.row, culprit.words)
    }
  }
}

/** What became of a row: its lead is new, changed or as before; or why there is none. */
export type RowResult =
  | { row: ImportRow; became: 'created' | 'updated' | 'unchanged'; leadId: string }
  | { row: ImportRow; became: 'rejected'; problem: string }

async function decideWith<Item extends { workspaceId: string }>(
  services: Services,
  work: Line<FlowContext, Item, IdentifiedSubject>,
  items: Item[],
  settle: Settle<Item>,
  parkOne: (item: Item, error: unknown) => Promise<void>,
): Promise<void> {
  if (items.length === 0) return
  const startedAt = performance.now()
  const settings = await readingSettings(services.db, items.map((item) => item.workspaceId))
  for (let attempt = 1; ; attempt++) {
    const batchId = newId()
    try {
      await inTransaction(services.db, async (tx) => {
        const context: FlowContext = { tx, now: services.clock(), batchId, settings }
        const outcomes = await runLine(work, items, context, count)
        await reactToMerges(context)
        await settle(tx, items, outcomes, batchId)
      })
      batchSeconds.labels('decide').observe((performance.now() - startedAt) / 1000)
      return
    } catch (error) {
      if (isPostgresUnreachable(error) || error instanceof TakenTwice) throw error
      if (isRace(error) && attempt < 20) continue
      if (items.length === 1) {
        services.log.warn({ err: error }, 'a message failed and is parked')
        return parkOne(items[0]!, error)
      }
      const half = Math.ceil(items.length / 2)
      await decideWith(services, work, items.slice(0, half), settle, parkOne)
      await decideWith(services, work, items.slice(half), settle, parkOne)
      return
    }
  }
}

async function reactToMerges(context: FlowContext): Promise<void> {
  // The projection took the merges with the batch; what remains is for the log's readers.
  if (context.people && context.people.merged.length > 0) await reactions.aliased(context.tx)
}

function settled(item: Arrival, outcome: Outcome<IdentifiedSubject>, batchId: string): Settled {
  const place = { id: item.id, receivedOn: item.receivedOn }
  if ('item' in outcome) {
    return {
      ...place,
      status: 'logged',
      reason: null,
      leadId: outcome.item.identified.leadId,
      batchId,
      trace: JSON.stringify(outcome.item.trace),
    }
  }
  return {
    ...place,
    status: outcome.ended.outcome,
    reason: outcome.ended.reason,
    leadId: null,
    batchId: null,
    trace: outcome.ended.detail ? JSON.stringify({ error: outcome.ended.detail }) : null,
  }
}

function results(
  rows: ImportRow[],
  alive: ImportRow[],
  outcomes: Outcome<IdentifiedSubject>[],
  failed: Map<ImportRow, string>,
): RowResult[] {
  const byRow = new Map(alive.map((row, i) => [row, outcomes[i]!]))
  return rows.map((row) => {
    const outcome = byRow.get(row)
    if (!outcome) return { row, became: 'rejected', problem: failed.get(row) ?? 'could not be read' }
    if ('ended' in outcome) return { row, became: 'rejected', problem: REJECTIONS[outcome.ended.reason] ?? outcome.ended.reason }
    const { identified, trace } = outcome.item
    const changed = (trace.changed?.length ?? 0) + (trace.consents?.length ?? 0) > 0 || row.item.order !== undefined
    return { row, became: identified.created ? 'created' : changed ? 'updated' : 'unchanged', leadId: identified.leadId }
  })
}

const REJECTIONS: Record<string, string> = {
  nobody_named:
    'All identifiers of the row are placeholders or shared addresses (such as info@), so it names no one person.',
}

// Halves the batch in transactions that are given up, until the row that fails is alone.
async function findCulprit(
  services: Services,
  rows: ImportRow[],
  settings: Map<string, ReadingSettings>,
  now: Date,
): Promise<{ row: ImportRow; words: string } | undefined> {
  const failure = async (part: ImportRow[]): Promise<unknown> => {
    try {
      await inTransaction(services.db, async (tx) => {
        await runLine(imported, part, { tx, now, batchId: newId(), settings })
        throw new GivenUp()
      })
    } catch (error) {
      if (isPostgresUnreachable(error)) throw error
      return error instanceof GivenUp || isRace(error) ? undefined : error
    }
    return undefined
  }
  let part = rows
  let error = await failure(part)
  if (error === undefined) return undefined
  while (part.length > 1) {
    const half = part.slice(0, Math.ceil(part.length / 2))
    const halfError = await failure(half)
    if (halfError === undefined) {
      part = part.slice(half.length)
      error = (await failure(part)) ?? error
    } else {
      part = half
      error = halfError
    }
  }
  return part[0] && { row: part[0], words: wordsOf(error) }
}

class GivenUp extends Error {}

async function readingSettings(db: Db, workspaceIds: string[]): Promise<Map<string, ReadingSettings>> {
  const settings = new Map<string, ReadingSettings>()
  for (const id of new Set(workspaceIds)) {
    const known = await workspaceSettings(db, id as WorkspaceId)
    settings.set(id, { ownDomains: known.ownDomains, currency: known.currency })
  }
  return settings
}

function isRace(error: unknown): boolean {
  return error instanceof IdentityRace || sqlState(error) === '23505' || sqlState(error) === '40P01'
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : String(error)
}

function count(step: string, outcome: string, reason: string, items: number): void {
  if (items > 0) stepItems.labels(step, outcome, reason).inc(items)
}
