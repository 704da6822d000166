// Runs a test against the vendors' own specifications and vectors where they are at hand, and says so in one line where they are not.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'

/**
 * A test over the folder that `CONTRACTS_DIR` names: machine-readable specifications and test vectors of vendors, which are not part
 * of this repository. `run` is handed the text of `file` in it.
 */
export function contractTest(title: string, file: string, run: (text: string) => void | Promise<void>): void {
  const folder = process.env.CONTRACTS_DIR
  const path = folder ? join(folder, file) : null
  if (path === null || !existsSync(path)) {
    process.stdout.write(`contract ${file} is not at hand (set CONTRACTS_DIR), skipped: ${title}\n`)
    test.skip(title, () => {})
    return
  }
  test(title, () => run(readFileSync(path, 'utf8')))
}
