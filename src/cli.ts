// The command line `throughline`: starts the product and does by hand what operators need, beside a running server or alone.
import { Command } from 'commander'
import { Refusal } from './lib/refusal.ts'
import { SchemaTooNew } from './platform/migrate.ts'
import { SettingsError } from './platform/settings.ts'
import { addStart } from './cli/start.ts'

const program = new Command('throughline')
  .description('Self-hosted marketing system: every touch of a lead, on one line per person.')
  .showHelpAfterError('(throughline --help says more)')
  .configureHelp({ showGlobalOptions: true })

addStart(program)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  // Refusals and wrong settings are sentences for the person at the terminal; anything else is a bug and shows its stack.
  const isSentence = error instanceof Refusal || error instanceof SettingsError || error instanceof SchemaTooNew
  console.error(isSentence ? (error as Error).message : error)
  process.exitCode = 1
}
