// Installs and builds what is missing, and only that; plain JavaScript, since it runs before any package is there.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isBuilt, isInstalled, markInstalled, root } from './freshness.mjs'

/** Makes sure that packages and build are there and fit the sources; ends the process with a sentence where it cannot. */
export async function prepare() {
  checkNode()
  if (isInstalled() && isBuilt()) return
  await alone(() => {
    if (!isInstalled()) install()
    if (!isBuilt()) build()
  })
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  end(
    `Throughline needs Node 20.19 or newer, and this is Node ${process.versions.node}: install a newer one from nodejs.org.`,
  )
}

function install() {
  say('Installing packages; this happens once and takes about a minute.')
  const words = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
  const npm = process.env.npm_execpath
  const [command, ...rest] =
    npm !== undefined && /npm-cli\.c?js$/.test(npm) ? [process.execPath, npm, ...words] : ['npm', ...words]
  run(command, rest, 'The packages could not be installed: see above, check the network, and start again.')
  markInstalled()
}

function build() {
  say('Building; this takes a few seconds after each change of the sources.')
  run(process.execPath, [join(root, 'scripts', 'build.mjs')], 'The build failed: see above.')
}

// What the programs say is shown only when they fail, so that a good start stays quiet.
function run(command, words, sentence) {
  const done = spawnSync(command, words, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 2 ** 20,
    shell: process.platform === 'win32',
  })
  if (done.status === 0) return
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`)
  end(
    done.error?.code === 'ENOENT'
      ? `${command} was not found: install npm, which comes with Node.`
      : sentence,
  )
}

/** Runs `work` while no other start of this checkout installs or builds; the lock of a dead process does not count. */
async function alone(work) {
  const lock = join(root, '.cache', 'start.lock')
  mkdirSync(join(root, '.cache'), { recursive: true })
  while (!takeLock(lock)) await new Promise((resolve) => setTimeout(resolve, 200))
  const release = () => rmSync(lock, { force: true })
  process.once('exit', release)
  work()
  process.off('exit', release)
  release()
}

function takeLock(lock) {
  try {
    const file = openSync(lock, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true })
  return false
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`)
}

function end(sentence) {
  say(sentence)
  process.exit(1)
}
