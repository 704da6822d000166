// Chromium and the built product for the end-to-end tests, and the checks that hold on every screen.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults, RunOptions } from 'axe-core'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { root } from '../sources.ts'

export interface RunningProduct {
  /** `http://localhost:<port>` */
  url: string
  stop(): Promise<void>
}

/**
 * Starts `dist/cli.js start` in a data folder of its own, once the build is fresh.
 * @param more settings beside those of the folder
 */
export async function startBuilt(more: Record<string, string> = {}): Promise<RunningProduct> {
  await ended(
    spawn(process.execPath, [join(root, 'scripts', 'throughline.mjs'), '--help'], { stdio: 'ignore' }),
  )
  const folder = mkdtempSync(join(tmpdir(), 'throughline-e2e-'))
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'start'], {
    env: { ...process.env, DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'silent', ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = ended(child)
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (piece) => {
      text += String(piece)
      const ready = /ready at (\S+) /.exec(text)
      if (ready?.[1]) resolve(ready[1])
    })
    void gone.then((code) => reject(new Error(`the product ended with ${code}: ${text}`)))
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP localhost 127.0.0.1',
    ],
  })
}

/** How this browser names itself with a window: without one it would be held for a machine. */
export function windowedUserAgent(browser: Browser): string {
  const major = browser.version().split('.')[0]
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`
}

/** Drops a file on what the selector finds, as from the desktop. */
export async function dropFile(page: Page, selector: string, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const carried = new DataTransfer()
      carried.items.add(new File([content ?? ''], fileName ?? '', { type: 'text/csv' }))
      return carried
    },
    [name, text],
  )
  await page.locator(selector).dispatchEvent('drop', { dataTransfer })
}

/** Opens a screen and waits until its title stands and nothing of it is still loading. */
export async function openScreen(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.locator('main h1').first().waitFor()
  await page.waitForFunction(
    () => document.querySelector('main [role="status"][aria-label="Loading"]') === null,
  )
}

/** The serious and critical findings of axe on the page as it stands, one line each. The context must bypass the policy. */
export async function seriousFindings(page: Page, options: RunOptions = {}): Promise<string[]> {
  // A colour on its way from one scheme to the other is neither of both.
  await page.addStyleTag({ content: '*, *::before, *::after { transition: none !important }' })
  await page.evaluate(axeSource)
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    )
}

/**
 * What is wrong with the page as it stands, at desktop and phone width, in either scheme: serious findings of axe, and scrolling
 * sideways. It is left at desktop width in the light scheme.
 */
export async function screenFindings(page: Page): Promise<string[]> {
  const findings: string[] = []
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
      findings.push(...(await seriousFindings(page)))
    }
    findings.push(...(await sidewaysOverflow(page)))
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  return findings
}

/** How many px the page is wider than its window, and by what. */
export function sidewaysOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5)
      .map((element) => `${element.tagName} ${element.className} ${element.textContent.slice(0, 60)}`)
      .slice(0, 8)
  })
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', reject)
  })
}

/** Makes an owner and a workspace as a first visitor does. @returns the page, and the address of the workspace */
export async function firstVisit(
  product: RunningProduct,
  browser: Browser,
): Promise<{ page: Page; workspace: string }> {
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    bypassCSP: true,
    viewport: { width: 1440, height: 900 },
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  await page.goto(product.url)
  await page.getByLabel('Your name').fill('Olive')
  await page.getByLabel('E-mail').fill('olive@shop.example')
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery')
  await page.getByLabel('Workspace').fill('Northlight')
  await page.getByRole('button', { name: 'Create owner and workspace' }).click()
  await page.waitForURL('**/w/*/start')
  return { page, workspace: page.url().replace(/\/start$/, '') }
}

/** For a person to look at, where PICTURES_DIR names a folder: on a desk and on a phone, light and dark. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES_DIR
  if (!folder) return
  const before = page.viewportSize() ?? { width: 1440, height: 900 }
  for (const width of [1440, 390])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true })
    }
  await page.setViewportSize(before)
  await page.emulateMedia({ colorScheme: 'light' })
}
