// Finds the lowest point of a smooth function of few variables: L-BFGS first, then Nelder-Mead, from several starts.

/** The value at a point; fills `slope` with the derivatives where it is handed in. Infinity where there is none. */
export type Objective = (at: readonly number[], slope?: number[]) => number

export interface Lowest {
  at: number[]
  value: number
  /** by start: the value that was reached from it */
  reached: number[]
}

export interface Point {
  at: number[]
  value: number
}

/**
 * The lowest point found from any of the starts; ties go to the first. The best descent is refined without slopes, for
 * the last digits or where a slope misled it. Throws without a start.
 */
export function minimise(objective: Objective, starts: readonly (readonly number[])[]): Lowest {
  const found = starts.map((start) => descend(objective, start))
  const [first, ...rest] = found
  if (!first) throw new RangeError('a search needs a start')
  const best = rest.reduce((lowest, next) => (next.value < lowest.value ? next : lowest), first)
  return { ...refine(objective, best), reached: found.map(({ value }) => value) }
}

/**
 * The lowest point down from a start, enough for a function with one hollow: L-BFGS with a backtracking line search
 * (Nocedal and Wright, Numerical Optimization, algorithm 7.4).
 */
export function descend(objective: Objective, start: readonly number[]): Point {
  let at = [...start]
  let slope = new Array<number>(at.length).fill(0)
  let value = objective(at, slope)
  const steps: number[][] = []
  const bends: number[][] = []
  for (let round = 0; round < 300 && Number.isFinite(value); round++) {
    const steepest = Math.max(...slope.map(Math.abs))
    if (!(steepest > 1e-9 * Math.max(1, Math.abs(value)))) break
    let way = direction(slope, steps, bends)
    let fall = dot(way, slope)
    if (!(fall < 0)) {
      steps.length = bends.length = 0
      way = slope.map((part) => -part)
      fall = dot(way, slope)
    }
    // The variables are logarithms of parameters: more than a factor of e^2 at once is a leap into the dark.
    let length = Math.min(1, 2 / Math.max(...way.map(Math.abs)))
    if (steps.length === 0) length = Math.min(length, 0.5 / Math.max(...way.map(Math.abs)))
    const nextSlope = new Array<number>(at.length).fill(0)
    let next = at
    let nextValue = Infinity
    let tries = 0
    for (; tries < 40; tries++, length *= 0.5) {
      const step = length
      next = at.map((part, i) => part + step * (way[i] as number))
      nextValue = objective(next)
      if (nextValue <= value + 1e-4 * length * fall) break
    }
    if (tries === 40) break
    objective(next, nextSlope)
    const step = next.map((part, i) => part - (at[i] as number))
    const bend = nextSlope.map((part, i) => part - (slope[i] as number))
    if (dot(step, bend) > 1e-12) {
      steps.push(step)
      bends.push(bend)
      if (steps.length > memory) {
        steps.shift()
        bends.shift()
      }
    }
    const gain = value - nextValue
    at = next
    slope = nextSlope
    value = nextValue
    if (gain <= 1e-14 * Math.abs(value) && Math.max(...step.map(Math.abs)) < 1e-9) break
  }
  return { at, value }
}

/** Gives a function of which only values are known its derivatives by central differences. */
export function withDifferences(value: (at: readonly number[]) => number): Objective {
  return (at, slope) => {
    if (slope) {
      const moved = [...at]
      for (let i = 0; i < at.length; i++) {
        const here = at[i] as number
        const step = 1e-5 * Math.max(1, Math.abs(here))
        moved[i] = here + step
        const above = value(moved)
        moved[i] = here - step
        slope[i] = (above - value(moved)) / (2 * step)
        moved[i] = here
      }
    }
    return value(at)
  }
}

const memory = 7

function direction(slope: readonly number[], steps: number[][], bends: number[][]): number[] {
  const way = slope.map((part) => -part)
  const shares: number[] = []
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as number[]
    const bend = bends[i] as number[]
    const share = dot(step, way) / dot(step, bend)
    shares[i] = share
    for (let j = 0; j < way.length; j++) way[j] = (way[j] as number) - share * (bend[j] as number)
  }
  const step = steps.at(-1)
  const bend = bends.at(-1)
  if (step && bend) {
    const scale = dot(step, bend) / dot(bend, bend)
    for (let j = 0; j < way.length; j++) way[j] = (way[j] as number) * scale
  }
  for (let i = 0; i < steps.length; i++) {
    const made = steps[i] as number[]
    const bent = bends[i] as number[]
    const share = (shares[i] as number) - dot(bent, way) / dot(made, bent)
    for (let j = 0; j < way.length; j++) way[j] = (way[j] as number) + share * (made[j] as number)
  }
  return way
}

/** Nelder and Mead's simplex (The Computer Journal 7, 1965), small around the point, for the last digits or a missed turn. */
function refine(objective: Objective, from: Point): Point {
  const size = from.at.length
  const corners: Point[] = [from]
  for (let i = 0; i < size; i++) {
    const at = [...from.at]
    at[i] = (at[i] as number) + 0.05
    corners.push({ at, value: objective(at) })
  }
  for (let round = 0; round < 200 * size; round++) {
    corners.sort((a, b) => a.value - b.value)
    const best = corners[0] as Point
    const worst = corners[size] as Point
    const spread = Math.max(
      ...corners.map(({ at }) => Math.max(...at.map((part, i) => Math.abs(part - (best.at[i] as number))))),
    )
    if (spread < 1e-7 || worst.value - best.value <= 1e-13 * Math.abs(best.value)) break
    const centre = best.at.map((_, i) => {
      let sum = 0
      for (let j = 0; j < size; j++) sum += corners[j]?.at[i] as number
      return sum / size
    })
    const move = (by: number): Point => {
      const at = centre.map((part, i) => part + by * ((worst.at[i] as number) - part))
      return { at, value: objective(at) }
    }
    const mirrored = move(-1)
    if (mirrored.value < best.value) {
      const further = move(-2)
      corners[size] = further.value < mirrored.value ? further : mirrored
    } else if (mirrored.value < (corners[size - 1] as Point).value) corners[size] = mirrored
    else {
      const nearer = mirrored.value < worst.value ? move(-0.5) : move(0.5)
      if (nearer.value < Math.min(mirrored.value, worst.value)) corners[size] = nearer
      else {
        for (let j = 1; j <= size; j++) {
          const at = (corners[j] as Point).at.map((part, i) => ((best.at[i] as number) + part) / 2)
          corners[j] = { at, value: objective(at) }
        }
      }
    }
  }
  return corners.reduce((lowest, next) => (next.value < lowest.value ? next : lowest), from)
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
