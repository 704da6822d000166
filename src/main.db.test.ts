// The whole product in this process: what befalls its stores does not end it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startInstallation } from './main.ts'
import type { RunFile } from './platform/instance.ts'
import { readSettings } from './platform/settings.ts'

test(
  'where another program takes the port of a store that died, the product starts its stores on fresh ports and goes on at its address',
  { timeout: 120_000 },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'throughline-main-'))
    const settings = readSettings({
      DATA_DIR: dataDir,
      PORT: '0',
      HOST: '127.0.0.1',
      ROLE: 'api',
      LOG_LEVEL: 'silent',
    })
    const facts = () => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile
    const installation = await startInstallation(settings)
    const ready = async () =>
      (await fetch(`${installation.url}/readyz`).then(
        (reply) => reply.json(),
        () => null,
      )) as { status?: string } | null
    let thief: Server | undefined
    try {
      const before = facts()
      process.kill(before.clickhousePid!, 'SIGKILL')
      thief = await take(Number(new URL(before.clickhouseUrl!).port))
      await expect.poll(() => facts().clickhouseUrl, { timeout: 90_000 }).not.toBe(before.clickhouseUrl)
      await expect.poll(ready, { timeout: 60_000 }).toMatchObject({ status: 'ready' })
      expect(facts()).toMatchObject({ pid: process.pid, url: installation.url })
    } finally {
      thief?.close()
      await installation.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
)

/** Takes a port as soon as it is free. */
async function take(port: number): Promise<Server> {
  for (;;) {
    const server = createServer()
    const isOurs = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true))
    })
    if (isOurs) return server
  }
}
