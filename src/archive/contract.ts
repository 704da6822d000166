// What an archive says of itself: its manifest, and what exporting, verifying and importing it report.
import { z } from 'zod'

/** Raised when a reader of the format before it would misread an archive; additions that it may ignore do not count. */
export const FORMAT_VERSION = 1

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$/)

export const partSchema = z.object({
  /** from the archive's folder, `clickhouse/events.00001.tsv.gz` */
  file: z.string().regex(/^(postgres|clickhouse)\/[A-Za-z0-9_.$-]+\.tsv\.gz$/),
  rows: z.number().int().nonnegative(),
  /** of the file as it lies there, gzipped */
  bytes: z.number().int().nonnegative(),
  /** of the file as it lies there, in hexadecimal digits */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const tableSchema = z.object({
  /** with its schema only where that is not the product's own, `graphile_worker._private_jobs` */
  name,
  /** in the order in which they stand in the parts */
  columns: z.array(z.string().min(1)),
  rows: z.number().int().nonnegative(),
  parts: z.array(partSchema),
})

export const manifestSchema = z.object({
  format: z.literal('throughline-archive'),
  formatVersion: z.number().int().positive(),
  id: z.uuid(),
  /** of the product that wrote it */
  productVersion: z.string(),
  /** the instant of the snapshot: what was committed later is not in the archive */
  exportedAt: z.iso.datetime(),
  /** tells whether a SECRET_KEY is the one that sealed values need, without giving it away */
  keyCheck: z.string().regex(/^[0-9a-f]{32}$/),
  /** names of the migrations that the stores had, in order */
  schema: z.object({ postgres: z.array(z.string()), clickhouse: z.array(z.string()) }),
  postgres: z.object({
    tables: z.array(tableSchema),
    partitions: z.array(z.object({ name, parent: name, bound: z.string() })),
    sequences: z.array(z.object({ name, lastValue: z.string().regex(/^-?\d+$/) })),
  }),
  clickhouse: z.object({ tables: z.array(tableSchema) }),
})

export type Manifest = z.output<typeof manifestSchema>
export type ArchivedTable = z.output<typeof tableSchema>
export type Part = z.output<typeof partSchema>

/** An archive that an installation can take in. */
export interface OpenArchive {
  folder: string
  manifest: Manifest
}

/** An archive in a few figures. */
export interface ArchiveFigures {
  id: string
  folder: string
  productVersion: string
  exportedAt: string
  leads: number
  events: number
  /** rows of all tables of both stores */
  rows: number
  files: number
  /** gzipped */
  bytes: number
}

/** What verifying found: nothing, or a sentence for each fault. */
export interface Verdict {
  archive: ArchiveFigures
  problems: string[]
}

/** What importing did. */
export interface ImportReport {
  archive: ArchiveFigures
  /** it went on with an import that had been broken off */
  resumed: boolean
  /** migrations of this version that were applied after the data was in */
  migrated: { postgres: string[]; clickhouse: string[] }
}

/** How many rows are done, of how many. */
export type OnProgress = (rows: number, of: number) => void

/** The archive in figures. @param folder where it lies */
export function figuresOf(manifest: Manifest, folder: string): ArchiveFigures {
  const tables = [...manifest.postgres.tables, ...manifest.clickhouse.tables]
  const parts = tables.flatMap((table) => table.parts)
  const rowsOf = (list: ArchivedTable[], wanted: string) =>
    list.find((table) => table.name === wanted)?.rows ?? 0
  return {
    id: manifest.id,
    folder,
    productVersion: manifest.productVersion,
    exportedAt: manifest.exportedAt,
    leads: rowsOf(manifest.postgres.tables, 'leads'),
    events: rowsOf(manifest.clickhouse.tables, 'events'),
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    files: parts.length,
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  }
}
