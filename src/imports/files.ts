// What people do with imports: take a file in, look at it, change how it is read, start it, cancel it.
import type { WorkspaceId } from '../lib/ids.ts'
import { cutText } from '../lib/csv/cut.ts'
import { newId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { record } from '../accounts/index.ts'
import { declareFields } from '../leads/index.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { Import, ImportPreview, Mapping } from './contract.ts'
import { inspectHead, previewHead, regionOfZone } from './inspect.ts'
import type { Reading } from './inspect.ts'
import type { Surroundings } from './presets.ts'
import { createColumnScan } from './columns.ts'
import { columnsToWatch, fieldsOf, obstacleOf } from './presets.ts'
import { present } from './present.ts'
import * as store from './store.ts'
import type { ImportRow } from './store.ts'
import { lookThrough, storeFile, storedFile, storedHead } from './upload.ts'
import type { Watch } from './upload.ts'
import { mappingProblem } from './reading-checks.ts'

/** Who imports, and into which workspace. */
export interface Importer {
  workspaceId: WorkspaceId
  teamId: string
  /** `user:<id>`, `key:<id>` or `operator` */
  actor: string
}

export interface FileOffered {
  fileName: string
  bytes: AsyncIterable<Buffer | string>
  encoding?: Reading['encoding'] | undefined
  delimiter?: Reading['delimiter'] | undefined
  region?: string | undefined
  mapping?: Mapping | undefined
}

type Stores = Pick<Services, 'db' | 'clock'>

/**
 * Takes a file in and looks at it; it waits until it is started. Refuses with `file_unreadable`, `file_empty`,
 * `file_too_large`, `file_too_wide` or `mapping_invalid`; then nothing is kept.
 */
export async function uploadFile(
  { db, clock, settings }: Stores & Pick<Services, 'settings'>,
  by: Importer,
  file: FileOffered,
): Promise<{ import: Import; preview: ImportPreview }> {
  const id = newId()
  const around = await surroundings(db, by.workspaceId)
  const made = {
    id,
    workspaceId: by.workspaceId,
    fileName: storableName(file.fileName),
    createdBy: by.actor,
    createdAt: clock(),
  }
  await store.insertImport(db, { ...made, mapping: emptyMapping })
  try {
    const { head, sizeBytes, examples } = await storeFile(
      db,
      id,
      file.bytes,
      watching(around, file),
      settings,
    )
    const reading = withMapping(inspectHead(head, around, file, examples), file.mapping)
    await store.updateReading(db, id, { ...reading, status: file.mapping ? 'mapped' : 'uploaded', sizeBytes })
    return {
      import: present(await find(db, by.workspaceId, id), clock()),
      preview: await previewHead(head, reading),
    }
  } catch (error) {
    // Where even that fails, as on a full disk, the sweep of uploads that broke off takes the rest away.
    await store.deleteImport(db, id).catch(() => undefined)
    throw error
  }
}

/** Looks at a file and keeps nothing. */
export async function lookAtFile(
  { db }: Pick<Services, 'db'>,
  by: Importer,
  file: FileOffered,
): Promise<ImportPreview> {
  const around = await surroundings(db, by.workspaceId)
  const { head, examples } = await lookThrough(file.bytes, watching(around, file))
  return previewHead(head, withMapping(inspectHead(head, around, file, examples), file.mapping))
}

export async function listImports(
  { db, clock }: Stores,
  workspaceId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: Import[]; nextCursor: string | null }> {
  const found = await store.readImportRows(db, workspaceId, { before: page.cursor, limit: page.limit + 1 })
  const now = clock()
  const items = found.slice(0, page.limit).map((row) => present(row, now))
  return { items, nextCursor: found.length > page.limit ? (items.at(-1)?.id ?? null) : null }
}

export async function getImport({ db, clock }: Stores, workspaceId: string, id: string): Promise<Import> {
  return present(await find(db, workspaceId, id), clock())
}

/** The columns and first rows of a file that is still stored. */
export async function previewImport(
  { db }: Pick<Services, 'db'>,
  workspaceId: string,
  id: string,
): Promise<ImportPreview> {
  const row = await find(db, workspaceId, id)
  if (!isWaiting(row) && row.status !== 'running') {
    throw new Refusal(
      'import_ended',
      409,
      'The import has ended, so its file is not kept any more. Upload it again.',
    )
  }
  return previewHead(await storedHead(db, id, row.sizeBytes, row.encoding), row)
}

/** Changes how a waiting file is read. Another encoding or delimiter reads the headers anew. */
export async function changeImport(
  { db, clock }: Stores,
  workspaceId: string,
  id: string,
  change: Pick<FileOffered, 'encoding' | 'delimiter' | 'mapping'>,
): Promise<Import> {
  const row = await find(db, workspaceId, id)
  if (!isWaiting(row)) throw alreadyStarted()
  let reading: Reading = row
  if (change.encoding ?? change.delimiter) {
    const head = await storedHead(db, id, row.sizeBytes, row.encoding)
    const told = {
      encoding: change.encoding ?? row.encoding,
      delimiter: change.delimiter,
      region: row.mapping.region ?? undefined,
    }
    const around = await surroundings(db, workspaceId)
    const columns = watching(around, told)(head)
    for await (const chunk of storedFile(db, id)) columns.add(chunk)
    reading = inspectHead(head, around, told, columns.examples())
  }
  reading = withMapping(reading, change.mapping)
  if (!(await store.updateReading(db, id, { ...reading, status: 'mapped' }))) throw alreadyStarted()
  return getImport({ db, clock }, workspaceId, id)
}

/** Hands a waiting file to the worker. Refuses with `mapping_incomplete` where it cannot become anything. */
export async function startImport({ db, clock }: Stores, by: Importer, id: string): Promise<Import> {
  const row = await find(db, by.workspaceId, id)
  if (!isWaiting(row)) throw alreadyStarted()
  const obstacle = obstacleOf(row.mapping)
  if (obstacle) throw new Refusal('mapping_incomplete', 422, obstacle)
  await inTransaction(db, async (tx) => {
    if (!(await store.markRunning(tx, id, clock()))) throw alreadyStarted()
    const fields = fieldsOf(row.mapping).map((field) => ({
      ...field,
      workspaceId: by.workspaceId,
      origin: 'import' as const,
    }))
    await declareFields(tx, fields)
    await record(tx, {
      caller: by,
      action: 'import_started',
      subject: `import:${id}`,
      after: { fileName: row.fileName, kind: row.kind, preset: row.mapping.preset },
    })
  })
  return getImport({ db, clock }, by.workspaceId, id)
}

/** Ends an import where it stands; what came in stays. */
export async function cancelImport({ db, clock }: Stores, by: Importer, id: string): Promise<Import> {
  const row = await find(db, by.workspaceId, id)
  await inTransaction(db, async (tx) => {
    if (!(await store.markEnded(tx, id, { status: 'cancelled', error: null, at: clock() }))) {
      throw new Refusal('import_ended', 409, 'The import has ended already.')
    }
    await record(tx, {
      caller: by,
      action: 'import_cancelled',
      subject: `import:${id}`,
      after: { fileName: row.fileName },
    })
  })
  return getImport({ db, clock }, by.workspaceId, id)
}

/** Takes a file in and starts it: what the command line does. */
export async function importCsv(
  services: Stores & Pick<Services, 'settings'>,
  by: Importer,
  file: FileOffered,
): Promise<{ import: Import; preview: ImportPreview }> {
  const uploaded = await uploadFile(services, by, file)
  if (uploaded.preview.obstacle) {
    await store.deleteImport(services.db, uploaded.import.id)
    throw new Refusal('mapping_incomplete', 422, uploaded.preview.obstacle)
  }
  return { ...uploaded, import: await startImport(services, by, uploaded.import.id) }
}

const emptyMapping: Mapping = {
  kind: 'contacts',
  preset: 'generic',
  idSpace: 'csv',
  region: null,
  timeZone: 'UTC',
  columns: [{ header: 'Column 1', target: 'ignore' }],
}

async function surroundings(db: Db, workspaceId: string) {
  const around = await store.readSurroundings(db, workspaceId)
  return { ...around, region: regionOfZone(around.timeZone) }
}

// The columns that a first look leaves open are watched to the end of the file.
function watching(around: Surroundings, told: Parameters<typeof inspectHead>[2]): Watch {
  return (head) => {
    const reading = inspectHead(head, around, told)
    return createColumnScan(reading, columnsToWatch(reading.mapping))
  }
}

async function find(db: Db, workspaceId: string, id: string): Promise<ImportRow> {
  const row = await store.readImportRow(db, workspaceId, id)
  if (!row) throw missing('import', id)
  return row
}

function withMapping(reading: Reading, mapping: Mapping | undefined): Reading {
  if (!mapping) return reading
  const problem = mappingProblem(reading.mapping, mapping)
  if (problem) throw new Refusal('mapping_invalid', 422, problem)
  return { ...reading, mapping }
}

function isWaiting(row: ImportRow): boolean {
  return row.status === 'uploaded' || row.status === 'mapped'
}

function alreadyStarted(): Refusal {
  return new Refusal(
    'import_started',
    409,
    'The import was started already, so it cannot be changed. Upload the file again.',
  )
}

function storableName(name: string): string {
  return cutText(name.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim(), 200) || 'upload.csv'
}
