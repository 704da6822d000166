// Where the package lies on disk, whether it runs from src/ or from the bundle in dist/.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds package.json, db/ and dist/. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'db'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('package.json and db/ were not found above the running code')
  return findRoot(parent)
}
