// The folder of an archive: begun empty, sealed by its manifest, and read only where it is sealed.
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Refusal } from '../lib/refusal.ts'
import { FORMAT_VERSION, manifestSchema } from './contract.ts'
import type { Manifest, Part } from './contract.ts'
import { MARK, readJournal, writeJournal } from './journal.ts'
import type { Journal } from './journal.ts'
import { sha256, writeWhole } from './parts.ts'

const MANIFEST = 'manifest.json'
const MANIFEST_SUM = 'manifest.json.sha256'

/**
 * Makes the folder for a new archive. Of an export that was broken off in it only the slices of the log stay that were whole;
 * anything else is not touched.
 * @returns the folder with its full path, and what is to be kept of an earlier export
 */
export async function beginFolder(path: string): Promise<{ folder: string; journal: Journal | null }> {
  const folder = resolve(path)
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw cannotWrite(folder, error)
  })
  const found = await readdir(folder)
  if (found.includes(MANIFEST)) {
    throw new Refusal(
      'archive_exists',
      409,
      `${folder} holds an archive already: name another folder, or remove this one.`,
    )
  }
  if (found.length > 0 && !found.includes(MARK)) {
    throw new Refusal('folder_filled', 409, `${folder} holds other files: name an empty folder or a new one.`)
  }
  const journal = await readJournal(folder)
  await writeJournal(folder, journal).catch((error: unknown) => {
    throw cannotWrite(folder, error)
  })
  for (const name of ['postgres', MANIFEST_SUM, `${MANIFEST}.new`]) {
    await rm(join(folder, name), { recursive: true, force: true })
  }
  for (const store of ['postgres', 'clickhouse']) {
    await mkdir(join(folder, store), { recursive: true, mode: 0o700 })
  }
  const kept = journal?.whole.flatMap((slice) => slice.parts) ?? []
  for (const file of await strangersIn(folder, kept)) await rm(join(folder, file), { force: true })
  return { folder, journal }
}

/** A folder in `parent`, its name beginning so, into which an export was broken off or still runs; null where there is none. */
export async function findUnfinished(parent: string, beginning: string): Promise<string | null> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names.filter((one) => one.startsWith(beginning)).sort()) {
    const inside = await readdir(join(parent, name)).catch(() => [] as string[])
    if (inside.includes(MARK) && !inside.includes(MANIFEST)) return join(parent, name)
  }
  return null
}

/** Takes away all that an export wrote, so that a full disk is free again. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of ['postgres', 'clickhouse', MANIFEST_SUM, `${MANIFEST}.new`, `${MARK}.new`]) {
    await rm(join(folder, name), { recursive: true, force: true })
  }
  await writeJournal(folder, null)
}

/** Writes the manifest, which makes the archive one. */
export async function sealFolder(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  // In the form of sha256sum, so that `sha256sum --check` reads it.
  await writeWhole(join(folder, MANIFEST_SUM), `${sha256(text)}  ${MANIFEST}\n`)
  await writeWhole(join(folder, `${MANIFEST}.new`), text)
  await rename(join(folder, `${MANIFEST}.new`), join(folder, MANIFEST))
  await rm(join(folder, MARK), { force: true })
}

/** The manifest of a finished archive; refuses where there is none, where it was changed, or where it is from the future. */
export async function openFolder(path: string): Promise<{ folder: string; manifest: Manifest }> {
  const folder = resolve(path)
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined)
  if (text === undefined) {
    const isBroken = await stat(join(folder, MARK)).then(
      () => true,
      () => false,
    )
    throw isBroken
      ? new Refusal(
          'archive_unfinished',
          422,
          `The export into ${folder} was broken off or still runs: run \`throughline export\` with this folder again.`,
        )
      : new Refusal('archive_missing', 404, `There is no archive in ${folder}: check the path.`)
  }
  const sum = await readFile(join(folder, MANIFEST_SUM), 'utf8').catch(() => '')
  if (!sum.startsWith(sha256(text))) throw damaged('it does not agree with manifest.json.sha256')
  const facts = readJson(text)
  const version =
    typeof facts === 'object' && facts !== null && 'formatVersion' in facts && facts.formatVersion
  if (typeof version === 'number' && version > FORMAT_VERSION) {
    throw new Refusal(
      'archive_too_new',
      422,
      `The archive was written by a newer version, in a format that this one does not know: install that version.`,
    )
  }
  const parsed = manifestSchema.safeParse(facts)
  if (!parsed.success) throw damaged(parsed.error.issues[0]?.path.join('.') ?? 'it is no manifest')
  return { folder, manifest: parsed.data }
}

/** Files in the folder that are none of the parts. */
export async function strangersIn(folder: string, parts: Part[]): Promise<string[]> {
  const known = new Set(parts.map((part) => part.file))
  const found: string[] = []
  for (const store of ['postgres', 'clickhouse']) {
    const names = await readdir(join(folder, store)).catch(() => [])
    found.push(...names.map((name) => `${store}/${name}`))
  }
  return found.filter((file) => !known.has(file)).sort()
}

function damaged(what: string): Refusal {
  return new Refusal(
    'archive_damaged',
    422,
    `manifest.json was changed after it was written (${what}): copy the archive again from where it was made.`,
  )
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damaged('it is no JSON')
  }
}

function cannotWrite(folder: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) return error
  return new Refusal(
    'folder_closed',
    403,
    `${folder} cannot be written: name a folder in which this user may.`,
  )
}
