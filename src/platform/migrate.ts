// Migrations of both stores: numbered SQL files, forward only, each once, refused where the schema is newer than the code.
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { Refusal } from '../lib/refusal.ts'
import { packageRoot } from './paths.ts'
import { ask, openClickHouse } from './clickhouse.ts'
import type { ClickHouse } from './clickhouse.ts'
import { migrateJobs } from './jobs.ts'

export interface MigrationReport {
  applied: string[]
}

/** A schema that newer code made: this code would not know what it writes. */
export class SchemaTooNew extends Error {
  constructor(store: string, names: string[]) {
    super(
      `The ${store} schema has ${names.join(', ')}, which this version does not know. ` +
        'Start the version that made it, or a newer one; going back needs a restored backup.',
    )
    this.name = 'SchemaTooNew'
  }
}

/**
 * Applies what is missing, one transaction per file, under a lock so that several processes may start at once.
 * @param only names of the migrations to go by, where an older schema is wanted than the newest
 */
export async function migratePostgres(url: string, only?: readonly string[]): Promise<MigrationReport> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7301)')
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const known = await readMigrations('postgres')
    const { rows } = await client.query<Applied>('select name, checksum from migrations')
    const waiting = missingMigrations('PostgreSQL', known, rows, only)
    refuseChanged('PostgreSQL', known, rows)
    for (const migration of waiting) {
      await client.query('begin')
      await client.query(migration.text)
      await client.query('insert into migrations (name, checksum) values ($1, $2)', [
        migration.name,
        migration.checksum,
      ])
      await client.query('commit')
    }
    await migrateJobs(url)
    return { applied: waiting.map((migration) => migration.name) }
  } finally {
    await client.end()
  }
}

/**
 * Applies what is missing, statement by statement: ClickHouse has no transactions, so each statement must bear a repeat.
 * @param only names of the migrations to go by, where an older schema is wanted than the newest
 */
export async function migrateClickHouse(url: string, only?: readonly string[]): Promise<MigrationReport> {
  const target = new URL(url)
  const database = target.pathname.slice(1) || 'default'
  const root = new URL(url)
  root.pathname = '/default'
  const server = openClickHouse(root.toString())
  try {
    await server.command({ query: `create database if not exists ${database}` })
  } finally {
    await server.close()
  }
  const clickhouse = openClickHouse(url)
  try {
    await clickhouse.command({
      query:
        'create table if not exists migrations (name String, checksum String, applied_at DateTime default now()) engine = MergeTree order by name',
    })
    const known = await readMigrations('clickhouse')
    const result = await clickhouse.query({
      query: 'select name, checksum from migrations',
      format: 'JSONEachRow',
    })
    const applied = await result.json<Applied>()
    const waiting = missingMigrations('ClickHouse', known, applied, only)
    refuseChanged('ClickHouse', known, applied)
    const viewsBefore = await materializedViews(clickhouse)
    for (const migration of waiting) {
      for (const statement of clickHouseStatements(migration.text, database))
        await clickhouse.command({ query: statement })
      await clickhouse.insert({
        table: 'migrations',
        values: [{ name: migration.name, checksum: migration.checksum }],
        format: 'JSONEachRow',
      })
    }
    for (const [view, query] of await materializedViews(clickhouse)) {
      if (viewsBefore.get(view) !== query) await reload(clickhouse, view)
    }
    return { applied: waiting.map((migration) => migration.name) }
  } finally {
    await clickhouse.close()
  }
}

/** The query of each materialized view, by its name. */
async function materializedViews(clickhouse: ClickHouse): Promise<Map<string, string>> {
  const found = await ask<{ name: string; query: string }>(
    clickhouse,
    `select name, create_table_query as query from system.tables
     where database = currentDatabase() and engine = 'MaterializedView'`,
  )
  return new Map(found.map(({ name, query }) => [name, query]))
}

// The server that made or changed a view knows its blocks by other tokens than one that loaded it, so a batch that is sent again
// after a restart would count twice in what the view feeds (seen with ClickHouse 26.7). Loaded anew, it has those of later starts.
async function reload(clickhouse: ClickHouse, view: string): Promise<void> {
  await clickhouse.command({ query: `detach table ${view}` })
  await clickhouse.command({ query: `attach table ${view}` })
}

/** Names of the migrations that this version has, in order. */
export async function knownMigrations(store: 'postgres' | 'clickhouse'): Promise<string[]> {
  return (await readMigrations(store)).map((migration) => migration.name)
}

/** Fills the engine words of a ClickHouse migration and cuts it into statements. */
export function clickHouseStatements(text: string, database: string): string[] {
  return text
    .replaceAll(/--.*$/gm, '')
    .replaceAll('{database}', database)
    .replaceAll('{MergeTree}', 'MergeTree')
    .replaceAll('{SummingMergeTree}', 'SummingMergeTree')
    .replaceAll('{ReplacingMergeTree(version)}', 'ReplacingMergeTree(version)')
    .replaceAll('{deduplication}', 'non_replicated_deduplication_window = 10000')
    .split(';')
    .map((statement) =>
      statement
        .trim()
        .replace(/^create (table|materialized view|dictionary) (?!if)/, 'create $1 if not exists '),
    )
    .filter((statement) => statement !== '')
}

interface Migration {
  name: string
  text: string
  checksum: string
}

interface Applied {
  name: string
  checksum: string
}

async function readMigrations(store: 'postgres' | 'clickhouse'): Promise<Migration[]> {
  const folder = join(packageRoot, 'db', store)
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

// A file that changed after it was applied says another schema than the one that is there.
function refuseChanged(store: 'PostgreSQL' | 'ClickHouse', known: Migration[], applied: Applied[]): void {
  const checksums = new Map(known.map((migration) => [migration.name, migration.checksum]))
  const changed = applied.find(({ name, checksum }) => checksum !== (checksums.get(name) ?? checksum))
  if (!changed) return
  throw new Refusal(
    'migration_changed',
    409,
    `db/${store === 'PostgreSQL' ? 'postgres' : 'clickhouse'}/${changed.name} was changed after ${store} was brought up to date with it, so the schema may not be what ` +
      'this version expects. Put the file back as it was released; a change to the schema belongs into a new file.',
  )
}

function missingMigrations(
  store: string,
  known: Migration[],
  applied: { name: string }[],
  only: readonly string[] = known.map((migration) => migration.name),
): Migration[] {
  const names = new Set(known.map((migration) => migration.name))
  const foreign = applied.map((row) => row.name).filter((name) => !names.has(name))
  if (foreign.length > 0) throw new SchemaTooNew(store, foreign)
  const done = new Set(applied.map((row) => row.name))
  return known.filter((migration) => !done.has(migration.name) && only.includes(migration.name))
}
