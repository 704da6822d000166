// Runs the benches against the built product and prints the machine, every run and the medians against their goals.
import { writeFile } from 'node:fs/promises'
import { cpus, totalmem, release } from 'node:os'
import { parseArgs } from 'node:util'
import { archive, seedDemo, tagAll } from './at-size.ts'
import { attribute } from './attribution.ts'
import { deliver, startSandbox } from './conversions.ts'
import { demoTruth } from './demo-truth.ts'
import { inDigits, median, quantile } from './figures.ts'
import { copied, freshnessBesideImport, importContacts, importMillion, settled } from './imports.ts'
import { askLists, askPreviews, fillLeads } from './leads-at-size.ts'
import { proportionalMemory } from './memory.ts'
import { leadPage } from './pages.ts'
import { startProduct } from './product.ts'
import { fillTabs } from './tabs-fill.ts'
import { askTabs } from './tabs.ts'
import type { Product } from './product.ts'
import { rescoreAll } from './scoring.ts'
import { bulkSync, webhooksToOrders } from './shopify.ts'
import { fillSegment, liveMembership } from './segments.ts'
import { batchesThroughToLog, freshness, singleCalls } from './tracking.ts'

interface Figure {
  name: string
  unit: string
  goal: number
  /** whether more or less is better */
  better: 'more' | 'less'
}

interface Bench {
  figures: Figure[]
  /** whether the product talks to the sandbox, as a program of its own beside it */
  usesSandbox?: boolean
  /** @returns a number for each of the figures */
  run(product: Product, sandboxUrl: string): Promise<number[]>
}

/** What needs no product and gives the same each time: it runs once. */
interface Computed {
  figures: Figure[]
  /** @returns a number for each of the figures */
  compute(): number[]
}

const benches: (Bench | Computed)[] = [
  {
    figures: [{ name: 'idle memory, one minute after ready', unit: 'MB (PSS)', goal: 700, better: 'less' }],
    async run(product) {
      await new Promise((resolve) => setTimeout(resolve, 60_000))
      return [await proportionalMemory(product)]
    },
  },
  {
    figures: [
      {
        name: 'tracking in batches of 100, through to the log and the lead, 60 s',
        unit: 'events/s',
        goal: 5_000,
        better: 'more',
      },
    ],
    run: async (product) => [await batchesThroughToLog(product, { perSecond: 5_500, seconds: 60 })],
  },
  {
    figures: [
      {
        name: 'tracking by single calls, 32 connections, acknowledged after commit',
        unit: 'requests/s',
        goal: 2_000,
        better: 'more',
      },
    ],
    async run(product) {
      const { perSecond, lagSeconds } = await singleCalls(product, { connections: 32, seconds: 30 })
      if (lagSeconds > 10) throw new Error(`the worker lagged by ${lagSeconds.toFixed(1)} s at the end`)
      return [perSecond]
    },
  },
  {
    figures: [{ name: 'freshness at 500 events/s, p99', unit: 'ms', goal: 2_000, better: 'less' }],
    run: async (product) => [
      (await freshness(product, { perSecond: 500, seconds: 20, probesPerSecond: 5 })).p99Ms,
    ],
  },
  {
    figures: [
      {
        name: 'segments: live membership of 50 at 500 events/s, p99',
        unit: 'ms',
        goal: 2_000,
        better: 'less',
      },
    ],
    run: async (product) => [
      (await liveMembership(product, { segments: 50, perSecond: 500, seconds: 20, probesPerSecond: 5 }))
        .p99Ms,
    ],
  },
  {
    figures: [{ name: 'import of 100,000 rows x 20 columns', unit: 'rows/s', goal: 10_000, better: 'more' }],
    run: async (product) => [await importContacts(product, 100_000)],
  },
  {
    figures: [
      {
        name: 'freshness at 100 events/s beside an import of 100,000 rows, p99',
        unit: 'ms',
        goal: 5_000,
        better: 'less',
      },
    ],
    run: async (product) => [(await freshnessBesideImport(product, { rows: 100_000, perSecond: 100 })).p99Ms],
  },
  {
    figures: [
      { name: 'conversions delivered to Meta in batches', unit: 'events/s', goal: 1_000, better: 'more' },
      {
        name: 'conversions delivered to GA4, one person a request',
        unit: 'events/s',
        goal: 200,
        better: 'more',
      },
      {
        name: 'conversions delivered to GTM, one person a request',
        unit: 'events/s',
        goal: 200,
        better: 'more',
      },
    ],
    usesSandbox: true,
    run: async (product) => [
      await deliver(product, 'meta', 20_000),
      await deliver(product, 'ga4', 5_000),
      await deliver(product, 'gtm', 5_000),
    ],
  },
  {
    figures: [
      {
        name: 'a shop of 100,000 customers and 300,000 orders read whole',
        unit: 'records/s',
        goal: 5_000,
        better: 'more',
      },
      {
        name: 'webhook to visible order at 100/s in that shop, p99',
        unit: 'ms',
        goal: 2_000,
        better: 'less',
      },
    ],
    usesSandbox: true,
    run: async (product, sandboxUrl) => [
      await bulkSync(product, sandboxUrl, { customers: 100_000, orders: 300_000 }),
      await webhooksToOrders(product, sandboxUrl, { perSecond: 100, seconds: 60 }),
    ],
  },
  {
    figures: [{ name: 'lead page with 10,000 events, p95', unit: 'ms', goal: 150, better: 'less' }],
    run: async (product) => [await leadPage(product, 10_000, 100)],
  },
  {
    figures: ['Markov', 'Shapley'].map((model) => ({
      name: `demo-truth: shares by ${model} inside their 95 % interval, 10 seeds`,
      unit: '',
      goal: 0.9,
      better: 'more' as const,
    })),
    compute: () => demoTruth(10),
  },
]

