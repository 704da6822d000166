// The command line as a person runs it, alone and beside a running server, on one data folder.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline cli '))
const env = { ...process.env, DATA_DIR: join(folder, 'data'), PORT: '0' }
const built = join(root, 'dist', 'cli.js')
const file = join(folder, 'people.csv')
writeFileSync(file, 'Email,First Name\nann@shop.example,Ann\nbob@shop.example,Bob\nnobody,Zed\n')
let server: ChildProcess | undefined

beforeAll(async () => {
  // The command itself makes sure that the build is fresh.
  const { code, stderr } = await run(['--help'], { program: join(root, 'scripts', 'throughline.mjs') })
  expect(code, stderr).toBe(0)
})

afterAll(() => {
  server?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('without a server', () => {
  test('what cannot be done is told in one sentence on stderr, with exit code 1', async () => {
    const wrongs: [string[], Record<string, string>, RegExp][] = [
      [['api-key', 'create', '--role', 'analyst'], {}, /^There is no workspace yet\. Create the owner first/],
      [['import-csv', join(folder, 'none.csv')], {}, /^There is no file .*none\.csv/],
      [['seed', '--leads', '3'], {}, /leads: /],
      [['migrate'], { PORT: 'x' }, /^PORT must be/],
    ]
    for (const [words, more, sentence] of wrongs) {
      const { code, stdout, stderr } = await run(words, { env: more })
      expect({ code, stdout }, words.join(' ')).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(sentence)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    }
  })

  test('every command says how it is used', async () => {
    for (const words of [
      [],
      ['owner', 'create'],
      ['import-csv'],
      ['seed'],
      ['rebuild'],
      ['write-key', 'create'],
    ]) {
      const { code, stdout } = await run([...words, '--help'])
      expect(code).toBe(0)
      expect(stdout).toContain(`Usage: throughline ${words.join(' ')}`)
    }
  })

  test('the owner is created from a password on the standard input, and only once', async () => {
    const words = ['owner', 'create', '--email', 'olive@shop.example', '--password-stdin', '--json']
    const made = await run([...words, '--workspace-name', 'Shop'], { stdin: 'correct horse battery\n' })
    expect(JSON.parse(made.stdout)).toMatchObject({
      owner: { email: 'olive@shop.example', name: 'olive' },
      live: { slug: 'shop' },
      test: { slug: 'shop-test' },
    })
    const again = await run(words, { stdin: 'correct horse battery\n' })
    expect(again).toMatchObject({ code: 1, stdout: '' })
  })

  test('who lost the password gets a link that opens once, or a new one off the standard input', async () => {
    const email = ['--email', 'Olive@shop.example']
    const { stdout } = await run(['user', 'reset-password', ...email])
    expect(stdout).toMatch(/^http:\/\/localhost:\d+\/reset-password#[\w-]{43}\n$/)
    const set = await run(['user', 'reset-password', ...email, '--password-stdin', '--json'], {
      stdin: 'another good password\n',
    })
    expect(JSON.parse(set.stdout)).toEqual({ email: 'olive@shop.example' })
    expect((await run(['user', 'list'])).stdout).toContain('olive@shop.example  olive  shop (owner)')
    const { code, stderr } = await run(['user', 'reset-two-factor', ...email])
    expect([code, stderr]).toEqual([1, 'Two-factor is not on for this account.\n'])
  })

  test('an import runs to its end, and the leads can be computed anew', async () => {
    const done = await run(['import-csv', file, '--json'])
    expect(JSON.parse(done.stdout)).toMatchObject({
      import: { status: 'done', counts: { rows: 3, created: 2, rejected: 1 } },
      preview: { mapping: { kind: 'contacts' } },
    })
    const { stdout } = await run(['rebuild', '--workspace', 'shop', '--json'])
    expect(JSON.parse(stdout)).toEqual({ workspaces: [{ slug: 'shop', leads: 2 }] })
  })

  test('the demo goes into the test twin', async () => {
    const words = ['seed', '--leads', '30', '--days', '10', '--events', '300', '--json']
    const demo = JSON.parse((await run(words)).stdout) as { counts: { leads: number } }
    expect(demo).toMatchObject({
      workspaceSlug: 'shop-test',
      seeded: { seed: 1, leads: 30 },
      job: { state: 'done' },
    })
    expect(demo.counts.leads).toBeGreaterThan(0)
  })

  test('Ctrl-C stops a demo after what is in work, and the same command goes on with it', async () => {
    const words = ['seed', '--way', 'rows', '--leads', '300', '--days', '20', '--events', '6000']
    const stopped = await run([...words, '--reset'], { interruptAt: / of 6,000 calls/ })
    expect(stopped.stdout).toMatch(/^Stopped: shop-test holds [\d,]+ leads and [\d,]+ orders so far\./)
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('Stopping.')])
    const whole = JSON.parse((await run([...words, '--json'])).stdout) as { counts: { leads: number } }
    expect(whole).toMatchObject({ seeded: { leads: 300, way: 'rows' }, job: { state: 'done' } })
    expect(Math.abs(whole.counts.leads / 300 - 1)).toBeLessThan(0.15)
  })
})

describe('beside a running server', () => {
  let url = ''

  test('the server says where it is ready, and a second one on the same folder is refused', async () => {
    server = spawn(process.execPath, [built, 'start'], {
      env: { ...env, LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    url = await new Promise<string>((resolve, reject) => {
      let text = ''
      server?.stdout?.on('data', (piece) => {
        text += String(piece)
        const ready = /ready at (\S+) /.exec(text)
        if (ready?.[1]) resolve(ready[1])
      })
      server?.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
    })
    expect(statSync(join(env.DATA_DIR, 'run.json')).mode & 0o777).toBe(0o600)
    const second = await run(['start'])
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(/is in use by a server with process id \d+ at http/)
  })

  test('an API key made beside it opens its API, and a write key its tracking', async () => {
    const apiKey = (await run(['api-key', 'create', '--role', 'analyst'])).stdout.trim()
    const reply = await fetch(`${url}/api/imports`, { headers: { authorization: `Bearer ${apiKey}` } })
    expect(reply.status).toBe(200)
    expect(await reply.json()).toMatchObject({ items: [{ fileName: 'people.csv', status: 'done' }] })
    const made = await run(['write-key', 'create', '--server', '--json'])
    const { key, kind } = JSON.parse(made.stdout) as { key: string; kind: string }
    expect(kind).toBe('server')
    const tracked = await fetch(`${url}/v1/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` },
      body: JSON.stringify({ userId: 'u1', event: 'Signed Up', messageId: 'm1' }),
    })
    expect(tracked.status).toBe(200)
  })

  test('an import made beside it is worked by the server', async () => {
    const done = await run(['import-csv', file, '--json'])
    expect(JSON.parse(done.stdout)).toMatchObject({
      import: { status: 'done', counts: { rows: 3, created: 0 } },
    })
  })

  test('told to stop it ends by itself, with code 0', async () => {
    const ended = new Promise((resolve) => server?.once('exit', resolve))
    server?.kill('SIGTERM')
    expect(await ended).toBe(0)
    server = undefined
  })
})

interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

function run(
  words: string[],
  options: { stdin?: string; env?: Record<string, string>; program?: string; interruptAt?: RegExp } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.program ?? built, ...words], {
      env: { ...env, ...options.env },
    })
    const outcome: Outcome = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (piece) => (outcome.stdout += String(piece)))
    let isInterrupted = false
    child.stderr.on('data', (piece) => {
      outcome.stderr += String(piece)
      if (isInterrupted || !options.interruptAt?.test(outcome.stderr)) return
      isInterrupted = child.kill('SIGINT')
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...outcome, code }))
    child.stdin.end(options.stdin ?? '')
  })
}
