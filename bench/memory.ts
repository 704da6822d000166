// The memory of the product: of all its processes, what they share counted once.
import { readFile, readdir } from 'node:fs/promises'
import type { Product } from './product.ts'

/** Proportional memory of a process and all that it started, such as every process of the product, in MB. */
export async function proportionalMemory({ pid }: Pick<Product, 'pid'>): Promise<number> {
  const pids = await family(pid)
  let kilobytes = 0
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
  }
  return kilobytes / 1024
}

/** Does something and tells the most memory, in MB, that the product was seen with meanwhile, looking every two seconds. */
export async function peakOf<T>(
  product: Pick<Product, 'pid'>,
  work: () => Promise<T>,
): Promise<{ result: T; peak: number }> {
  let peak = await proportionalMemory(product)
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= proportionalMemory(product).then((now) => {
      peak = Math.max(peak, now)
      looking = undefined
    })
  }, 2_000)
  try {
    const result = await work()
    await looking
    return { result, peak }
  } finally {
    clearInterval(timer)
  }
}

async function family(root: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    parents.set(Number(name), parent)
  }
  const found = [root]
  for (let i = 0; i < found.length; i++) {
    for (const [pid, parent] of parents) if (parent === found[i]) found.push(pid)
  }
  return found
}
