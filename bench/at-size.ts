// Benches of a product that holds a million leads: filling it, tagging all of them, and its archive.
import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peakOf, proportionalMemory } from './memory.ts'
import type { Product } from './product.ts'
import { freshness } from './tracking.ts'

/** Fills the test twin as `throughline seed` does. @returns seconds */
export async function seedDemo(product: Product, leads: number, events: number): Promise<number> {
  const asked = ['seed', '--leads', String(leads), '--events', String(events)]
  return (await throughline(asked, product.dataDir)).seconds
}

/** Tags every lead of the test twin. @returns seconds until the last is tagged, and how fresh live calls were meanwhile */
export async function tagAll(product: Product, tag: string): Promise<{ seconds: number; p99Ms: number }> {
  const startedAt = performance.now()
  const begun = await product.call(
    'POST',
    '/api/leads/bulk',
    { selection: { audience: 'all' }, action: { kind: 'tag', tags: [tag] } },
    TWIN,
  )
  const { id } = begun.body as { id: string }
  const live = freshness(product, { perSecond: 100, seconds: 20, probesPerSecond: 2 })
  for (;;) {
    const { body } = await product.call('GET', `/api/bulk-jobs/${id}`, undefined, TWIN)
    const job = body as { status: string; total: number; changed: number; error: string | null }
    if (job.status === 'done') {
      if (job.changed !== job.total) throw new Error(`${job.changed} of ${job.total} leads were tagged`)
      break
    }
    if (job.status !== 'running') throw new Error(`tagging ended as ${job.status}: ${job.error}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const seconds = (performance.now() - startedAt) / 1000
  return { seconds, p99Ms: (await live).p99Ms }
}

export interface ArchiveFigures {
  exportSeconds: number
  verifySeconds: number
  importSeconds: number
  /**
   * the most memory that any of the three needed beyond an idle product, in MB: the export's process and the server beside it,
   * the verification's process, and the import's with the stores that it starts
   */
  memoryMb: number
}

/** Exports beside the running server, verifies, and imports into stores of its own. */
export async function archive(product: Product): Promise<ArchiveFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-archive-'))
  const target = await mkdtemp(join(tmpdir(), 'throughline-bench-restored-'))
  try {
    const at = join(folder, 'archive')
    await copyFile(join(product.dataDir, 'secret.key'), join(target, 'secret.key'))
    const idle = await proportionalMemory(product)
    const exported = await peakOf(product, () => throughline(['export', at], product.dataDir))
    const verified = await throughline(['verify', at], product.dataDir)
    const imported = await throughline(['import', at], target)
    return {
      exportSeconds: exported.result.seconds,
      verifySeconds: verified.seconds,
      importSeconds: imported.seconds,
      memoryMb: Math.max(
        exported.peak + exported.result.memoryMb - idle,
        verified.memoryMb,
        imported.memoryMb - idle,
      ),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(target, { recursive: true, force: true })
  }
}

const TWIN = 'bench-test'

async function throughline(asked: string[], dataDir: string): Promise<{ seconds: number; memoryMb: number }> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(process.cwd(), 'dist', 'cli.js'), ...asked], {
    env: { ...process.env, DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const { result: code, peak: memoryMb } = await peakOf({ pid: child.pid! }, () => ended)
  if (code !== 0) throw new Error(`throughline ${asked[0]} ended with ${code}`)
  return { seconds: (performance.now() - startedAt) / 1000, memoryMb }
}
