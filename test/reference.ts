// Runs a test against published answers where they are at hand, and says so in one line where they are not.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'

/**
 * A test over the folder that `REFERENCE_DIR` names: data files of public test suites with known answers, which are
 * not part of this repository. Without the variable, or without the file, the test is skipped and one line says why.
 *
 * `file` is the path inside the folder, `run` is handed its text.
 */
export function referenceTest(
  title: string,
  file: string,
  run: (text: string) => void | Promise<void>,
): void {
  const folder = process.env.REFERENCE_DIR
  const path = folder ? join(folder, file) : null
  if (path === null || !existsSync(path)) {
    process.stdout.write(`reference data ${file} is not at hand (set REFERENCE_DIR), skipped: ${title}\n`)
    test.skip(title, () => {})
    return
  }
  test(title, () => run(readFileSync(path, 'utf8')))
}
