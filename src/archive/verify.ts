// Verifying: every file of an archive is there, unchanged, whole, and holds as many rows as the manifest says.
import { figuresOf } from './contract.ts'
import type { ArchivedTable, OnProgress, Part, Verdict } from './contract.ts'
import { openFolder, strangersIn } from './folder.ts'
import { countLines, problemOf, unzip } from './parts.ts'

/**
 * Reads an archive from end to end without any store. Refuses where there is none; what is wrong with its files comes back
 * as sentences.
 */
export async function verifyArchive(
  path: string,
  onProgress: OnProgress = () => undefined,
): Promise<Verdict> {
  const { folder, manifest } = await openFolder(path)
  const archive = figuresOf(manifest, folder)
  const tables = [...manifest.postgres.tables, ...manifest.clickhouse.tables]
  const problems = tables.flatMap((table) => disagreement(table))
  const parts = tables.flatMap((table) => table.parts)
  const waiting = [...parts]
  let rows = 0
  const check = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const problem = await look(folder, part)
      if (problem !== null) problems.push(problem)
      rows += part.rows
      onProgress(rows, archive.rows)
    }
  }
  await Promise.all([check(), check()])
  const strangers = await strangersIn(folder, parts)
  problems.push(...strangers.map((file) => `${file} is no part of the archive: take it away.`))
  return { archive, problems }
}

async function look(folder: string, part: Part): Promise<string | null> {
  const bytes = await problemOf(folder, part)
  if (typeof bytes === 'string') return bytes
  const lines = await unzip(bytes).catch(() => null)
  if (lines === null) return `${part.file} cannot be unzipped: export again.`
  const found = countLines(lines)
  return found === part.rows
    ? null
    : `${part.file} holds ${found} rows instead of ${part.rows}: export again.`
}

function disagreement(table: ArchivedTable): string[] {
  const sum = table.parts.reduce((rows, part) => rows + part.rows, 0)
  return sum === table.rows
    ? []
    : [`The parts of ${table.name} hold ${sum} rows, the manifest says ${table.rows}: export again.`]
}
