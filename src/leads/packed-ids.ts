// Many ids in little memory: 16 bytes each, unpacked some thousand at a time. Pure.

/** Bytes of a packed id. */
const ID_BYTES = 16

export function countPacked(packed: Buffer): number {
  return packed.length / ID_BYTES
}

/** The ids in their order, `size` at a time. */
export function* unpacked(packed: Buffer, size: number): Generator<string[]> {
  for (let from = 0; from < packed.length; from += size * ID_BYTES) {
    const digits = packed.toString('hex', from, Math.min(packed.length, from + size * ID_BYTES))
    const ids: string[] = []
    for (let at = 0; at < digits.length; at += 2 * ID_BYTES)
      ids.push(idOf(digits.slice(at, at + 2 * ID_BYTES)))
    yield ids
  }
}

/** What the first has and the second has not; both in the order of their ids. */
export function packedDifference(first: Buffer, second: Buffer): Buffer {
  const kept: Buffer[] = []
  let at = 0
  let other = 0
  let from = 0
  const keep = (upTo: number) => {
    if (upTo > from) kept.push(first.subarray(from, upTo))
    from = upTo + ID_BYTES
  }
  while (at < first.length && other < second.length) {
    const order = first.compare(second, other, other + ID_BYTES, at, at + ID_BYTES)
    if (order === 0) keep(at)
    if (order <= 0) at += ID_BYTES
    if (order >= 0) other += ID_BYTES
  }
  keep(first.length)
  return Buffer.concat(kept)
}

function idOf(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
}
