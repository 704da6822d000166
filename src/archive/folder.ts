// The folder of an archive: begun empty, sealed by its manifest, and read only where it is sealed.
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Refusal } from '../lib/refusal.ts'
import { FORMAT_VERSION, manifestSchema } from './contract.ts'
import type { Manifest } from './contract.ts'
import { sha256, writeWhole } from './parts.ts'

/** Files beside the parts. The mark says that an export runs or was broken off; sealing takes it away. */
const MANIFEST = 'manifest.json'
const MANIFEST_SUM = 'manifest.json.sha256'
const MARK = 'unfinished'

/**
 * Makes the folder for a new archive. What an export left that was broken off is thrown away; anything else is not touched.
 * @returns the folder with its full path
 */
export async function beginFolder(path: string): Promise<string> {
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
  await writeWhole(join(folder, MARK), MARK_TEXT).catch((error: unknown) => {
    throw cannotWrite(folder, error)
  })
  await emptyFolder(folder)
  for (const store of ['postgres', 'clickhouse']) await mkdir(join(folder, store), { mode: 0o700 })
  return folder
}

/** Takes away the parts of an export that failed, so that a full disk is free again. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const store of ['postgres', 'clickhouse', MANIFEST_SUM, `${MANIFEST}.new`]) {
    await rm(join(folder, store), { recursive: true, force: true })
  }
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

/** Files in the folder that the manifest does not name. */
export async function strangersIn(folder: string, manifest: Manifest): Promise<string[]> {
  const tables = [...manifest.postgres.tables, ...manifest.clickhouse.tables]
  const known = new Set(tables.flatMap((table) => table.parts.map((part) => part.file)))
  const found: string[] = []
  for (const store of ['postgres', 'clickhouse']) {
    const names = await readdir(join(folder, store)).catch(() => [])
    found.push(...names.map((name) => `${store}/${name}`))
  }
  return found.filter((file) => !known.has(file)).sort()
}

const MARK_TEXT =
  'An export writes into this folder, or was broken off. It is no archive before manifest.json is here.\n'

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
