// Decides batches: runs a line of `flow.ts` in one transaction, halves a batch that fails until the culprit is alone.
import { workspaceSettings } from './accounts/index.ts'
import { imported, inbound, reactions } from './flow.ts'
import type { FlowContext, IdentifiedSubject } from './flow-steps.ts'
import { IdentityRace } from './identity/index.ts'
import type { BatchOutcome, ImportBatch, ImportItem, ImportTrace, RowProblem } from './imports/contract.ts'
import { halveBatch, settleImport } from './imports/index.ts'
import { TakenTwice, settleMessages } from './ingest/index.ts'
import type { ReadingSettings, Settled } from './ingest/index.ts'
import type { Arrival } from './ingest/contract.ts'
import { markBulk } from './leads/index.ts'
import { newId } from './lib/ids.ts'
import type { WorkspaceId } from './lib/ids.ts'
import { Refusal } from './lib/refusal.ts'
import { runLine } from './lib/steps.ts'
import type { Line, Outcome } from './lib/steps.ts'
import { batchSeconds, stepItems } from './platform/metrics.ts'
import { inTransaction, isPostgresUnreachable, sqlState } from './platform/postgres.ts'
import type { Db, Tx } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'

/** What `decideWith` is handed beside the items: it settles them in the same transaction. */
type Settle<Item> = (
  tx: Tx,
  items: Item[],
  outcomes: Outcome<IdentifiedSubject>[],
  batchId: string,
) => Promise<void>

/**
 * Runs messages through the line and settles each in the inbox: logged, dropped or parked.
 * @param work the steps; those of `flow.ts` unless told
 * @throws TakenTwice where another worker settled some of them meanwhile
 */
export async function decideMessages(
  services: Services,
  arrivals: Arrival[],
  work: Line<FlowContext, Arrival, IdentifiedSubject> = inbound,
): Promise<void> {
  await decideWith(
    services,
    work,
    arrivals,
    (tx, items, outcomes, batchId) =>
      settleMessages(
        tx,
        items.map((item, i) => settled(item, outcomes[i]!, batchId)),
      ),
    async (item, error) => {
      const trace = JSON.stringify({ error: wordsOf(error) })
      await settleMessages(services.db, [
        {
          id: item.id,
          receivedOn: item.receivedOn,
          status: 'parked',
          reason: 'step_failed',
          leadId: null,
          batchId: null,
          trace,
        },
      ])
    },
  )
}

/**
 * Runs the rows of a batch of an import through the line; what they became and the import's checkpoint commit together. A row
 * that fails is rejected alone.
 * @param neighbour the batch before or after it, where two are in work at once
 */
export async function decideImport(
  services: Services,
  batch: ImportBatch,
  fileName: string,
  neighbour: Neighbour = {},
): Promise<void> {
  const rows = batch.items.map((item) => ({
    workspaceId: batch.workspaceId,
    importId: batch.importId,
    fileName,
    item,
    conflict: batch.conflict,
  }))
  const settings = await readingSettings(services.db, [batch.workspaceId])
  for (let attempt = 1; ; attempt++) {
    const now = services.clock()
    try {
      const counts = await inTransaction(services.db, async (tx) => {
        await markBulk(tx)
        const context: FlowContext = {
          tx,
          now,
          batchId: newId(),
          isBulk: true,
          settings,
          identified: neighbour.identified,
          keepsBefore: true,
        }
        const counted = tally()
        const outcomes = await runLine(imported, rows, context, counted.add)
        await reactToMerges(context)
        await inTurn(neighbour.before)
        await settleImport(tx, batch, outcomeOf(batch, outcomes), now, traceOf(context, outcomes))
        return counted
      })
      counts.publish()
      return
    } catch (error) {
      if (isPostgresUnreachable(error) || error instanceof Refusal) throw error
      if (isRace(error) && attempt < 20) continue
      const halves = halveBatch(batch)
      if (halves) {
        for (const half of halves) await decideImport(services, half, fileName, neighbour)
        return
      }
      const item = batch.items[0]
      if (!item) throw error
      services.log.warn(
        { err: error, importId: batch.importId, row: item.row },
        'a row failed and is rejected',
      )
      await inTransaction(services.db, (tx) =>
        settleImport(tx, batch, { ...NOTHING, rejected: [rejection(item, wordsOf(error))] }, now),
      )
      return
    }
  }
}

/** How two batches of a file that are in work at once know of each other. */
export interface Neighbour {
  /** the batch before, still in work: this one is settled after it */
  before?: Promise<unknown>
  /** called when this batch has attached its identifiers: a batch that begins now waits for it, and never the reverse */
  identified?: () => void
}

