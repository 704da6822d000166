// Remembers in fixed memory which of many texts came more than once.

export interface SeenTwice {
  add(text: string): void
  /** true for every text that was added more than once, and for one in a hundred of the others (at three million texts) */
  mayBeTwice(text: string): boolean
}

/** Two fields of 2^28 bits: 64 MB, whatever is added. */
export function createSeenTwice(): SeenTwice {
  const once = new Uint8Array(size)
  const twice = new Uint8Array(size)
  return {
    add(text) {
      const bit = placeOf(text)
      const mask = 1 << (bit & 7)
      const at = bit >>> 3
      if ((once[at]! & mask) !== 0) twice[at]! |= mask
      else once[at]! |= mask
    },
    mayBeTwice(text) {
      const bit = placeOf(text)
      return (twice[bit >>> 3]! & (1 << (bit & 7))) !== 0
    },
  }
}

const size = 2 ** 25

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, its upper bits folded into 28.
function placeOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash >>>= 0
  return (hash ^ (hash >>> 28)) & 0x0fffffff
}
