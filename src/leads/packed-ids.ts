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

function idOf(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
}
