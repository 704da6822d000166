// `throughline seed`: fills a workspace's test twin with demo data.
import { Option } from 'commander'
import type { Command } from 'commander'
import { findWorkspace } from '../accounts/index.ts'
import { demoWays, demoWishSchema } from '../demo/contract.ts'
import type { Demo, DemoWish } from '../demo/contract.ts'
import { cancelSeed, resetDemo, seedDemo } from '../demo/index.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { count, readAs, say, showProgress, tell } from './say.ts'
import { atWorkWithWorker } from './work.ts'

interface Options {
  workspace?: string
  seed?: string
  leads?: string
  days?: string
  events?: string
  endOn?: string
  way?: DemoWish['way']
  reset?: boolean
  json?: boolean
}

export function addDemo(program: Command): void {
  program
    .command('seed')
    .description('fill the test twin of a workspace with demo data (docs/demo-data.md)')
    .option('--workspace <workspace>', 'slug or id; without it the first one')
    .option('--seed <number>', 'another number gives other people; the same one the same (default 1)')
    .option('--leads <number>', 'people who were seen at least once (default 500)')
    .option('--days <number>', 'how far back the events reach (default 60)')
    .option('--events <number>', 'about how many calls (default 20,000)')
    .option('--end-on <date>', 'the last day, YYYY-MM-DD in UTC (default today)')
    .addOption(
      new Option(
        '--way <way>',
        'as calls through the inbox, or as the rows that they come to, which is quicker and needs an empty twin (default: rows from 100,000 events on)',
      ).choices(demoWays),
    )
    .option('--reset', 'empty the test twin first, whatever it holds')
    .option('--json', 'print the demo as GET /api/demo gives it')
    .action(seed)
}

async function seed(options: Options): Promise<void> {
  const { endOn, way } = options
  const wish = readAs(
    demoWishSchema,
    {
      seed: numberOf(options.seed),
      leads: numberOf(options.leads),
      days: numberOf(options.days),
      events: numberOf(options.events),
      endOn,
      way,
    },
    'The demo as you asked for it',
  )
  const demo = await atWorkWithWorker(async (services) => {
    const { id } = await findWorkspace(services.db, options.workspace)
    if (options.reset) {
      await resetDemo(services, id)
      say('The test twin is empty.')
    }
    return load(services, id, wish)
  })
  const { leads, orders } = demo.counts
  const isWhole = demo.job?.state !== 'cancelled'
  tell(
    options.json,
    demo,
    isWhole
      ? `${demo.workspaceSlug} holds ${count(leads)} leads and ${count(orders)} orders of demo data.`
      : `Stopped: ${demo.workspaceSlug} holds ${count(leads)} leads and ${count(orders)} orders so far. The same command goes on; --reset begins anew.`,
  )
  if (!isWhole) process.exitCode = 1
}

// Ctrl-C stops after what is in work, so that the same command can go on from there.
async function load(services: Services, workspaceId: string, wish: DemoWish): Promise<Demo> {
  const progress = showProgress('calls')
  const stop = () => {
    say('Stopping.')
    inTransaction(services.db, (tx) => cancelSeed(tx, services.clock(), workspaceId)).catch(() => undefined)
  }
  for (const signal of SIGNALS) process.once(signal, stop)
  try {
    return await seedDemo(services, workspaceId, wish, (job) => progress.update(job.done, job.total))
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
    progress.end()
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
