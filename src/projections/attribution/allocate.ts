// Turns shares into credits that add up: whole minor units and millionths of a conversion, and what refunds take back.

/** A conversion in the units in which its credit is counted. */
export const COUNT_UNITS = 1_000_000

/**
 * Splits a whole number by weights into whole numbers that add up to it exactly, as `splitMoney` of lib/money does
 * (largest remainder, ties to the first; a negative number like its opposite; weights of zero everywhere are equal).
 * Works in the arrays it is handed, and so a million splits of ten take 0.2 s instead of 1.5.
 * @param weights not negative; their sum need not be 1
 * @param out as long as the weights
 */
export function allocate(total: number, weights: Float64Array, out: Float64Array): void {
  const count = weights.length
  const amount = Math.abs(total)
  let sum = 0
  for (let i = 0; i < count; i++) sum += weights[i] as number
  let left = amount
  for (let i = 0; i < count; i++) {
    const part = Math.floor(quota(i))
    out[i] = part
    left -= part
  }
  // A step back happens only where quotas exceed the precision of a double.
  for (; left !== 0; left -= Math.sign(left)) {
    let chosen = 0
    let largest = -Infinity
    for (let i = 0; i < count; i++) {
      const remainder = left > 0 ? quota(i) - (out[i] as number) : (out[i] as number) - quota(i)
      const isEligible = left > 0 || (out[i] as number) > 0
      if (isEligible && remainder > largest) {
        largest = remainder
        chosen = i
      }
    }
    out[chosen] = (out[chosen] as number) + Math.sign(left)
  }
  if (total < 0) for (let i = 0; i < count; i++) out[i] = out[i] === 0 ? 0 : -(out[i] as number)

  function quota(i: number): number {
    return sum > 0 ? amount * ((weights[i] as number) / sum) : amount / count
  }
}

/** The credit of one conversion: by touch, in order of the journey. */
export interface ConversionCredit {
  valueMinor: number[]
  /** millionths of a conversion */
  countUnits: number[]
}

/**
 * The credit of a conversion by the shares of its touches. Both columns add up exactly; a conversion without a touch
 * has no rows, and whoever adds up puts it under `(unattributed)`.
 */
export function creditOf(
  conversion: { valueMinor: number; count: number },
  shares: Float64Array,
): ConversionCredit {
  if (!Number.isSafeInteger(conversion.valueMinor) || !Number.isSafeInteger(conversion.count * COUNT_UNITS))
    throw new RangeError('a conversion counts whole minor units and whole conversions')
  const out = new Float64Array(shares.length)
  if (shares.length === 0) return { valueMinor: [], countUnits: [] }
  allocate(conversion.valueMinor, shares, out)
  const valueMinor = Array.from(out)
  allocate(conversion.count * COUNT_UNITS, shares, out)
  return { valueMinor, countUnits: Array.from(out) }
}

/**
 * What a refund takes back of a conversion's credit: rows of zero or below, in ratio of what each touch still has, that
 * add up to the refund exactly. What exceeds the value that is left is no refund of this conversion and takes nothing.
 * Once nothing is left, the conversion itself is taken back, too: it is as if it had not happened.
 * @param standing the credit after the refunds before this one: the conversion's rows and theirs, added up
 */
export function refundOf(standing: ConversionCredit, refundMinor: number): ConversionCredit {
  const value = standing.valueMinor.reduce((sum, minor) => sum + minor, 0)
  const taken = Math.min(Math.max(0, refundMinor), Math.max(0, value))
  const out = new Float64Array(standing.valueMinor.length)
  if (taken > 0) allocate(-taken, Float64Array.from(standing.valueMinor), out)
  const isWhole = taken === value && taken > 0
  return {
    valueMinor: Array.from(out),
    countUnits: standing.countUnits.map((units) => (isWhole && units !== 0 ? -units : 0)),
  }
}
