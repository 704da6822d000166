// A demo written as rows by a process that is killed again and again: in the end it is whole, and nothing is in it twice.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { demoOf, seedDemo } from '../src/demo/index.ts'
import { newInstallation } from './installation.ts'
import type { Installation } from './installation.ts'
import { root } from './sources.ts'
import { contentOf } from './twin-content.ts'

const wish = { seed: 5, leads: 400, days: 60, events: 8_000, endOn: '2025-06-30', way: 'rows' as const }
/** One instant for everything; so no run is ever held for dead because of its silence. */
const now = new Date()

const opened: Installation[] = []

async function install(): Promise<Installation> {
  const installation = await newInstallation(() => now)
  opened.push(installation)
  return installation
}

afterAll(() => Promise.all(opened.map((installation) => installation.close())))

test(
  'a seed that is killed goes on where it stood as soon as it is started again, and comes to what an undisturbed one comes to',
  { timeout: 240_000 },
  async () => {
    const killed = await install()
    let kills = 0
    for (let parts = 1; !(await hasEnded(killed, parts, kills * 7)); parts += 4) kills++
    expect(kills).toBeGreaterThan(1)
    const whole = await install()
    await seedDemo(whole.services, whole.live, wish)
    expect(await contentOf(killed)).toEqual(await contentOf(whole))
  },
)

test('a second seed beside one that is at work is refused, and goes on once the first is killed', async () => {
  const shared = await install()
  const first = start(shared)
  await new Promise((resolve) => first.stdout?.once('data', resolve))
  const second = () => seedDemo(shared.services, shared.live, wish)
  await expect(second()).rejects.toMatchObject({ code: 'demo_busy' })
  first.kill('SIGKILL')
  await new Promise((resolve) => first.once('close', resolve))
  await expect.poll(() => second().then(({ job }) => job?.state), { timeout: 60_000 }).toBe('done')
}, 90_000)

/** Runs the program and kills it so many ms after it said that so many parts of this attempt are in. @returns whether it came to its end */
async function hasEnded(installation: Installation, parts: number, afterMs: number): Promise<boolean> {
  const program = start(installation)
  const said = new Set<string>()
  let wrong = ''
  program.stderr?.on('data', (piece) => (wrong += String(piece)))
  program.stdout?.on('data', (piece) => {
    for (const line of String(piece).trim().split('\n')) said.add(line)
    if (said.size > parts) setTimeout(() => program.kill('SIGKILL'), afterMs)
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    program.once('close', (...ended) => resolve(ended))
  })
  // It may have ended before the kill met it.
  const { job } = await demoOf(installation.services.db, installation.live)
  if (signal === 'SIGKILL') return job?.state === 'done'
  if (code !== 0) throw new Error(wrong)
  return true
}

function start({ databaseUrl, clickhouseUrl, live }: Installation): ChildProcess {
  const program = join(root, 'test', 'seed-program.ts')
  return spawn(
    process.execPath,
    ['--import', 'tsx', program, databaseUrl, clickhouseUrl, live, JSON.stringify(wish), now.toISOString()],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
}
