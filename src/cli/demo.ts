// `throughline seed`: fills a workspace's test twin with demo data.
import type { Command } from 'commander'
import { findWorkspace } from '../accounts/index.ts'
import { demoWishSchema } from '../demo/contract.ts'
import { resetDemo, seedDemo } from '../demo/index.ts'
import { count, readAs, say, showProgress, tell } from './say.ts'
import { atWorkWithWorker } from './work.ts'

interface Options {
  workspace?: string
  seed?: string
  leads?: string
  days?: string
  events?: string
  endOn?: string
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
    .option('--reset', 'empty the test twin first, whatever it holds')
    .option('--json', 'print the demo as GET /api/demo gives it')
    .action(seed)
}

async function seed(options: Options): Promise<void> {
  const { endOn } = options
  const wish = readAs(
    demoWishSchema,
    {
      seed: numberOf(options.seed),
      leads: numberOf(options.leads),
      days: numberOf(options.days),
      events: numberOf(options.events),
      endOn,
    },
    'The demo as you asked for it',
  )
  const demo = await atWorkWithWorker(async (services) => {
    const { id } = await findWorkspace(services.db, options.workspace)
    if (options.reset) {
      await resetDemo(services, id)
      say('The test twin is empty.')
    }
    const progress = showProgress('calls')
    try {
      return await seedDemo(services, id, wish, (job) => progress.update(job.done, job.total))
    } finally {
      progress.end()
    }
  })
  tell(
    options.json,
    demo,
    `${demo.workspaceSlug} holds ${count(demo.counts.leads)} leads and ${count(demo.counts.orders)} orders of demo data.`,
  )
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
