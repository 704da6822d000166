// The product as a person starts it, in a folder of its own, for tests that kill its processes and start it again.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../src/platform/embedded/ports.ts'
import { isAlive, startMarkOf } from '../src/platform/embedded/processes.ts'
import type { RunFile } from '../src/platform/instance.ts'
import { root } from './sources.ts'

export type Part = 'server' | 'postgres' | 'clickhouse'

export interface Product {
  /** the same across restarts */
  url: string
  /** what it says of itself now: its processes and where the stores are */
  facts(): Promise<RunFile>
  /** `kill -9`; the server is started again at once, the stores are its own care */
  kill(part: Part): Promise<void>
  /** ends only the server and leaves it down */
  killServer(): Promise<void>
  start(): Promise<void>
  /** stops it in order; the process ids of all that it ever started and that live on */
  stop(): Promise<number[]>
}

/** Starts the product on a port that stays; the build is made fresh first. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-faults-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  /** every process that was ever seen, with the mark of its start, since ids are used again */
  const seen = new Map<number, string | undefined>()
  let server: ChildProcess | undefined

  const facts = async (): Promise<RunFile> =>
    JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as RunFile

  async function note(): Promise<RunFile> {
    const now = await facts()
    for (const pid of [now.pid, now.postgresPid, now.clickhousePid]) {
      if (pid !== undefined && !seen.has(pid)) seen.set(pid, startMarkOf(pid))
    }
    return now
  }

  async function start(): Promise<void> {
    const child = spawn(process.execPath, [join(root, 'scripts', 'throughline.mjs'), 'start'], {
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        PORT: String(port),
        HOST: '127.0.0.1',
        LOG_LEVEL: 'error',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    server = child
    await ready(child)
    await note()
  }

  async function killServer(): Promise<void> {
    await note()
    const child = server
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  await start()
  return {
    url,
    facts,
    start,
    killServer,
    async kill(part) {
      if (part === 'server') {
        await killServer()
        await start()
        return
      }
      const now = await note()
      const pid = part === 'postgres' ? now.postgresPid : now.clickhousePid
      if (pid === undefined || startMarkOf(pid) !== seen.get(pid)) return
      process.kill(pid, 'SIGKILL')
    },
    async stop() {
      if (server?.exitCode === null && server.signalCode === null) {
        await note()
        const ended = new Promise((resolve) => server?.once('exit', resolve))
        server.kill('SIGTERM')
        await ended
      }
      const left = [...seen]
        .filter(([pid, mark]) => isAlive(pid) && startMarkOf(pid) === mark)
        .map(([pid]) => pid)
      await rm(dataDir, { recursive: true, force: true })
      return left
    },
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-10_000)
      if (said.includes('is ready at ')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => reject(new Error(`the product ended with code ${code}: ${said}`)))
  })
}
