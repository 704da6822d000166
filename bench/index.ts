// Runs the benches against the built product and prints the machine, every run and the medians against their goals.
import { writeFile } from 'node:fs/promises'
import { cpus, totalmem, release } from 'node:os'
import { parseArgs } from 'node:util'
import { median } from './figures.ts'
import { freshnessBesideImport, importContacts } from './imports.ts'
import { leadPage, proportionalMemory } from './pages.ts'
import { startProduct } from './product.ts'
import type { Product } from './product.ts'
import { batchesThroughToLog, freshness, singleCalls } from './tracking.ts'

interface Bench {
  name: string
  unit: string
  goal: number
  /** whether more or less is better */
  better: 'more' | 'less'
  run(product: Product): Promise<number>
}

const benches: Bench[] = [
  {
    name: 'idle memory, one minute after ready',
    unit: 'MB (PSS)',
    goal: 700,
    better: 'less',
    async run(product) {
      await new Promise((resolve) => setTimeout(resolve, 60_000))
      return proportionalMemory(product)
    },
  },
  {
    name: 'tracking in batches of 100, through to the log and the lead, 60 s',
    unit: 'events/s',
    goal: 5_000,
    better: 'more',
    run: (product) => batchesThroughToLog(product, { perSecond: 5_500, seconds: 60 }),
  },
  {
    name: 'tracking by single calls, 32 connections, acknowledged after commit',
    unit: 'requests/s',
    goal: 2_000,
    better: 'more',
    async run(product) {
      const { perSecond, lagSeconds } = await singleCalls(product, { connections: 32, seconds: 30 })
      if (lagSeconds > 10) throw new Error(`the worker lagged by ${lagSeconds.toFixed(1)} s at the end`)
      return perSecond
    },
  },
  {
    name: 'freshness at 500 events/s, p99',
    unit: 'ms',
    goal: 2_000,
    better: 'less',
    run: async (product) =>
      (await freshness(product, { perSecond: 500, seconds: 20, probesPerSecond: 5 })).p99Ms,
  },
  {
    name: 'import of 100,000 rows x 20 columns',
    unit: 'rows/s',
    goal: 10_000,
    better: 'more',
    run: (product) => importContacts(product, 100_000),
  },
  {
    name: 'freshness at 100 events/s beside an import of 100,000 rows, p99',
    unit: 'ms',
    goal: 5_000,
    better: 'less',
    run: async (product) => (await freshnessBesideImport(product, { rows: 100_000, perSecond: 100 })).p99Ms,
  },
  {
    name: 'lead page with 10,000 events, p95',
    unit: 'ms',
    goal: 150,
    better: 'less',
    run: (product) => leadPage(product, 10_000, 100),
  },
]

const { values } = parseArgs({
  options: { json: { type: 'string' }, runs: { type: 'string', default: '3' }, only: { type: 'string' } },
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
for (const bench of benches) {
  if (values.only && !bench.name.includes(values.only)) continue
  const runs: number[] = []
  for (let i = 0; i < Number(values.runs); i++) {
    const product = await startProduct()
    try {
      runs.push(await bench.run(product))
    } catch (error) {
      console.log(`${bench.name}: ${(error as Error).message}`)
      runs.push(bench.better === 'more' ? 0 : Infinity)
    } finally {
      await product.stop()
    }
  }
  const value = median(runs)
  const met = bench.better === 'more' ? value >= bench.goal : value <= bench.goal
  const shown = runs.map((run) => run.toFixed(0)).join(', ')
  console.log(
    `${met ? 'met   ' : 'MISSED'} ${bench.name}: ${value.toFixed(0)} ${bench.unit} (goal ${bench.goal}; runs ${shown})`,
  )
  results.push({ name: bench.name, value, unit: bench.unit, goal: bench.goal, met, runs })
}
if (values.json) await writeFile(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
process.exitCode = results.every((result) => result.met) ? 0 : 1
