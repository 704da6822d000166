// Finds out how the bytes of a text file spell characters, from the whole file as it streams by, and decodes them.
import { isAscii, isUtf8 } from 'node:buffer'
import chardet from 'chardet'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'shift_jis'

/** Watches a file's bytes go by. */
export interface EncodingScan {
  add(bytes: Buffer): void
  /** the encoding of what was added so far */
  verdict(): Encoding
}

/**
 * Byte order mark, then NUL bytes in every second place (UTF-16), then UTF-8 by validity, then likelihood (chardet).
 * A file whose multi-byte sequences are nearly all valid UTF-8 is UTF-8 with damaged rows, not windows-1252: text of
 * that encoding hardly ever forms valid sequences, and reading the whole file by its worst row would garble the rest.
 */
export function createEncodingScan(): EncodingScan {
  let head: Buffer = Buffer.alloc(0)
  let beyondAscii: Buffer = Buffer.alloc(0)
  let valid = 0
  let invalid = 0
  return {
    add(bytes) {
      if (head.length < sampleBytes)
        head = Buffer.concat([head, bytes.subarray(0, sampleBytes - head.length)])
      if (isAscii(bytes)) return
      if (beyondAscii.length < sampleBytes) {
        const at = bytes.findIndex((byte) => byte > 0x7f)
        const from = Math.max(0, at - 200)
        beyondAscii = Buffer.concat([
          beyondAscii,
          bytes.subarray(from, from + sampleBytes - beyondAscii.length),
        ])
      }
      if (isUtf8(withoutCutSequences(bytes))) valid += 100
      else {
        const counts = countSequences(bytes)
        valid += counts.valid
        invalid += counts.invalid
      }
    },
    verdict() {
      const marked = byteOrderMark(head)
      if (marked) return marked
      const wide = wideWithoutMark(head)
      if (wide) return wide
      if (invalid === 0 || valid >= invalid * 9) return 'utf-8'
      return likeliest(beyondAscii)
    },
  }
}

const sampleBytes = 65_536

/**
 * Decodes a stream of bytes piece by piece; a byte order mark is taken off. Bytes that the encoding does not have
 * become U+FFFD, so that the row that holds them can be refused alone. For UTF-8 the bytes are handed through.
 */
export function createDecoder(encoding: Encoding): {
  write(bytes: Buffer): Buffer | string
  end(): Buffer | string
} {
  if (encoding === 'utf-8') return { write: (bytes) => bytes, end: () => '' }
  const decoder = new TextDecoder(encoding)
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}

/** The text of a sample; a character cut off at its end is left out where `isWhole` is false. */
export function decodeSample(bytes: Buffer, encoding: Encoding, isWhole: boolean): string {
  return new TextDecoder(encoding).decode(bytes, { stream: !isWhole })
}

function byteOrderMark(head: Buffer): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  return null
}

function wideWithoutMark(head: Buffer): Encoding | null {
  const sample = head.subarray(0, 4096)
  let even = 0
  let odd = 0
  for (let i = 0; i < sample.length; i++) {
    if (sample[i] !== 0) continue
    if (i % 2 === 0) even++
    else odd++
  }
  const places = sample.length / 2
  if (odd > places * 0.4 && even < places * 0.1) return 'utf-16le'
  if (even > places * 0.4 && odd < places * 0.1) return 'utf-16be'
  return null
}

function withoutCutSequences(bytes: Buffer): Buffer {
  let start = 0
  while (start < 3 && isContinuation(bytes[start])) start++
  let end = bytes.length
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (isContinuation(byte)) continue
    if (byte >= 0xc0 && sequenceLength(byte) > back) end = bytes.length - back
    break
  }
  return bytes.subarray(start, end)
}

function countSequences(bytes: Buffer): { valid: number; invalid: number } {
  let valid = 0
  let invalid = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (byte < 0x80) continue
    const length = sequenceLength(byte)
    let continues = length > 1
    for (let j = 1; j < length && continues; j++) continues = isContinuation(bytes[i + j])
    if (continues) {
      valid++
      i += length - 1
    } else invalid++
  }
  return { valid, invalid }
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf
}

// Short samples mislead detectors, so only what they can tell apart is asked: Japanese or Western.
function likeliest(sample: Buffer): Encoding {
  const shiftJis = new TextDecoder('shift_jis').decode(sample, { stream: true })
  if (!shiftJis.includes('\ufffd') && japaneseShare(shiftJis) > 0.5) return 'shift_jis'
  const guesses = chardet.analyse(sample)
  const japanese = guesses.find((guess) => guess.name === 'Shift_JIS')?.confidence ?? 0
  const western = Math.max(
    0,
    ...guesses
      .filter((guess) => /^(windows-125|ISO-8859-)/.test(guess.name))
      .map((guess) => guess.confidence),
  )
  return japanese > western ? 'shift_jis' : 'windows-1252'
}

// Of the characters beyond ASCII, how many are kana, common kanji or Japanese punctuation of full width.
function japaneseShare(text: string): number {
  let beyond = 0
  let japanese = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) continue
    beyond++
    if (
      (code >= 0x3000 && code <= 0x30ff) ||
      (code >= 0x4e00 && code <= 0x9fff) ||
      (code >= 0xff01 && code <= 0xff5e)
    )
      japanese++
  }
  return beyond === 0 ? 0 : japanese / beyond
}
