// SHA-256 (https://csrc.nist.gov/pubs/fips/180-4/upd1/final) of short texts: the browser's own is asynchronous, which 65,000 calls make slow, and is missing on plain http pages.

/** The first 32 bits of the hash of an ASCII text of up to 247 characters, as an unsigned number. */
export function firstWord(text: string): number {
  const length = text.length
  const blocks = ((length + 8) >> 6) + 1
  const words = new Uint32Array(blocks * 16)
  for (let at = 0; at < length; at++) words[at >> 2]! |= text.charCodeAt(at) << (24 - (at & 3) * 8)
  words[length >> 2]! |= 0x80 << (24 - (length & 3) * 8)
  words[blocks * 16 - 1] = length * 8
  const state = Uint32Array.from(START)
  const schedule = new Uint32Array(64)
  for (let block = 0; block < blocks; block++) {
    for (let t = 0; t < 64; t++) {
      if (t < 16) schedule[t] = words[block * 16 + t]!
      else {
        const a = schedule[t - 15]!
        const b = schedule[t - 2]!
        const small = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)
        const large = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)
        schedule[t] = (schedule[t - 16]! + small + schedule[t - 7]! + large) | 0
      }
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
    for (let t = 0; t < 64; t++) {
      const first =
        (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[t]! + schedule[t]!) | 0
      const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + second) | 0
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, at) => (state[at]! += word))
  }
  return state[0]!
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

// The fractional parts of the square and cube roots of the first primes, as the standard defines them.
const primes = firstPrimes(64)
const START = primes.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)))
const ROUND = primes.map((prime) => fraction(prime ** (1 / 3)))

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0
}

function firstPrimes(count: number): number[] {
  const found: number[] = []
  for (let next = 2; found.length < count; next++) {
    if (found.every((prime) => next % prime !== 0)) found.push(next)
  }
  return found
}
