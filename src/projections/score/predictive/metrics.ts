// How good probabilities were, once the outcomes are known.

export interface Metrics {
  rows: number
  conversions: number
  /** chance that a conversion is ranked above another row, ties counting half; null where one of the two is absent */
  auc: number | null
  /** average precision over the ranking, tied rows entering together; null without a conversion */
  prAuc: number | null
  /** mean squared distance of probability and outcome */
  brier: number
  /** mean of -log of the probability given to what happened */
  logLoss: number
  /** mean probability and the share that converted */
  expected: number
  observed: number
}

export interface Band {
  rows: number
  /** lowest and highest probability in the band */
  from: number
  to: number
  expected: number
  observed: number
  conversions: number
}

export interface Decile {
  /** 1 holds the highest probabilities */
  decile: number
  rows: number
  conversions: number
  rate: number
  /** rate over the rate of all rows */
  lift: number
  /** share of all conversions in this decile and those above */
  captured: number
}

/** Area under the ROC curve by counting pairs; of equal values each counts half. Null where all outcomes are the same. */
export function aucOf(scores: Float64Array, outcomes: Uint8Array): number | null {
  // Sorted apart and merged: sorting numbers takes a tenth of the time of sorting rows by a number.
  const hits = scores.filter((_, row) => outcomes[row] === 1).sort()
  const others = scores.filter((_, row) => outcomes[row] !== 1).sort()
  if (hits.length === 0 || others.length === 0) return null
  let below = 0
  let upTo = 0
  let pairs = 0
  for (const hit of hits) {
    while (below < others.length && (others[below] as number) < hit) below++
    while (upTo < others.length && (others[upTo] as number) <= hit) upTo++
    pairs += (below + upTo) / 2
  }
  return pairs / (hits.length * others.length)
}

/** Average precision: the sum over score levels, highest first, of the recall gained times the precision there. */
export function averagePrecisionOf(scores: Float64Array, outcomes: Uint8Array): number | null {
  const order = byScore(scores)
  let positives = 0
  for (const outcome of outcomes) positives += outcome
  if (positives === 0) return null
  let seen = 0
  let hits = 0
  let area = 0
  for (let at = order.length - 1; at >= 0;) {
    const level = scores[order[at] as number]
    const before = hits
    while (at >= 0 && scores[order[at] as number] === level) {
      hits += outcomes[order[at] as number] as number
      seen++
      at--
    }
    area += ((hits - before) / positives) * (hits / seen)
  }
  return area
}

export function metricsOf(probabilities: Float64Array, outcomes: Uint8Array): Metrics {
  const rows = outcomes.length
  let conversions = 0
  let squares = 0
  let loss = 0
  let expected = 0
  for (let row = 0; row < rows; row++) {
    const p = probabilities[row] as number
    const y = outcomes[row] as number
    conversions += y
    expected += p
    squares += (p - y) ** 2
    // Bounded so that one wrong certainty does not make the mean infinite.
    loss -= Math.log(Math.min(Math.max(y === 1 ? p : 1 - p, 1e-15), 1))
  }
  return {
    rows,
    conversions,
    auc: aucOf(probabilities, outcomes),
    prAuc: averagePrecisionOf(probabilities, outcomes),
    brier: squares / rows,
    logLoss: loss / rows,
    expected: expected / rows,
    observed: conversions / rows,
  }
}

/** Bands of about equally many rows by rising probability; equal probabilities stay in one band. */
export function calibrationTable(probabilities: Float64Array, outcomes: Uint8Array, bands = 10): Band[] {
  const order = byScore(probabilities)
  const table: Band[] = []
  for (let at = 0; at < order.length;) {
    let end = Math.max(at + 1, Math.round(((table.length + 1) * order.length) / bands))
    if (table.length >= bands - 1) end = order.length
    while (
      end < order.length &&
      probabilities[order[end] as number] === probabilities[order[end - 1] as number]
    )
      end++
    const inside = order.subarray(at, end)
    const conversions = inside.reduce((total, row) => total + (outcomes[row] as number), 0)
    table.push({
      rows: inside.length,
      from: probabilities[inside[0] as number] as number,
      to: probabilities[inside[inside.length - 1] as number] as number,
      expected: inside.reduce((total, row) => total + (probabilities[row] as number), 0) / inside.length,
      observed: conversions / inside.length,
      conversions,
    })
    at = end
  }
  return table
}

/** Ten parts by falling probability. Rows of equal probability that a border cuts are shared out in proportion. */
export function liftByDecile(probabilities: Float64Array, outcomes: Uint8Array): Decile[] {
  const order = byScore(probabilities).reverse()
  const rows = order.length
  // Conversions up to each row, a tie's conversions spread evenly over it, so that the order inside it does not matter.
  const cumulated = new Float64Array(rows + 1)
  for (let at = 0; at < rows;) {
    let end = at
    let inTie = 0
    while (end < rows && probabilities[order[end] as number] === probabilities[order[at] as number]) {
      inTie += outcomes[order[end] as number] as number
      end++
    }
    for (let place = at; place < end; place++)
      cumulated[place + 1] = (cumulated[at] as number) + (inTie * (place + 1 - at)) / (end - at)
    at = end
  }
  const total = cumulated[rows] as number
  return Array.from({ length: 10 }, (_, index) => {
    const from = Math.round((index * rows) / 10)
    const to = Math.round(((index + 1) * rows) / 10)
    const conversions = (cumulated[to] as number) - (cumulated[from] as number)
    const rate = to > from ? conversions / (to - from) : 0
    return {
      decile: index + 1,
      rows: to - from,
      conversions,
      rate,
      lift: total > 0 ? rate / (total / rows) : 0,
      captured: total > 0 ? (cumulated[to] as number) / total : 0,
    }
  })
}

/** Row numbers by rising score; the typed sort is stable, so ties keep their order. */
function byScore(scores: Float64Array): Uint32Array {
  return new Uint32Array(scores.length)
    .map((_, row) => row)
    .sort((left, right) => (scores[left] as number) - (scores[right] as number))
}