// Two batches of a file may be in work at once, each in its transaction, but they are settled in their order. Where the one
// before failed, or waits for rows that this one holds, this one gives way and its rows are read again.
async function inTurn(before: Promise<unknown> | undefined): Promise<void> {
  if (!before) return
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), TURN_LIMIT_MS)
  })
  const turn = await Promise.race([
    before.then(
      () => 'mine' as const,
      () => 'failed' as const,
    ),
    late,
  ])
  clearTimeout(timer)
  if (turn !== 'mine')
    throw new Refusal('import_moved', 409, 'The rows before these were not settled; they are read again.')
}

const TURN_LIMIT_MS = 3_000

async function decideWith<Item extends { workspaceId: string }>(
  services: Services,
  work: Line<FlowContext, Item, IdentifiedSubject>,
  items: Item[],
  settle: Settle<Item>,
  parkOne: (item: Item, error: unknown) => Promise<void>,
): Promise<void> {
  if (items.length === 0) return
  const startedAt = performance.now()
  const settings = await readingSettings(
    services.db,
    items.map((item) => item.workspaceId),
  )
  for (let attempt = 1; ; attempt++) {
    const batchId = newId()
    try {
      const counts = await inTransaction(services.db, async (tx) => {
        const context: FlowContext = { tx, now: services.clock(), batchId, settings }
        const counted = tally()
        const outcomes = await runLine(work, items, context, counted.add)
        await reactToMerges(context)
        await settle(tx, items, outcomes, batchId)
        return counted
      })
      counts.publish()
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

const NOTHING: BatchOutcome = { created: 0, updated: 0, skipped: 0, rejected: [] }

/** What became of the items of a batch, counted. */
export function outcomeOf(batch: ImportBatch, outcomes: Outcome<IdentifiedSubject>[]): BatchOutcome {
  const outcome: BatchOutcome = { ...NOTHING, rejected: [] }
  batch.items.forEach((item, i) => {
    const result = outcomes[i]!
    if ('ended' in result) {
      const { reason } = result.ended
      outcome.rejected.push({
        ...rejection(item, REJECTIONS[reason] ?? reason),
        isWithheld: reason === 'lead_erased',
      })
      return
    }
    const { identified, trace } = result.item
    const changed = (trace.changed?.length ?? 0) + (trace.consents?.length ?? 0) > 0
    if (item.order) {
      if (result.item.event.name === 'order_completed') outcome.created++
      else outcome.updated++
    } else if (identified.created) outcome.created++
    else if (changed) outcome.updated++
    else outcome.skipped++
  })
  return outcome
}

/** What a batch did, so that it can be taken back. */
function traceOf(context: FlowContext, outcomes: Outcome<IdentifiedSubject>[]): ImportTrace {
  const orders: string[] = []
  for (const outcome of outcomes) {
    if (!('item' in outcome)) continue
    const { event } = outcome.item
    if (event.name === 'order_completed') orders.push(String(event.properties.order_id))
  }
  return {
    leads: context.changes?.newLeads.map(({ lead }) => lead.id) ?? [],
    changes: context.people?.changes ?? [],
    orders,
  }
}

function rejection(item: ImportItem, problem: string): RowProblem {
  return { row: item.row, severity: 'rejected', column: '', problem, cells: [] }
}

const REJECTIONS: Record<string, string> = {
  lead_erased: 'The person was erased on request; nothing about them is taken in any more.',
  nobody_named:
    'All identifiers of the row are placeholders or shared addresses (such as info@), so it names no one person.',
}

export async function readingSettings(db: Db, workspaceIds: string[]): Promise<Map<string, ReadingSettings>> {
  const settings = new Map<string, ReadingSettings>()
  for (const id of new Set(workspaceIds)) {
    const known = await workspaceSettings(db, id as WorkspaceId)
    settings.set(id, { ownDomains: known.ownDomains, currency: known.currency })
  }
  return settings
}

/** Whether another worker attached an identifier meanwhile, so that it is decided anew. */
export function isRace(error: unknown): boolean {
  return error instanceof IdentityRace || sqlState(error) === '23505' || sqlState(error) === '40P01'
}

/** An error's words, for a person. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : String(error)
}

// Counts of a batch, published once it is committed: what was rolled back and decided again counts once.
function tally() {
  const counts: [step: string, outcome: string, reason: string, items: number][] = []
  return {
    add: (...count: (typeof counts)[number]) => void counts.push(count),
    publish() {
      for (const [step, outcome, reason, items] of counts) {
        if (items > 0) stepItems.labels(step, outcome, reason).inc(items)
      }
    },
  }
}
