// Importing: an archive into empty stores, piece by piece, so that one that was broken off goes on where it stood.
import type { PoolClient } from 'pg'
import { listWorkspaces } from '../accounts/index.ts'
import { feedAliases } from '../identity/index.ts'
import { oweWorkspace } from '../leads/index.ts'
import { Refusal } from '../lib/refusal.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { Stores } from '../platform/instance.ts'
import { knownMigrations, migrateClickHouse, migratePostgres } from '../platform/migrate.ts'
import { openPostgres } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { figuresOf } from './contract.ts'
import type { ImportReport, Manifest, OnProgress, OpenArchive } from './contract.ts'
import { isStoreFull, storesFull } from './disk.ts'
import { openFolder } from './folder.ts'
import { keyCheckOf } from './key-check.ts'
import { beginLoading, loadArchive } from './load.ts'
import { travellingInClickHouse, travellingInPostgres } from './plan.ts'
import {
  readAppliedInClickHouse,
  readAppliedInPostgres,
  readClickHouseTables,
  readPostgresTables,
} from './store/catalogue.ts'
import { logTablesWithRows } from './store/log.ts'
import { endImport, endOthers, readUnfinished, serversAtWork, takeImportPlace } from './store/progress.ts'
import { refreshStatistics, setSequences, tablesWithRows } from './store/rows.ts'

/**
 * Opens an archive, and refuses where it cannot be imported by this version or under this key.
 * @param secretKey of the installation that takes it in; null where it has none yet
 * @param acceptsOtherKey take it in although what was sealed under the archive's key cannot be opened with this one
 */
export async function openArchive(
  path: string,
  secretKey: Buffer | null,
  acceptsOtherKey = false,
): Promise<OpenArchive> {
  const { folder, manifest } = await openFolder(path)
  if (!acceptsOtherKey) refuseOtherKey(manifest, secretKey)
  await refuseUnknownSchema(manifest)
  return { folder, manifest }
}

/**
 * Reads an archive into stores that hold nothing. The schema becomes the archive's, the rows come in, then the schema is
 * brought up to date as an upgrade does it. Broken off at any point, the same call goes on and writes nothing twice.
 */
export async function importArchive(
  stores: Stores,
  { folder, manifest }: OpenArchive,
  now: Date,
  onProgress?: OnProgress,
): Promise<ImportReport> {
  const postgres = openPostgres(stores.databaseUrl, { max: 4, name: 'throughline-import', idleTimeoutMs: 0 })
  const client = await postgres.pool.connect()
  try {
    await refuseCompany(client)
    const unfinished = await readUnfinished(client)
    if (unfinished && unfinished.archiveId !== manifest.id) {
      throw new Refusal(
        'import_unfinished',
        409,
        `These stores hold a part of another archive, made at ${unfinished.exportedAt}: end that import first, or name empty stores.`,
      )
    }
    await migrateClickHouse(stores.clickhouseUrl, [])
    const clickhouse = openClickHouse(stores.clickhouseUrl)
    try {
      if (!unfinished) await refuseFilled(client, clickhouse, manifest)
      await migratePostgres(stores.databaseUrl, manifest.schema.postgres)
      await migrateClickHouse(stores.clickhouseUrl, manifest.schema.clickhouse)
      if (!unfinished) await beginLoading(postgres.pool, manifest)
      const done = unfinished?.done ?? new Set<string>()
      await loadArchive({ folder, manifest }, postgres.pool, clickhouse, done, onProgress)
      const migrated = await finish(stores, manifest, client, postgres, clickhouse, now)
      return { archive: figuresOf(manifest, folder), resumed: unfinished !== null, migrated }
    } finally {
      await clickhouse.close()
    }
  } catch (error) {
    throw isStoreFull(error) ? storesFull(STAYS) : error
  } finally {
    // Its connection ends, and with it the place of the one importer.
    client.release(true)
    await postgres.close()
  }
}

/** Refuses where an import into these stores was begun and not ended: half of the data is no installation. */
export async function refuseHalfImported(databaseUrl: string): Promise<void> {
  const postgres = openPostgres(databaseUrl, { max: 1, name: 'throughline-cli' })
  const client = await postgres.pool.connect()
  try {
    const unfinished = await readUnfinished(client)
    if (!unfinished) return
    throw new Refusal(
      'import_unfinished',
      409,
      `An import into these stores has not ended (the archive of ${unfinished.exportedAt}): run \`throughline import\` with it again.`,
    )
  } finally {
    client.release()
    await postgres.close()
  }
}

