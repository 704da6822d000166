// Finds Chromium for the end-to-end tests, and installs it where Debian's packages are at hand.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a Chromium or Chrome, from CHROMIUM_PATH, the usual names on PATH, or a fresh install; else undefined. */
export function findChromium() {
  return findInstalled() ?? (installFromDebian() ? findInstalled() : undefined)
}

function findInstalled() {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') return isRunnable(named) ? named : undefined
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin']
  return [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ].find(isRunnable)
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

function installFromDebian() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false
  console.log('Installing Chromium for the end-to-end tests; this takes about a minute.')
  for (const words of [
    ['update', '-q'],
    ['install', '-q', '-y', '--no-install-recommends', 'chromium'],
  ]) {
    const done = spawnSync('apt-get', words, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 15 * 60_000,
    })
    if (done.status === 0) continue
    process.stdout.write(`${done.stdout ?? ''}${done.stderr ?? ''}`)
    return false
  }
  return true
}

function isRunnable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
