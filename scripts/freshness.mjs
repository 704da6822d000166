// Tells whether what was built or installed still fits its sources; plain JavaScript, since it runs before any package is there.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const mark = join(root, 'dist', 'sources.json')

/**
 * Whether dist/ was built from the present sources. Sizes and times are compared first (about 10 ms); where they
 * differ, as after a fresh checkout, the contents decide.
 */
export function isBuilt() {
  if (!existsSync(mark)) return false
  const built = JSON.parse(readFileSync(mark, 'utf8'))
  const files = listSources()
  if (built.times === timesOf(files)) return true
  if (built.contents !== contentsOf(files)) return false
  markBuilt(built.contents)
  return true
}

/** Notes that dist/ fits the sources; `contents` is what they were when the build began. */
export function markBuilt(contents) {
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, JSON.stringify({ contents, times: timesOf(listSources()) }))
}

/** A hash over the contents of all that is built. */
export function contentsOf(files = listSources()) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

/** Whether node_modules fits the lock file: by the mark of our own install, else by which of the two is newer. */
export function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const ours = join(root, 'node_modules', '.throughline-lock')
  if (existsSync(ours) && readFileSync(ours, 'utf8') === lockHash()) return true
  return statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

/** Notes that node_modules was installed from the present lock file. */
export function markInstalled() {
  writeFileSync(join(root, 'node_modules', '.throughline-lock'), lockHash())
}

function listSources() {
  const files = ['package.json', 'package-lock.json', 'scripts/build.mjs'].map((name) => join(root, name))
  for (const folder of ['src', 'web', 'tracker', 'sandbox']) walk(join(root, folder), files)
  return files.filter((file) => existsSync(file)).sort()
}

function walk(folder, files) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) walk(path, files)
    else if (!/\.test\.tsx?$/.test(entry.name)) files.push(path)
  }
}

function timesOf(files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(root, file)}:${size}:${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}
