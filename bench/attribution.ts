// All attribution models over a file of touches by the million, as `throughline attribution` works it out.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const CHANNELS =
  'Direct,Email,Organic Search,Paid Search,Paid Social,Organic Social,Referral,Display,Affiliates,SMS,Paid Shopping,Paid Video,AI Assistant,Audio'.split(
    ',',
  )
const PARTS = 20

/**
 * Writes touches of twice as many persons as convert, of all persons mixed as time mixes them, runs every model with its
 * built-in settings over it, and tells the seconds that took and the most memory of the process, in MB.
 */
export async function attribute(
  conversions: number,
  touches: number,
): Promise<{ seconds: number; memoryMb: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  try {
    const file = join(folder, 'touches.csv')
    await writeTouches(file, conversions, touches)
    return await run(file, join(folder, 'report.json'), conversions)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeTouches(file: string, conversions: number, touches: number): Promise<void> {
  const out = createWriteStream(file)
  const persons = conversions * 2
  const start = Date.UTC(2026, 0, 1)
  const random = createRandom()
  out.write('person,occurred_at,channel,conversion,value,milestone\n')
  let lines = ''
  for (let touch = 0; touch < touches; touch++) {
    // A person comes back every so many touches, with a channel that leans on who it is.
    const person = (touch * 7919) % persons
    const at = start + Math.floor((touch / touches) * PARTS) * 86_400_000 + Math.floor(random() * 86_400_000)
    const channel = CHANNELS[Math.floor(random() * (1 + (person % CHANNELS.length)))] ?? ''
    const milestone = random() < 0.05 ? 'lead' : random() < 0.05 ? 'opportunity' : ''
    lines += `person-${person},${new Date(at).toISOString()},${channel},0,,${milestone}\n`
    if (lines.length > 1_000_000) {
      if (!out.write(lines)) await once(out, 'drain')
      lines = ''
    }
  }
  for (let person = 0; person < conversions; person++) {
    const at = start + 20 * 86_400_000 + Math.floor(random() * 5 * 86_400_000)
    lines += `person-${person * 2},${new Date(at).toISOString()},,order,${(random() * 500).toFixed(2)},\n`
    if (lines.length > 1_000_000) {
      if (!out.write(lines)) await once(out, 'drain')
      lines = ''
    }
  }
  out.end(lines)
  await once(out, 'finish')
}

async function run(
  file: string,
  report: string,
  conversions: number,
): Promise<{ seconds: number; memoryMb: number }> {
  const startedAt = performance.now()
  const args = ['attribution', file, '--models', 'all', '--position-weights', '0.5,0.3,0.2', '--json', report]
  const child = spawn(process.execPath, [join(process.cwd(), 'dist', 'cli.js'), ...args], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  let memoryMb = 0
  const timer = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (text) => (memoryMb = Math.max(memoryMb, Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024)),
      () => undefined,
    )
  }, 100)
  const [code] = (await once(child, 'exit')) as [number]
  clearInterval(timer)
  const seconds = (performance.now() - startedAt) / 1000
  if (code !== 0) throw new Error(`the command ended with ${code}`)
  const found = JSON.parse(await readFile(report, 'utf8')) as {
    totals: { conversions: number }
    models: { channels: { ledger: { conversionMillionths: number } }[] }[]
  }
  const isWhole = found.models.every(
    ({ channels }) =>
      channels.reduce((sum, { ledger }) => sum + ledger.conversionMillionths, 0) === conversions * 1_000_000,
  )
  if (found.totals.conversions !== conversions || found.models.length !== 13 || !isWhole)
    throw new Error('the report does not add up')
  return { seconds, memoryMb }
}

/** A linear congruential generator, with the factors of Numerical Recipes: the same file each time. */
function createRandom(): () => number {
  let state = 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
