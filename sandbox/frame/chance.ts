// Chance from a seed, so that a run with faults can be repeated.

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function diceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    return mix(state)
  }
}

/** One number in [0, 1) for a place in a series, the same each time it is asked for. */
export function diceAt(seed: number, place: number): number {
  return mix((Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(place + 1, 0x6d2b79f5)) >>> 0)
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}
