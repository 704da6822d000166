// Bundles the tracker in memory, with the settings of the build, for the tests that run or weigh it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

/** The bytes of t.js as the build would write them. */
export async function bundleTracker(): Promise<Uint8Array> {
  const settings: BuildOptions = JSON.parse(readFileSync(new URL('esbuild.json', import.meta.url), 'utf8'))
  const root = fileURLToPath(new URL('..', import.meta.url))
  const result = await build({ ...settings, absWorkingDir: root, write: false })
  const file = result.outputFiles?.[0]
  if (!file) throw new Error('esbuild gave no file')
  return file.contents
}
