// Stretches of the log that are exported one by one, so that an export that was broken off keeps those that were whole; pure.
import { z } from 'zod'

const leadBound = z.object({ workspaceId: z.guid(), leadId: z.guid() })

export const sliceSchema = z.object({
  /** of the table, as ClickHouse names it */
  partition: z.string(),
  /** the leads after this one; null: from the first */
  after: leadBound.nullable(),
  /** this one included; null: to the last */
  upTo: leadBound.nullable(),
})

/** Which batches of the log belong to a snapshot of PostgreSQL. */
export const closedBatchesSchema = z.object({
  /** batches made before this instant are closed, but for those still open */
  settledBefore: z.coerce.date(),
  open: z.array(z.guid()),
  /** of the open ones, those that go in pieces: what is logged of them travels, but for the events that are still to be sent */
  inPieces: z.array(z.guid()),
  eventsLeft: z.array(z.guid()),
  /** of the batches made since, those whose events travel */
  recent: z.array(z.guid()),
})

export type LeadBound = z.output<typeof leadBound>
export type Slice = z.output<typeof sliceSchema>
export type ClosedBatches = z.output<typeof closedBatchesSchema>

/** Rows of a table that travel together. */
export interface Selection {
  slice: Slice
  /** null: the table does not say in which batch a row came, and all travel */
  closed: ClosedBatches | null
  /** what an earlier export into the same folder had begun with: `within` it are rows of its own slices, `since` those that were closed later */
  earlier: { closed: ClosedBatches; side: 'within' | 'since' } | null
}

/**
 * Cuts a partition into slices of some `rowsEach` rows.
 * @param sample every nth row's lead, in the order of the table
 */
export function cutPartition(
  partition: string,
  sample: LeadBound[],
  sampleEvery: number,
  rowsEach: number,
): Slice[] {
  const step = Math.max(1, Math.round(rowsEach / sampleEvery))
  const bounds: LeadBound[] = []
  for (let at = step; at < sample.length - step / 2; at += step) {
    const bound = sample[at]!
    // A lead is never cut: one with more events than a slice holds has a longer one.
    if (bound.leadId !== bounds.at(-1)?.leadId) bounds.push(bound)
  }
  return [...bounds, null].map((upTo, index) => ({ partition, after: bounds[index - 1] ?? null, upTo }))
}
