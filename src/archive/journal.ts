// How far an export is, kept in its folder while it has no manifest: the slices of the log that are whole on disk.
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { partSchema } from './contract.ts'
import { writeWhole } from './parts.ts'
import { closedBatchesSchema, sliceSchema } from './slices.ts'

/** The file that says that an export runs or was broken off; sealing the archive takes it away. */
export const MARK = 'unfinished'

const beginningSchema = z.object({
  closed: closedBatchesSchema,
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), slices: z.array(sliceSchema) })),
})

const wholeSliceSchema = z.object({
  /** of the file names of its parts, `clickhouse/events.00003` */
  stem: z.string(),
  /** what ClickHouse made of the rows before they were read */
  digest: z.string(),
  parts: z.array(partSchema),
})

/** What the first export into a folder saw, by which it cut the log; those after it go on with its slices. */
export type Beginning = z.output<typeof beginningSchema>
export type WholeSlice = z.output<typeof wholeSliceSchema>

export interface Journal {
  beginning: Beginning
  whole: WholeSlice[]
}

/** What an export noted that was broken off in this folder; null where there is nothing to go on with. */
export async function readJournal(folder: string): Promise<Journal | null> {
  const text = await readFile(join(folder, MARK), 'utf8').catch(() => '')
  // The last line may have been cut off by the end of its writer.
  const [, first = '', ...others] = text.split('\n').slice(0, -1)
  const beginning = beginningSchema.safeParse(parsed(first))
  if (!beginning.success) return null
  const whole = others.flatMap((line) => wholeSliceSchema.safeParse(parsed(line)).data ?? [])
  return { beginning: beginning.data, whole }
}

/** Writes the journal anew. @param journal null: an export has begun that has nothing to keep yet */
export async function writeJournal(folder: string, journal: Journal | null): Promise<void> {
  const facts = journal === null ? [] : [journal.beginning, ...journal.whole]
  const text = [MARK_TEXT, ...facts.map((fact) => JSON.stringify(fact))].map((line) => `${line}\n`).join('')
  await writeWhole(join(folder, `${MARK}.new`), text)
  await rename(join(folder, `${MARK}.new`), join(folder, MARK))
}

/** Notes a slice whose parts are on disk. */
export async function noteWhole(folder: string, slice: WholeSlice): Promise<void> {
  const file = await open(join(folder, MARK), 'a', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(slice)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

const MARK_TEXT =
  'An export writes into this folder, or was broken off. It is no archive before manifest.json is here. The lines below say how far it is.'

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
