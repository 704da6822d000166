// Draws that are the same each time, for samples of pairs: a seed names them, no chance does.

/** Numbers in [0, 1): a counter mixed by the finaliser of MurmurHash3 (Austin Appleby, public domain). */
export function drawsOf(seed: number): () => number {
  let count = seed >>> 0
  return () => {
    count = (count + 0x9e3779b9) >>> 0
    return mix(count) / 4294967296
  }
}

/** A 32-bit number that a text always gives, to spread and order by. */
export function textHash(text: string, seed = 0x811c9dc5): number {
  let hash = seed >>> 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mix(hash)
}

/** Two 32-bit numbers as one. */
export function mixPair(one: number, other: number): number {
  return mix(Math.imul(one, 0x85ebca6b) ^ (other + 0x9e3779b9))
}

function mix(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
