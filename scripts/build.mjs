// Builds dist/: the server and its two companions as one file each, the web app, and the tracker with the embed script of forms; or the named parts.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { contentsOf, markBuilt, root } from './freshness.mjs'

const dist = join(root, 'dist')

const PARTS = { server: buildServer, tracker: buildTracker, web: buildWeb }
const named = process.argv.slice(2)
const contents = contentsOf()
rmSync(join(dist, 'sources.json'), { force: true })
await Promise.all((named.length > 0 ? named : Object.keys(PARTS)).map((part) => PARTS[part]()))
if (named.length === 0) markBuilt(contents)

async function buildServer() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: present({
      cli: 'src/cli.ts',
      worker: 'src/worker-thread.ts',
      'chdb-server': 'src/platform/embedded/chdb-server.ts',
      sandbox: 'sandbox/main.ts',
    }),
    outdir: dist,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
  })
}

async function buildTracker() {
  for (const folder of ['tracker', 'tracker/form']) {
    const settings = JSON.parse(readFileSync(join(root, folder, 'esbuild.json'), 'utf8'))
    await esbuild.build({ ...settings, absWorkingDir: root, logLevel: 'warning' })
  }
}

async function buildWeb() {
  const configFile = join(root, 'web', 'vite.config.ts')
  if (!existsSync(configFile)) return
  // Vite takes over what is set, and would bundle React with its development checks in a test run or a developer's shell.
  process.env.NODE_ENV = 'production'
  const { build } = await import('vite')
  await build({
    configFile,
    root: join(root, 'web'),
    build: { outDir: join(dist, 'web'), emptyOutDir: true, reportCompressedSize: false },
    logLevel: 'warn',
  })
}

function present(entries) {
  return Object.entries(entries)
    .filter(([, path]) => existsSync(join(root, path)))
    .map(([out, path]) => ({ in: path, out }))
}
