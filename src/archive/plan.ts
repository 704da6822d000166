// Which tables travel in an archive, and which are made anew instead; pure.

/** A table as PostgreSQL's catalogue tells it. */
export interface PostgresTable {
  /** with its schema only where that is not the product's own */
  name: string
  /** those that are written: generated ones are computed again */
  columns: string[]
  isPartitioned: boolean
}

/** A table as ClickHouse's catalogue tells it. */
export interface ClickHouseTable {
  name: string
  columns: string[]
  /** a materialized view fills it from the rows that come into another table */
  isFedByView: boolean
}

/** Tables of PostgreSQL that stay behind, and what stands for them after an import. */
export const derivedInPostgres: Readonly<Record<string, string>> = {
  migrations: 'the manifest names the schema, and importing makes it',
  worker_hearts: 'says which processes are at work now',
  lead_facts_owed: 'says what ClickHouse lacks; after an import it lacks every lead',
  setup_codes: 'holds what a process printed when it started',
  'graphile_worker.migrations': 'belongs to the schema of the job queue, which the product makes',
  'graphile_worker._private_known_crontabs': 'is written by each worker at its start',
}

/** Tables of ClickHouse that stay behind although no view feeds them, and what fills them after an import. */
export const derivedInClickHouse: Readonly<Record<string, string>> = {
  migrations: 'the manifest names the schema, and importing makes it',
  lead_aliases: 'is fed from the merges in PostgreSQL',
  lead_facts: 'is fed from the leads in PostgreSQL',
  stage_moves: 'is made anew where leads are understood',
  credits: 'is made anew where leads are understood',
  credit_paths: 'is made anew where leads are understood',
}

/** The tables of PostgreSQL that travel, with the columns that do. */
export function travellingInPostgres(tables: PostgresTable[]): PostgresTable[] {
  return tables
    .filter((table) => !(table.name in derivedInPostgres))
    .map((table) => ({ ...table, columns: table.columns.filter((column) => !isHold(table.name, column)) }))
}

/** The tables of ClickHouse that travel. */
export function travellingInClickHouse(tables: ClickHouseTable[]): ClickHouseTable[] {
  return tables.filter((table) => !table.isFedByView && !(table.name in derivedInClickHouse))
}

/** A name of the catalogue as SQL writes it, with its schema where it has one. */
export function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
}

// A job that was in work belongs to no worker where it arrives: it is worked again, as after a crash. And work on a field that
// waits for transactions asks anew which these are, since another server counts them from elsewhere.
function isHold(table: string, column: string): boolean {
  if (table === 'field_jobs') return column === 'waits_for'
  return table.startsWith('graphile_worker.') && ['locked_at', 'locked_by'].includes(column)
}
