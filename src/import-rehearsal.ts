// Rehearses an import: its rows run through the line of `flow.ts` in transactions that are rolled back, and are counted.
import { imported } from './flow.ts'
import type { FlowContext, ImportRow } from './flow-steps.ts'
import type { BatchOutcome, ImportBatch, ImportItem, Rehearsal } from './imports/contract.ts'
import { openRehearsal, outcomeCounts } from './imports/index.ts'
import type { RehearsedFile } from './imports/index.ts'
import { newId } from './lib/ids.ts'
import { createSeenTwice } from './lib/seen-twice.ts'
import type { SeenTwice } from './lib/seen-twice.ts'
import { runLine } from './lib/steps.ts'
import { inTransaction, isPostgresUnreachable } from './platform/postgres.ts'
import type { Task } from './platform/jobs.ts'
import type { Services } from './platform/services.ts'
import { isRace, outcomeOf, readingSettings } from './pipeline.ts'

const BATCH_LIMIT = 2_000
const NOTHING_COUNTED: Rehearsal['counts'] = {
  rows: 0,
  created: 0,
  updated: 0,
  skipped: 0,
  rejected: 0,
  joined: 0,
  warnings: 0,
  footers: 0,
}
/** Rows that speak of the same people as others are kept until all are known, so that they are decided together. */
const ENTANGLED_LIMIT = 100_000

/** The job that rehearses a waiting file. */
export function rehearsalTasks(services: Services): Record<string, Task> {
  return {
    'imports.rehearse': async ({ importId }) => {
      if (typeof importId !== 'string') throw new Error('a job names no import')
      await rehearse(services, importId)
    },
  }
}

/**
 * Counts what a waiting file would come to. Rows that share an identifier with others of the file are decided in one
 * transaction, in their order, and all others in batches: so the counts are those of the import itself, unless more than
 * 100,000 rows are entangled or the leads change meanwhile.
 */
export async function rehearse(services: Services, importId: string): Promise<void> {
  const file = await openRehearsal(services.db, importId)
  if (!file) return
  const result: Rehearsal = {
    status: 'running',
    progress: 0,
    counts: { ...NOTHING_COUNTED },
    isExact: true,
    error: null,
  }
  try {
    await rehearseFile(services, file, result)
  } catch (error) {
    if (isPostgresUnreachable(error)) throw error
    services.log.error({ err: error, importId }, 'a rehearsal failed')
    const sentence =
      'The counting stopped on an error of ours; the log has it. Nothing was changed. Count again.'
    await file.note({ ...result, status: 'failed', error: sentence })
  }
}

async function rehearseFile(services: Services, file: RehearsedFile, result: Rehearsal): Promise<void> {
  const seen = createSeenTwice()
  await readThrough(file, (batch) => {
    for (const item of batch.items) for (const name of namesOf(item)) seen.add(name)
    return Promise.resolve(true)
  })
  const entangled: ImportItem[] = []
  const goesOn = await readThrough(file, async (batch) => {
    const [alone, others] = part(batch, seen, ENTANGLED_LIMIT - entangled.length)
    if (others.length < batch.items.length - alone.items.length) result.isExact = false
    for (const item of others) entangled.push(item)
    await count(services, file, alone, result.counts)
    result.progress = Math.min(1, batch.readBytes / Math.max(1, file.sizeBytes))
    if (batch.done && batch.failure !== null) result.error = batch.failure
    return file.note(result)
  })
  if (!goesOn) return
  for (const items of together(entangled)) {
    await count(services, file, batchOf(items), result.counts)
    if (!(await file.note(result))) return
  }
  await file.note({ ...result, status: 'done', progress: 1 })
}

async function readThrough(
  file: RehearsedFile,
  see: (batch: ImportBatch) => Promise<boolean>,
): Promise<boolean> {
  const reader = file.open()
  try {
    for (;;) {
      const batch = await reader.take(BATCH_LIMIT)
      if (!(await see(batch))) return false
      if (batch.done) return true
    }
  } finally {
    await reader.close()
  }
}

/** By what an item could be about the same person or order as another. */
function namesOf({ email, emailKey, phone, userId, vendorCustomerId, order }: ImportItem): string[] {
  const names: string[] = []
  if (email !== undefined) names.push(`e${emailKey ?? email}`)
  if (phone !== undefined) names.push(`p${phone}`)
  if (userId !== undefined) names.push(`u${userId}`)
  if (vendorCustomerId !== undefined) names.push(`v${vendorCustomerId}`)
  if (order) names.push(`o${order.externalId}`)
  return names
}

