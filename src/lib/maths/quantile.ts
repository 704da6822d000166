// Quantiles of a few or of many values.

/**
 * The quantile of values that are sorted, by linear interpolation between neighbours: type 7 of Hyndman and Fan
 * (The American Statistician 50(4), 1996), which R and spreadsheets take. Throws for no value.
 */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new RangeError('nothing has no quantile')
  return below + (place - Math.floor(place)) * (above - below)
}

/** The median of values in any order; of an even number the mean of the two in the middle. Throws for no value. */
export function medianOf(values: Iterable<number>): number {
  return quantileOf(Float64Array.from(values).sort(), 0.5)
}
