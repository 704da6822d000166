// What benches reckon with: quantiles, medians and a steady pace.

export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** A figure as it is printed: whole, or with two digits where it is small. */
export function inDigits(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0)
}

/** Runs `work` `count` times at a steady rate; a late start is caught up, the work itself may overlap. */
export async function paced(
  count: number,
  perSecond: number,
  work: (i: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now()
  const running: Promise<void>[] = []
  for (let i = 0; i < count; i++) {
    const dueMs = (i * 1000) / perSecond
    const early = dueMs - (performance.now() - startedAt)
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
    running.push(work(i))
  }
  await Promise.all(running)
}
