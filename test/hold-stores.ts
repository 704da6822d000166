// A program for tests: holds the data folder it is given, starts its stores as the server does, says so, and waits.
import { holdDataDir, startStores } from '../src/platform/instance.ts'
import { createLog } from '../src/platform/log.ts'
import { readSettings } from '../src/platform/settings.ts'

async function main(): Promise<void> {
  const settings = readSettings({ DATA_DIR: process.argv[2] })
  const hold = holdDataDir(settings.dataDir)
  const stores = await startStores(settings, createLog('silent'), hold)
  process.once('SIGTERM', () => {
    void stores.stop().then(() => {
      hold.release()
      process.exit(0)
    })
  })
  // Last, for whoever reads it may tell this process to end at once.
  process.stdout.write('ready\n')
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
