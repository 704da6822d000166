// Randomness by name: every draw belongs to a stream that a seed and a few numbers name, so that no draw moves another.

/**
 * A stream of random numbers: sfc32 of Chris Doty-Humphrey (128 bits of state, period at least 2^32,
 * https://pracrand.sourceforge.net/RNG_engines.txt), its state mixed from the names by MurmurHash3's finaliser.
 */
export class Stream {
  private a: number
  private b: number
  private c: number
  private count = 1

  constructor(seed: number, ...names: number[]) {
    let state = blend(START, seed)
    for (const name of names) state = blend(state, name)
    this.a = blend(state, 1)
    this.b = blend(state, 2)
    this.c = blend(state, 3)
    for (let warmUp = 0; warmUp < 12; warmUp++) this.bits()
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const sum = (((this.a + this.b) | 0) + this.count++) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** Uniform in (0, 1), never an end of it. */
  uniform(): number {
    return (this.bits() + 0.5) / 4294967296
  }

  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** An integer from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.uniform() * (to - from + 1))
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.uniform() * list.length)] as T
  }

  /** An item with the probability that its weight has among all. */
  weighted<T>(list: readonly T[], weightOf: (item: T) => number): T {
    let left = this.uniform() * list.reduce((sum, item) => sum + weightOf(item), 0)
    for (const item of list) if ((left -= weightOf(item)) < 0) return item
    return list[list.length - 1] as T
  }

  exponential(mean: number): number {
    return -mean * Math.log(this.uniform())
  }

  /** Gamma of an integer shape (a sum of exponentials), scaled to a mean of 1. */
  gamma(shape: number): number {
    let sum = 0
    for (let part = 0; part < shape; part++) sum += this.exponential(1)
    return sum / shape
  }

  /** Log-normal with this median; `spread` is the standard deviation of its logarithm (Box-Muller). */
  logNormal(median: number, spread: number): number {
    const normal = Math.sqrt(this.exponential(2)) * Math.cos(2 * Math.PI * this.uniform())
    return median * Math.exp(spread * normal)
  }

  poisson(mean: number): number {
    return poissonQuantile(this.uniform(), mean)
  }

  /** `length` lower-case letters and digits. */
  token(length: number): string {
    let text = ''
    for (let place = 0; place < length; place++) text += letters[Math.floor(this.uniform() * letters.length)]
    return text
  }

  /** A UUID of version 4. */
  uuid(): string {
    const [a, b, c, d] = [this.bits(), this.bits(), this.bits(), this.bits()]
    const time = `${hex4(a >>> 16)}${hex4(a & 0xffff)}-${hex4(b >>> 16)}-${hex4(0x4000 | (b & 0xfff))}`
    return `${time}-${hex4(0x8000 | ((c >>> 16) & 0x3fff))}-${hex4(c & 0xffff)}${hex4(d >>> 16)}${hex4(d & 0xffff)}`
  }
}

/** One uniform number in (0, 1) by its names alone: cheaper than a stream where a single draw is wanted. */
export function uniformOf(seed: number, ...names: number[]): number {
  let state = blend(START, seed)
  for (const name of names) state = blend(state, name)
  return ((state >>> 0) + 0.5) / 4294967296
}

/**
 * A UUID of version 4 that no other number has: a stream's numbers follow from 32 bits, so that two of a million streams may
 * well draw the same one.
 */
export function distinctUuid(number: number, random: Stream): string {
  return (mix(number) >>> 0).toString(16).padStart(8, '0') + random.uuid().slice(8)
}

/** The smallest count whose cumulative Poisson probability reaches `level`; rises with `mean` for a fixed level. */
export function poissonQuantile(level: number, mean: number): number {
  let count = 0
  let term = Math.exp(-mean)
  let sum = term
  while (level > sum && count < 10_000) {
    term *= mean / ++count
    sum += term
  }
  return count
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Sixteen bits as four digits: by a table, since half of what a call costs would be its ids. */
export function hex4(bits: number): string {
  return BYTES[bits >>> 8]! + BYTES[bits & 0xff]!
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

const START = 0x9e3779b9

function blend(state: number, name: number): number {
  return mix(Math.imul(state ^ mix(name | 0), 0x85ebca6b) + 0x7f4a7c15)
}

function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
