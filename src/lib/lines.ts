// Lines of text as the bytes that are sent: kept outside the heap, where a hundred megabytes of them cost the collector nothing.

/** Gathers lines. Measured: with strings that were joined at the end, a quarter of deciding a demo was garbage collection. */
export class Lines {
  private buffer: Buffer
  private length = 0

  /** @param expectedBytes how much there will be, where that is known; more finds room too */
  constructor(expectedBytes = INITIAL_BYTES) {
    this.buffer = Buffer.allocUnsafe(expectedBytes)
  }

  add(line: string): void {
    // A character takes three bytes at most, a pair of surrogates four.
    const most = this.length + line.length * 3 + 1
    if (most > this.buffer.length) this.grow(most)
    this.length += this.buffer.write(line, this.length)
    this.buffer[this.length++] = NEWLINE
  }

  /** Begins anew in the same memory: what `bytes` gave is no longer to be read. */
  clear(): void {
    this.length = 0
  }

  /** The bytes of all lines, each with its end; not to be kept beyond `clear`. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  private grow(atLeast: number): void {
    const larger = Buffer.allocUnsafe(Math.max(atLeast, this.buffer.length * 2))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }
}

const INITIAL_BYTES = 4 * 2 ** 20
const NEWLINE = 10