/** What takes minutes each: asked for with `--million`. */
const millions: Bench[] = [
  {
    figures: [
      {
        name: 'import of 1,000,000 rows x 20 columns, 1 % bad, 5 % of leads told before',
        unit: 'rows/s',
        goal: 10_000,
        better: 'more',
      },
      { name: 'the same beside 940,000 leads, as a part of it', unit: '', goal: 0.9, better: 'more' },
      { name: 'more memory at the peak of the first', unit: 'MB (PSS)', goal: 400, better: 'less' },
      { name: 'freshness at 100 events/s beside a third, p99', unit: 'ms', goal: 5_000, better: 'less' },
    ],
    async run(product) {
      const { rowsPerSecond, again, memoryMb, p99Ms } = await importMillion(product, 1_000_000)
      return [rowsPerSecond, again, memoryMb, p99Ms]
    },
  },
  {
    figures: [
      { name: 'list of 1,000,000 leads, every named query, p95', unit: 'ms', goal: 150, better: 'less' },
      {
        name: 'preview over 1,000,000 leads and 10,000,000 events, p95',
        unit: 'ms',
        goal: 1_000,
        better: 'less',
      },
    ],
    async run(product) {
      await fillLeads(product, 1_000_000, 10_000_000)
      await settled(product)
      return [quantile(await askLists(product, 5), 0.95), quantile(await askPreviews(product, 5), 0.95)]
    },
  },
  {
    figures: [
      { name: 'segments: the first fill with 1,000,000 members', unit: 's', goal: 60, better: 'less' },
    ],
    async run(product) {
      await fillLeads(product, 1_000_000, 1_000_000)
      return [(await fillSegment(product)).seconds]
    },
  },
  {
    figures: [
      {
        name: 'tabs over 1,000,000 leads and 10,000,000 events, all calls of one together, p95',
        unit: 'ms',
        goal: 100,
        better: 'less',
      },
    ],
    async run(product) {
      await fillTabs(product, 1_000_000, 10_000_000)
      const waits = await askTabs(product, 2)
      for (const [tab, ms] of waits) console.log(`${tab}: p95 ${inDigits(quantile(ms, 0.95))} ms`)
      return [quantile([...waits.values()].flat(), 0.95)]
    },
  },
  {
    figures: [
      { name: 'seed of 1,000,000 leads and 10,000,000 events', unit: 's', goal: 600, better: 'less' },
      { name: 'tag on 1,000,000 leads', unit: 's', goal: 60, better: 'less' },
      { name: 'freshness at 100 events/s meanwhile, p99', unit: 'ms', goal: 5_000, better: 'less' },
      { name: 'all of them scored anew by other rules', unit: 's', goal: 60, better: 'less' },
      { name: 'the list of leads meanwhile, p95', unit: 'ms', goal: 300, better: 'less' },
      { name: 'export of all that', unit: 's', goal: 300, better: 'less' },
      { name: 'its verification', unit: 's', goal: 300, better: 'less' },
      { name: 'its import into empty stores', unit: 's', goal: 300, better: 'less' },
      { name: 'more memory at the peak of the three', unit: 'MB', goal: 400, better: 'less' },
    ],
    async run(product) {
      const seeding = await seedDemo(product, 1_000_000, 10_000_000)
      await copied(product)
      const tagging = await tagAll(product, 'everybody')
      await copied(product)
      console.log(
        `seeded in ${inDigits(seeding)} s, tagged in ${inDigits(tagging.seconds)} s, p99 ${inDigits(tagging.p99Ms)} ms`,
      )
      const scoring = await rescoreAll(product)
      const { exportSeconds, verifySeconds, importSeconds, memoryMb } = await archive(product)
      return [
        seeding,
        tagging.seconds,
        tagging.p99Ms,
        scoring.seconds,
        scoring.listP95Ms,
        exportSeconds,
        verifySeconds,
        importSeconds,
        memoryMb,
      ]
    },
  },
  {
    figures: [
      {
        name: 'all attribution models over 1,000,000 conversions and 10,000,000 touches in a file',
        unit: 's',
        goal: 60,
        better: 'less',
      },
      { name: 'memory of that at the peak', unit: 'MB', goal: 1_000, better: 'less' },
    ],
    async run() {
      const { seconds, memoryMb } = await attribute(1_000_000, 10_000_000)
      return [seconds, memoryMb]
    },
  },
]

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    million: { type: 'boolean' },
  },
})
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()}`,
  node: process.version,
}
console.log(
  `${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}`,
)
const results = []
for (const bench of values.million ? millions : benches) {
  if (values.only && !bench.figures.some(({ name }) => name.includes(values.only!))) continue
  const runs: number[][] = 'compute' in bench ? [bench.compute()] : []
  for (let i = 0; 'run' in bench && i < Number(values.runs); i++) {
    const sandbox = 'usesSandbox' in bench && bench.usesSandbox ? await startSandbox() : undefined
    const product = await startProduct(sandbox && { SANDBOX_URL: sandbox.url })
    try {
      runs.push(await bench.run(product, sandbox?.url ?? ''))
    } catch (error) {
      console.log(`${bench.figures[0]!.name}: ${(error as Error).message}`)
      runs.push(bench.figures.map(({ better }) => (better === 'more' ? 0 : Infinity)))
    } finally {
      await product.stop()
      await sandbox?.stop()
    }
  }
  for (const [place, { name, unit, goal, better }] of bench.figures.entries()) {
    const own = runs.map((run) => run[place]!)
    const value = median(own)
    const met = better === 'more' ? value >= goal : value <= goal
    const shown = own.map(inDigits).join(', ')
    console.log(
      `${met ? 'met   ' : 'MISSED'} ${name}: ${inDigits(value)} ${unit} (goal ${goal}; runs ${shown})`,
    )
    results.push({ name, value, unit, goal, met, runs: own })
  }
}
if (values.json) await writeFile(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
process.exitCode = results.every((result) => result.met) ? 0 : 1
