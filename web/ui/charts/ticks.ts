// Round steps for the axis of a chart. Pure.

/** From zero up to at least the largest value. */
export function ticksTo(largest: number): number[] {
  if (largest <= 0) return [0, 1]
  const rough = largest / 3
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max([1, 2, 2.5, 5, 10].map((one) => one * size).find((one) => one >= rough) ?? size, 1e-9)
  const whole = largest >= 3 ? Math.max(1, Math.ceil(step)) : step
  return Array.from({ length: Math.ceil(largest / whole - 1e-9) + 1 }, (_, place) => place * whole)
}
