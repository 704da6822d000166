// Bundles the tracker and the embed script of forms in memory, with the settings of the build, for the tests that run or weigh them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

/** The bytes of t.js as the build would write them. */
export function bundleTracker(): Promise<Uint8Array> {
  return bundle('esbuild.json')
}

/** The bytes of form.js as the build would write them. */
export function bundleForm(): Promise<Uint8Array> {
  return bundle('form/esbuild.json')
}

async function bundle(name: string): Promise<Uint8Array> {
  const settings: BuildOptions = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
  const root = fileURLToPath(new URL('..', import.meta.url))
  const result = await build({ ...settings, absWorkingDir: root, write: false })
  const file = result.outputFiles?.[0]
  if (!file) throw new Error('esbuild gave no file')
  return file.contents
}
