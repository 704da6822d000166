// The command line `throughline`: starts the product and does by hand what operators need, beside a running server or alone.
import { Command } from 'commander'
import { addAccounts } from './cli/accounts.ts'
import { addArchive } from './cli/archive.ts'
import { addAttribution } from './cli/attribution.ts'
import { addClv } from './cli/clv.ts'
import { addDedupe } from './cli/dedupe.ts'
import { addDemo } from './cli/demo.ts'
import { addImports } from './cli/imports.ts'
import { addPredict } from './cli/predict.ts'
import { addStart } from './cli/start.ts'
import { addStores } from './cli/stores.ts'
import { addUsers } from './cli/users.ts'
import { Refusal } from './lib/refusal.ts'
import { isClickHouseUnreachable } from './platform/clickhouse.ts'
import { SchemaTooNew } from './platform/migrate.ts'
import { isPostgresUnreachable } from './platform/postgres.ts'
import { SettingsError } from './platform/settings.ts'

const program = new Command('throughline')
  .description('Self-hosted marketing system: every touch of a lead, on one line per person.')
  .showHelpAfterError('(add --help to see how it is used)')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', '\nSettings come from the environment: docs/operations.md. Commands: docs/cli.md.')

for (const add of [
  addStart,
  addStores,
  addAccounts,
  addUsers,
  addDemo,
  addImports,
  addArchive,
  addPredict,
  addAttribution,
  addClv,
  addDedupe,
])
  add(program)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  console.error(sentenceOf(error) ?? error)
  process.exitCode = 1
}

// What concerns the person at the terminal is a sentence; anything else is a bug and shows its stack.
function sentenceOf(error: unknown): string | undefined {
  if (error instanceof Refusal || error instanceof SettingsError || error instanceof SchemaTooNew)
    return error.message
  if (isPostgresUnreachable(error))
    return `PostgreSQL cannot be reached (${wordsOf(error)}): check DATABASE_URL and that it runs.`
  if (isClickHouseUnreachable(error))
    return `ClickHouse cannot be reached (${wordsOf(error)}): check CLICKHOUSE_URL and that it runs.`
  return undefined
}

function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return wordsOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
