// `throughline start`: runs the product until it is told to stop.
import type { Command } from 'commander'
import { startInstallation } from '../main.ts'
import { readSettings } from '../platform/settings.ts'
import { offerExport } from './export-stores.ts'

export function addStart(program: Command): void {
  program
    .command('start')
    .description('start the stores, the API and the worker, as the environment says (docs/operations.md)')
    .action(start)
}

async function start(): Promise<void> {
  const startedAt = performance.now()
  const settings = readSettings(process.env)
  const installation = await startInstallation(settings, (stores) => offerExport(settings, stores))
  let stopping = false
  const stop = (why: string, code: number) => {
    if (stopping) return
    stopping = true
    console.log(why)
    void installation.stop().finally(() => process.exit(code))
  }
  process.on('SIGINT', () => stop('Stopping.', 0))
  process.on('SIGTERM', () => stop('Stopping.', 0))
  void installation.failed.then((error) => stop(`Stopping, since it cannot go on: ${error.message}`, 1))
  // Last, for whoever reads it may tell this process to end at once.
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`Throughline is ready at ${installation.url} (after ${seconds} s).`)
  if (installation.setupCode) {
    console.log(
      `Nobody has an account yet: open it and create the owner. From another machine the page asks for this code: ${installation.setupCode}`,
    )
  }
}