/** The batch without the items that are entangled with others, and those, as many as there is room for. */
function part(batch: ImportBatch, seen: SeenTwice, room: number): [ImportBatch, ImportItem[]] {
  const others: ImportItem[] = []
  const items: ImportItem[] = []
  const cells: (readonly string[])[] = []
  let rows = batch.rows
  batch.items.forEach((item, place) => {
    if (others.length < room && namesOf(item).some((name) => seen.mayBeTwice(name))) {
      others.push(item)
      rows -= item.rows
    } else {
      items.push(item)
      cells.push(batch.cells[place] ?? [])
    }
  })
  return [{ ...batch, items, cells, rows }, others]
}

/** Lists of items such that no two lists speak of one person; each in the order of the file. */
function together(items: ImportItem[]): ImportItem[][] {
  const parents = items.map((_, place) => place)
  const rootOf = (place: number): number => {
    let root = place
    while (parents[root] !== root) root = parents[root]!
    while (parents[place] !== root) [parents[place], place] = [root, parents[place]!]
    return root
  }
  const firstBy = new Map<string, number>()
  items.forEach((item, place) => {
    for (const name of namesOf(item)) {
      const first = firstBy.get(name)
      if (first === undefined) firstBy.set(name, place)
      else parents[rootOf(place)] = rootOf(first)
    }
  })
  const groups = new Map<number, ImportItem[]>()
  items.forEach((item, place) => {
    const root = rootOf(place)
    const group = groups.get(root)
    if (group) group.push(item)
    else groups.set(root, [item])
  })
  const lists: ImportItem[][] = []
  let list: ImportItem[] = []
  for (const group of groups.values()) {
    if (list.length > 0 && list.length + group.length > BATCH_LIMIT) {
      lists.push(list)
      list = []
    }
    for (const item of group) list.push(item)
  }
  if (list.length > 0) lists.push(list)
  return lists.map((some) => some.sort((a, b) => a.row - b.row))
}

function batchOf(items: ImportItem[]): ImportBatch {
  return {
    importId: '',
    workspaceId: '',
    kind: 'contacts',
    fromRow: 0,
    toRow: 0,
    rows: items.reduce((sum, item) => sum + item.rows, 0),
    items,
    cells: [],
    problems: [],
    footerRows: 0,
    readBytes: 0,
    done: false,
    failure: null,
  }
}

/** Adds what a batch comes to. */
async function count(
  services: Services,
  file: RehearsedFile,
  batch: ImportBatch,
  counts: Rehearsal['counts'],
): Promise<void> {
  const outcome = await decideAndRollBack(services, file, batch)
  const found = outcomeCounts(batch, outcome).counts
  counts.rows += batch.rows
  counts.footers += batch.footerRows
  for (const key of Object.keys(found) as (keyof typeof found)[]) counts[key] += found[key]
}

class RolledBack extends Error {
  readonly outcome: BatchOutcome

  constructor(outcome: BatchOutcome) {
    super('a rehearsal is rolled back')
    this.outcome = outcome
  }
}

async function decideAndRollBack(
  services: Services,
  file: RehearsedFile,
  batch: ImportBatch,
): Promise<BatchOutcome> {
  const { workspaceId, fileName, conflict } = file
  const { items } = batch
  if (items.length === 0) return { created: 0, updated: 0, skipped: 0, rejected: [] }
  const settings = await readingSettings(services.db, [workspaceId])
  const rows = items.map((item): ImportRow => ({ workspaceId, importId: '', fileName, item, conflict }))
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(services.db, async (tx) => {
        const context: FlowContext = { tx, now: services.clock(), batchId: newId(), settings }
        throw new RolledBack(outcomeOf(batch, await runLine(imported, rows, context, () => undefined)))
      })
    } catch (error) {
      if (error instanceof RolledBack) return error.outcome
      if (isPostgresUnreachable(error)) throw error
      if (isRace(error) && attempt < 20) continue
      if (items.length === 1) return rejectedAlone(batch)
      // The row that spoils the batch is found as the import finds it: by halves.
      const middle = Math.ceil(items.length / 2)
      const halves = [items.slice(0, middle), items.slice(middle)]
      const outcomes = []
      for (const half of halves) {
        outcomes.push(await decideAndRollBack(services, file, batchOf(half)))
      }
      return outcomes.reduce((sum, one) => ({
        created: sum.created + one.created,
        updated: sum.updated + one.updated,
        skipped: sum.skipped + one.skipped,
        rejected: [...sum.rejected, ...one.rejected],
      }))
    }
  }
}

function rejectedAlone({ items }: ImportBatch): BatchOutcome {
  const row = items[0]?.row ?? 0
  return {
    created: 0,
    updated: 0,
    skipped: 0,
    rejected: [{ row, severity: 'rejected', column: '', problem: '', cells: [] }],
  }
}
