// Whether a call is from whom it says: the schemes that senders use, each compared in constant time over the bytes that came. Pure.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { isSignedWith } from '../lib/webhook-signature.ts'
import type { Signature, TurnedAwayReason } from './nouns.ts'

export interface Called {
  raw: Buffer
  /** names in small letters */
  headers: Readonly<Record<string, string | string[] | undefined>>
  now: Date
}

/** Why a call is turned away, or null where it is genuine. */
export function whyTurnedAway(
  signature: Signature,
  secret: string,
  { raw, headers, now }: Called,
): TurnedAwayReason | null {
  const header = (name: string) => {
    const value = headers[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  switch (signature.scheme) {
    case 'none':
      return null
    case 'header_secret':
      return isSame(header(signature.header).replace(/^Bearer /i, ''), secret) ? null : 'secret_wrong'
    case 'standard_webhooks': {
      const [id, time, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header)
      if (!id || !given) return 'signature_missing'
      if (!isTimely(time ?? '', signature, now)) return 'time_wrong'
      const said = { id, timestamp: Number(time), body: raw.toString('utf8') }
      return isSignedWith(secret, given, said) ? null : 'signature_wrong'
    }
    case 'hmac':
      return whyHmacFails(signature, secret, header, raw, now)
  }
}

function whyHmacFails(
  signature: Signature,
  secret: string,
  header: (name: string) => string,
  raw: Buffer,
  now: Date,
): TurnedAwayReason | null {
  const value = header(signature.header)
  if (value === '') return 'signature_missing'
  const parts = signature.time === 'beside' ? partsOf(value) : { time: '', hashes: [value] }
  const time = signature.time === 'header' ? header(signature.timeHeader) : parts.time
  if (signature.time !== 'none' && !isTimely(time, signature, now)) return 'time_wrong'
  const expected = hashOf(signature, secret, time, raw)
  // Hex is written in either case.
  const regular = (hash: string) => (signature.encoding === 'hex' ? hash.toLowerCase() : hash)
  const given = parts.hashes.map((hash) =>
    hash.startsWith(signature.prefix) ? hash.slice(signature.prefix.length) : null,
  )
  return given.some((hash) => hash !== null && isSame(regular(hash), expected)) ? null : 'signature_wrong'
}

function hashOf(
  { algorithm, encoding, signs }: Signature,
  secret: string,
  time: string,
  raw: Buffer,
): string {
  const hmac = createHmac(algorithm, secret)
  // Around the body texts, the body as its bytes: what is not UTF-8 stays what it was.
  signs.split('{body}').forEach((text, place) => {
    if (place > 0) hmac.update(raw)
    hmac.update(text.replaceAll('{time}', time))
  })
  return hmac.digest(encoding)
}

// `t=1700000000,v1=abc,v1=def`: the time, and every hash under whatever name.
function partsOf(value: string): { time: string; hashes: string[] } {
  const parts = value.split(',').map((part) => {
    const equals = part.indexOf('=')
    return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()] as const
  })
  return {
    time: parts.find(([name]) => name === 't')?.[1] ?? '',
    hashes: parts.flatMap(([name, hash]) => (name === 't' || name === '' ? [] : [hash])),
  }
}

function isTimely(time: string, { toleranceSeconds }: Signature, now: Date): boolean {
  if (!/^\d{9,13}$/.test(time)) return false
  const seconds = time.length > 11 ? Number(time) / 1000 : Number(time)
  return Math.abs(now.getTime() / 1000 - seconds) <= toleranceSeconds
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return expected !== '' && a.length === b.length && timingSafeEqual(a, b)
}
