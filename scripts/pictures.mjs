// Takes the pictures of the documents from the product itself, with demo data: `node scripts/pictures.mjs`.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from './chromium.mjs'
import { root } from './freshness.mjs'
import { prepare } from './prepare.mjs'

await prepare()
const { chromium } = await import('playwright-core')
const folder = mkdtempSync(join(tmpdir(), 'throughline-pictures-'))
const env = { ...process.env, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }
const person = { email: 'olive@shop.example', password: 'correct horse battery' }
const owner = ['owner', 'create', '--email', person.email, '--password-stdin', '--name', 'Olive']
const shop = ['--workspace-name', 'Northlight', '--time-zone', 'Europe/Berlin', '--currency', 'EUR']
command([...owner, ...shop], person.password)
command(['seed'])

const server = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'start'], { env })
try {
  const url = await ready(server)
  const browser = await chromium.launch({ executablePath: findChromium() })
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 2,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  })
  await page.goto(url)
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password').first().fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/w/**')
  await take(page, `${url}/w/northlight-test`, 'dashboard')
  const mostActive = await page.evaluate(async () => {
    const headers = { 'x-workspace': 'northlight-test' }
    const { items } = await fetch('/api/leads?limit=100', { headers }).then((reply) => reply.json())
    return items.sort((a, b) => (b.eventCount ?? 0) - (a.eventCount ?? 0))[0]?.id
  })
  if (mostActive) await take(page, `${url}/w/northlight-test/leads/${mostActive}`, 'lead')
  await browser.close()
} finally {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
}

async function take(page, address, name) {
  await page.goto(address, { waitUntil: 'networkidle' })
  mkdirSync(join(root, 'docs', 'images'), { recursive: true })
  await page.screenshot({ path: join(root, 'docs', 'images', `${name}.png`) })
  console.log(`docs/images/${name}.png`)
}

function command(words, input = '') {
  const done = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...words], {
    env,
    input,
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`throughline ${words.join(' ')}: ${done.stderr}`)
}

function ready(child) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (piece) => {
      text += piece
      const found = /ready at (\S+) /.exec(text)
      if (found) resolve(found[1])
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
  })
}
