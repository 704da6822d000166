// `throughline export`, `verify` and `import`: everything an installation holds, as one folder of files.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { importArchive, openArchive, verifyArchive } from '../archive/index.ts'
import type { ArchiveFigures } from '../archive/contract.ts'
import { Refusal } from '../lib/refusal.ts'
import { findRunning, withStores } from '../platform/instance.ts'
import { readSecretKey, readSettings } from '../platform/settings.ts'
import type { Settings } from '../platform/settings.ts'
import { exportStores } from './export-stores.ts'
import { count, say, showProgress, tell } from './say.ts'
import { logOf } from './work.ts'

export function addArchive(program: Command): void {
  program
    .command('export')
    .description(
      'write everything that the stores hold into an archive, while the server runs (docs/archive.md)',
    )
    .argument('<folder>', 'where the archive is to lie: an empty folder, or one to be made')
    .option(
      '--json',
      'print {"archive": {"id", "folder", "exportedAt", "leads", "events", "rows", "files", "bytes"}}',
    )
    .action(exportTo)

  program
    .command('verify')
    .description('read an archive from end to end and tell whether every file is there and unchanged')
    .argument('<folder>', 'the archive')
    .option('--json', 'print {"archive", "problems": [sentence]}; exit code 1 where there is a problem')
    .action(verify)

  program
    .command('import')
    .description('read an archive into empty stores; broken off, the same command goes on')
    .argument('<folder>', 'the archive')
    .option('--other-key', 'take it in although SECRET_KEY is another one than that of the archive')
    .option('--json', 'print {"archive", "resumed", "migrated": {"postgres": [name], "clickhouse": [name]}}')
    .action(importFrom)
}

async function exportTo(path: string, options: { json?: boolean }): Promise<void> {
  const settings = readSettings(process.env)
  refuseNothing(settings)
  const archive = await withStores(settings, logOf(settings.logLevel), (stores) =>
    exportStores(settings, stores, path),
  )
  if (settings.secretKey === undefined) {
    say(`Keep ${join(settings.dataDir, 'secret.key')} too, and apart: sealed values in the archive need it.`)
  }
  tell(options.json, { archive }, `${archive.folder} holds ${inWords(archive)}.`)
}

async function verify(path: string, options: { json?: boolean }): Promise<void> {
  const progress = showProgress('rows')
  const verdict = await verifyArchive(path, progress.update).finally(() => progress.end())
  const { archive, problems } = verdict
  if (problems.length > 0) process.exitCode = 1
  tell(
    options.json,
    verdict,
    problems.length > 0
      ? problems.join('\n')
      : `${archive.folder} is whole: ${inWords(archive)}, as of ${archive.exportedAt}.`,
  )
}

async function importFrom(path: string, options: { otherKey?: boolean; json?: boolean }): Promise<void> {
  const settings = readSettings(process.env)
  const running = findRunning(settings.dataDir)
  if (running) {
    throw new Refusal(
      'server_running',
      409,
      `A server with process id ${running.pid} runs on ${settings.dataDir}: stop it, then import.`,
    )
  }
  const secretKey = hasKey(settings) ? readSecretKey(settings) : null
  const archive = await openArchive(path, secretKey, options.otherKey)
  const progress = showProgress('rows')
  const report = await withStores(settings, logOf(settings.logLevel), (stores) =>
    importArchive(stores, archive, new Date(), progress.update),
  ).finally(() => progress.end())
  const migrations = report.migrated.postgres.length + report.migrated.clickhouse.length
  tell(
    options.json,
    report,
    `The stores hold ${inWords(report.archive)}, as of ${report.archive.exportedAt}.${
      migrations > 0 ? ` The schema was brought up to date by ${count(migrations)} migrations.` : ''
    }`,
  )
}

// Starting embedded stores only to find them empty would leave a folder behind.
function refuseNothing(settings: Settings): void {
  if (settings.databaseUrl !== undefined || existsSync(join(settings.dataDir, 'postgres'))) return
  throw new Refusal(
    'export_empty',
    409,
    `There is nothing to export: no installation lies in ${settings.dataDir}. Check DATA_DIR, or set DATABASE_URL and CLICKHOUSE_URL.`,
  )
}

function hasKey(settings: Settings): boolean {
  return settings.secretKey !== undefined || existsSync(join(settings.dataDir, 'secret.key'))
}

function inWords({ leads, events, rows, files, bytes }: ArchiveFigures): string {
  return `${count(leads)} leads and ${count(events)} events (${count(rows)} rows in ${count(files)} files, ${count(Math.ceil(bytes / 1e6))} MB)`
}
