// Signature schemes, each against the published vector of its kind or Node's own hash, and each broken in every way.
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { signatureSchema } from './nouns.ts'
import { whyTurnedAway } from './verify.ts'

const now = new Date(1_614_265_330_000)
const raw = Buffer.from('{"test": 2432232314}')
const secret = 'a secret of the sender'
const seconds = String(now.getTime() / 1000)

const why = (
  settings: object,
  headers: Record<string, string>,
  more: { raw?: Buffer; secret?: string } = {},
) =>
  whyTurnedAway(signatureSchema.parse(settings), more.secret ?? secret, {
    raw: more.raw ?? raw,
    headers,
    now,
  })
const hash = (algorithm: string, encoding: 'hex' | 'base64', text: string | Buffer) =>
  createHmac(algorithm, secret).update(text).digest(encoding)

// https://github.com/standard-webhooks/standard-webhooks, the test vector of its libraries
const standard = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': seconds,
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const standardSecret = { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }

test('the published vector of Standard Webhooks is genuine, also among other signatures', () => {
  const scheme = { scheme: 'standard_webhooks' }
  expect(why(scheme, standard, standardSecret)).toBeNull()
  const several = { ...standard, 'webhook-signature': `v1,AAAA ${standard['webhook-signature']}` }
  expect(why(scheme, several, standardSecret)).toBeNull()
})

test.each([
  ['no signature', { 'webhook-signature': '' }, 'signature_missing'],
  ['another id', { 'webhook-id': 'msg_other' }, 'signature_wrong'],
  ['another time', { 'webhook-timestamp': String(Number(seconds) - 10) }, 'signature_wrong'],
  ['a time of long ago', { 'webhook-timestamp': String(Number(seconds) - 301) }, 'time_wrong'],
  ['a time far ahead', { 'webhook-timestamp': String(Number(seconds) + 301) }, 'time_wrong'],
  ['no time', { 'webhook-timestamp': 'yesterday' }, 'time_wrong'],
])('Standard Webhooks with %s is turned away', (_what, change, reason) => {
  expect(why({ scheme: 'standard_webhooks' }, { ...standard, ...change }, standardSecret)).toBe(reason)
})

test.each(['sha1', 'sha256', 'sha512'] as const)(
  '%s over the body, in hex or base64, with or without a prefix',
  (algorithm) => {
    for (const encoding of ['hex', 'base64'] as const)
      for (const prefix of ['', `${algorithm}=`]) {
        const settings = { scheme: 'hmac', header: 'X-Hub-Signature', algorithm, encoding, prefix }
        const given = prefix + hash(algorithm, encoding, raw)
        expect(why(settings, { 'x-hub-signature': given })).toBeNull()
        expect(why(settings, { 'x-hub-signature': given }, { secret: 'another secret' })).toBe(
          'signature_wrong',
        )
        expect(why(settings, { 'x-hub-signature': given }, { raw: Buffer.from('{}') })).toBe(
          'signature_wrong',
        )
        expect(why(settings, {})).toBe('signature_missing')
        if (prefix !== '')
          expect(why(settings, { 'x-hub-signature': given.slice(prefix.length) })).toBe('signature_wrong')
      }
  },
)

test('hex is read in either case, base64 is not', () => {
  const hex = hash('sha256', 'hex', raw).toUpperCase()
  expect(why({ scheme: 'hmac' }, { 'x-signature': hex })).toBeNull()
  const base64 = hash('sha256', 'base64', raw).toUpperCase()
  expect(why({ scheme: 'hmac', encoding: 'base64' }, { 'x-signature': base64 })).toBe('signature_wrong')
})

test('a body that is not UTF-8 is hashed as its bytes', () => {
  const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d])
  const settings = { scheme: 'hmac', time: 'header', signs: 'v0:{time}:{body}' }
  const given = hash('sha256', 'hex', Buffer.concat([Buffer.from(`v0:${seconds}:`), bytes]))
  expect(why(settings, { 'x-signature': given, 'x-timestamp': seconds }, { raw: bytes })).toBeNull()
})

test('a time in a header of its own is signed with the body, and must be of now', () => {
  const settings = { scheme: 'hmac', time: 'header', signs: 'v0:{time}:{body}', prefix: 'v0=' }
  const signed = (time: string) => ({
    'x-timestamp': time,
    'x-signature': `v0=${hash('sha256', 'hex', `v0:${time}:${raw.toString()}`)}`,
  })
  expect(why(settings, signed(seconds))).toBeNull()
  expect(why(settings, signed(String(now.getTime())))).toBeNull()
  expect(why(settings, signed(String(Number(seconds) - 400)))).toBe('time_wrong')
  expect(why({ ...settings, toleranceSeconds: 600 }, signed(String(Number(seconds) - 400)))).toBeNull()
  expect(why(settings, { ...signed(seconds), 'x-timestamp': String(Number(seconds) - 1) })).toBe(
    'signature_wrong',
  )
})

test('a time beside the hashes is signed with the body, and one right hash is enough', () => {
  const settings = { scheme: 'hmac', time: 'beside', signs: '{time}.{body}' }
  const good = hash('sha256', 'hex', `${seconds}.${raw.toString()}`)
  expect(why(settings, { 'x-signature': `t=${seconds},v1=${good}` })).toBeNull()
  expect(why(settings, { 'x-signature': `t=${seconds}, v1=00, v1=${good}` })).toBeNull()
  expect(why(settings, { 'x-signature': `t=${seconds},v1=00` })).toBe('signature_wrong')
  expect(why(settings, { 'x-signature': `v1=${good}` })).toBe('time_wrong')
})

test('a secret in a header must be the very one, with or without Bearer, and an empty one never counts', () => {
  const settings = { scheme: 'header_secret', header: 'authorization' }
  expect(why(settings, { authorization: secret })).toBeNull()
  expect(why(settings, { authorization: `Bearer ${secret}` })).toBeNull()
  expect(why(settings, { authorization: `${secret}x` })).toBe('secret_wrong')
  expect(why(settings, {})).toBe('secret_wrong')
  expect(why(settings, { authorization: '' }, { secret: '' })).toBe('secret_wrong')
})