function refuseOtherKey(manifest: Manifest, secretKey: Buffer | null): void {
  if (secretKey !== null && keyCheckOf(secretKey) === manifest.keyCheck) return
  throw new Refusal(
    'secret_key_other',
    409,
    'The archive was made under another SECRET_KEY, without which sessions, two-factor secrets and sealed connections in it ' +
      'cannot be read: set SECRET_KEY to it, or copy secret.key of the old DATA_DIR into this one. ' +
      'To do without them, add --other-key.',
  )
}

async function refuseUnknownSchema({ schema, productVersion }: Manifest): Promise<void> {
  for (const store of ['postgres', 'clickhouse'] as const) {
    const known = await knownMigrations(store)
    const unknown = schema[store].filter((name) => !known.includes(name))
    if (unknown.length === 0) continue
    throw new Refusal(
      'archive_too_new',
      422,
      `The archive was written by a newer version (${productVersion}), whose schema has ${unknown.join(', ')}: install that version or a newer one.`,
    )
  }
}

async function refuseCompany(client: PoolClient): Promise<void> {
  if ((await serversAtWork(client)) > 0) {
    throw new Refusal('server_running', 409, 'A server or worker is at work on these stores: stop it first.')
  }
  if (!(await takeImportPlace(client))) {
    throw new Refusal(
      'import_running',
      409,
      'Another import into these stores is at work: wait until it ends.',
    )
  }
  await endOthers(client)
}

// A first start leaves nothing but its schema and some rows that do not travel; anything else is somebody's data.
async function refuseFilled(client: PoolClient, clickhouse: ClickHouse, { schema }: Manifest): Promise<void> {
  const applied = {
    postgres: (await readAppliedInPostgres(client)) ?? [],
    clickhouse: (await readAppliedInClickHouse(clickhouse)) ?? [],
  }
  const tables = travellingInPostgres(await readPostgresTables(client)).map((table) => table.name)
  const filled = [
    ...(await tablesWithRows(
      client,
      tables.filter((name) => !isQueue(name)),
    )),
    ...(await logTablesWithRows(
      clickhouse,
      travellingInClickHouse(await readClickHouseTables(clickhouse)).map((table) => table.name),
    )),
  ]
  if (filled.length > 0) {
    throw new Refusal(
      'stores_filled',
      409,
      `These stores hold data already (${filled.slice(0, 3).join(', ')}): name an empty DATA_DIR, or empty databases in DATABASE_URL and CLICKHOUSE_URL.`,
    )
  }
  const newer = [
    ...applied.postgres.filter((name) => !schema.postgres.includes(name)),
    ...applied.clickhouse.filter((name) => !schema.clickhouse.includes(name)),
  ]
  if (newer.length > 0) {
    throw new Refusal(
      'schema_newer',
      409,
      `These stores are empty, but have a newer schema than the archive (${newer[0]}), and its rows must be upgraded on the way: ` +
        'name a new DATA_DIR, or new databases, in which nothing was started yet.',
    )
  }
}

// Each step may be done again: what is broken off here is done once more.
async function finish(
  stores: Stores,
  manifest: Manifest,
  client: PoolClient,
  postgres: Postgres,
  clickhouse: ClickHouse,
  now: Date,
): Promise<ImportReport['migrated']> {
  await setSequences(client, manifest.postgres.sequences)
  const migrated = {
    postgres: (await migratePostgres(stores.databaseUrl)).applied,
    clickhouse: (await migrateClickHouse(stores.clickhouseUrl)).applied,
  }
  await refreshStatistics(client)
  await feedAliases(postgres.db, clickhouse, now)
  for (const { id } of await listWorkspaces(postgres.db)) await oweWorkspace(postgres.db, id)
  await endImport(client)
  return migrated
}

function isQueue(table: string): boolean {
  return table.startsWith('graphile_worker.')
}

const STAYS = 'What was read stays: make room, then run the same import again, and it goes on.'
