// Starts the built product for a bench, as `npm start` does, in a folder of its own, and asks it for a workspace and keys.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import type { ClickHouse } from '../src/platform/clickhouse.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import type { Postgres } from '../src/platform/postgres.ts'

export interface Product {
  url: string
  dataDir: string
  pid: number
  writeKey: string
  workspaceId: string
  postgres: Postgres
  clickhouse: ClickHouse
  /** calls the API as the owner, in the live workspace unless told */
  call(
    method: string,
    path: string,
    body?: unknown,
    workspace?: string,
  ): Promise<{ status: number; body: unknown }>
  cookie: string
  agent: Agent
  stop(): Promise<void>
}

/** @param env settings beside those of a bench */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  const child = spawn(
    process.execPath,
    [
      ...(process.env.BENCH_NODE_ARGS ?? '').split(' ').filter(Boolean),
      join(process.cwd(), 'dist', 'cli.js'),
      'start',
    ],
    {
      env: { ...process.env, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const url = await readyUrl(child)
  const agent = new Agent({ connections: 64, pipelining: 1 })
  const setUp = await request(`${url}/api/setup`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'bench@example.com',
      password: 'a long enough password',
      name: 'Bench',
      workspaceName: 'Bench',
      timeZone: 'Europe/Berlin',
    }),
  })
  const cookies = setUp.headers['set-cookie']
  const cookie = (Array.isArray(cookies) ? cookies : [cookies ?? ''])
    .map((line) => line.split(';')[0])
    .join('; ')
  const me = (await setUp.body.json()) as { workspaceId: string }
  const call = async (method: string, path: string, body?: unknown, workspace = 'bench') => {
    const reply = await request(url + path, {
      method: method as 'GET',
      dispatcher: agent,
      headers: { cookie, 'x-workspace': workspace, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    })
    const text = await reply.body.text()
    return { status: reply.statusCode, body: text ? (JSON.parse(text) as unknown) : undefined }
  }
  const keys = (await call('GET', '/api/write-keys')).body as { items: { key: string }[] }
  const run = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as {
    databaseUrl: string
    clickhouseUrl: string
    pid: number
  }
  const postgres = openPostgres(run.databaseUrl, { max: 4, name: 'bench' })
  const clickhouse = openClickHouse(run.clickhouseUrl)
  return {
    url,
    dataDir,
    pid: run.pid,
    writeKey: keys.items[0]!.key,
    workspaceId: me.workspaceId,
    postgres,
    clickhouse,
    call,
    cookie,
    agent,
    async stop() {
      await Promise.all([postgres.close(), clickhouse.close(), agent.close()])
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const match = /ready at (http:\/\/\S+)/.exec(text)
      if (match) resolve(match[1]!.replace('localhost', '127.0.0.1'))
    })
    child.once('exit', (code) => reject(new Error(`the product ended with code ${code}: ${text}`)))
  })
}
