// Exporting from the command line: when asked to, and before migrations, which cannot be taken back.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { exportArchive, findUnfinished, keyCheckOf, waitingMigrations } from '../archive/index.ts'
import type { ArchiveFigures } from '../archive/contract.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Stores } from '../platform/instance.ts'
import { packageRoot } from '../platform/paths.ts'
import { readSecretKey } from '../platform/settings.ts'
import type { Settings } from '../platform/settings.ts'
import { count, say, showProgress } from './say.ts'

/** Exports the stores into a new archive and shows how far it is. */
export async function exportStores(
  settings: Settings,
  stores: Stores,
  path: string,
): Promise<ArchiveFigures> {
  const progress = showProgress('rows')
  try {
    return await exportArchive(stores, {
      path,
      secretKey: readSecretKey(settings),
      productVersion: await readVersion(),
      onProgress: progress.update,
    })
  } finally {
    progress.end()
  }
}

/**
 * Where the stores have an older schema: exports them as the setting says, else asks the person at the terminal, else says
 * how it could have been had. Throws where an export that was wanted fails, so that nothing is migrated without it.
 */
export async function offerExport(settings: Settings, stores: Stores): Promise<void> {
  const wanted = settings.exportBeforeMigration
  const waiting = wanted === 'no' ? 0 : (await waitingMigrations(stores)).length
  if (waiting === 0) return
  const change = `The stores have the schema of an older version; ${count(waiting)} migrations bring it up to date, and they cannot be taken back.`
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY
  if (wanted === undefined && !isTerminal) {
    say(
      `${change} To have an archive from before, set EXPORT_BEFORE_MIGRATION to a folder (docs/operations.md).`,
    )
    return
  }
  const parent = wanted ?? join(settings.dataDir, 'archives')
  // Installations may share the folder, and a start that is broken off again and again must not fill it.
  const ours = `before-migration-${keyCheckOf(readSecretKey(settings)).slice(0, 8)}-`
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const fresh = join(parent, `${ours}${stamp}-${process.pid}`)
  const path = (await findUnfinished(parent, ours)) ?? fresh
  if (wanted === undefined && !(await agrees(`${change}\nExport an archive into ${path} first? [Y/n] `)))
    return
  const archive = await exportStores(settings, stores, path).catch((error: unknown) => {
    // Another process of this installation is at it.
    if (error instanceof Refusal && error.code === 'export_running')
      return exportStores(settings, stores, fresh)
    throw error
  })
  say(`${archive.folder} holds what the stores held before: ${count(archive.rows)} rows.`)
}

async function agrees(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return !/^n/i.test((await terminal.question(question)).trim())
  } finally {
    terminal.close()
  }
}

async function readVersion(): Promise<string> {
  const facts = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  return facts.version
}
