// The stores of the integration tests: vitest's `globalSetup` starts one PostgreSQL and one ClickHouse for the run, and
// `freshDatabase()` hands a test file a migrated pair of databases of its own. Use:
//
//   const stores = await freshDatabase()            // { databaseUrl, clickhouseUrl }
//   const postgres = openPostgres(stores.databaseUrl)
//   const clickhouse = openClickHouse(stores.clickhouseUrl)
//
// Nothing needs to be dropped: the whole folder goes when the run ends. TEST_DATABASE_URL names another PostgreSQL to run on
// (its user must be allowed to create databases), such as the oldest version that is supported.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { startEmbeddedClickHouse } from '../src/platform/embedded/clickhouse.ts'
import { startEmbeddedPostgres } from '../src/platform/embedded/postgres.ts'
import { createLog } from '../src/platform/log.ts'
import { migrateClickHouse, migratePostgres } from '../src/platform/migrate.ts'

/** The addresses of a pair of databases. */
export interface TestStores {
  databaseUrl: string
  clickhouseUrl: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    stores: TestStores
  }
}

/** Starts the servers before the run and ends them after it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-test-'))
  const log = createLog('silent')
  const [postgres, clickhouse] = await Promise.all([
    process.env.TEST_DATABASE_URL
      ? { url: process.env.TEST_DATABASE_URL, stop: () => Promise.resolve() }
      : startEmbeddedPostgres({ dataDir, log, settings: FASTER }),
    startEmbeddedClickHouse({ dataDir, log }),
  ])
  const databaseUrl = withDatabase(postgres.url, 'template')
  await onServer(postgres.url, 'drop database if exists "template"')
  await onServer(postgres.url, 'create database "template"')
  await migratePostgres(databaseUrl)
  project.provide('stores', { databaseUrl: postgres.url, clickhouseUrl: clickhouse.url })
  return async () => {
    await Promise.all([postgres.stop(), clickhouse.stop()])
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** A pair of migrated, empty databases that nobody else uses. */
export async function freshDatabase(): Promise<TestStores> {
  const servers = inject('stores')
  const name = `t_${randomBytes(6).toString('hex')}`
  const clickhouseUrl = withDatabase(servers.clickhouseUrl, name)
  await Promise.all([
    onServer(servers.databaseUrl, `create database "${name}" template "template"`),
    migrateClickHouse(clickhouseUrl),
  ])
  return { databaseUrl: withDatabase(servers.databaseUrl, name), clickhouseUrl }
}

/** A pair of databases that nobody migrated yet; the one of ClickHouse is made by its first migration. */
export async function blankDatabase(): Promise<TestStores> {
  const servers = inject('stores')
  const name = `t_${randomBytes(6).toString('hex')}`
  await onServer(servers.databaseUrl, `create database "${name}"`)
  return {
    databaseUrl: withDatabase(servers.databaseUrl, name),
    clickhouseUrl: withDatabase(servers.clickhouseUrl, name),
  }
}

// What is lost with the power does not matter here. Files run side by side, each with pools of its own.
const FASTER = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, name: string): string {
  const target = new URL(url)
  target.pathname = `/${name}`
  return target.toString()
}
