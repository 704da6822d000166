// The door's check of one message: what passes and as what, and for everything hostile the reason of its refusal.
import { describe, expect, it } from 'vitest'
import { checkMessage, readCommon } from './check.ts'
import type { Checked } from './check.ts'
import type { TrackingCall } from './contract.ts'

function check(raw: unknown, type?: TrackingCall, body: Record<string, unknown> = {}): Checked {
  return checkMessage(raw, type, readCommon(body), () => 'made')
}
const track = { type: 'track', event: 'Clicked', anonymousId: 'a1', messageId: 'm1' }
const deep = (levels: number): unknown => (levels === 0 ? 1 : { in: deep(levels - 1) })

describe('a message passes', () => {
  it('with ids as text, without the key and without what is null', () => {
    const read = check({
      ...track,
      userId: 42,
      anonymousId: ' a1 ',
      traits: null,
      writeKey: 'secret',
      integrations: {},
    })
    expect(read).toMatchObject({ ok: true, message: { type: 'track', userId: '42', anonymousId: 'a1' } })
    expect(read.text).not.toContain('secret')
    expect(read.text).not.toContain('traits')
  })

  it('under the call that the path names, whatever it says itself', () => {
    expect(check({ ...track, type: 'page' }, 'track')).toMatchObject({ ok: true, message: { type: 'track' } })
  })

  it('with what its batch says once, where it does not say it itself', () => {
    const read = check({ ...track, context: { locale: 'de' } }, undefined, {
      sentAt: '2026-01-01T00:00:00Z',
      context: { locale: 'en', ip: '1.2.3.4' },
    })
    expect(read).toMatchObject({
      ok: true,
      message: { sentAt: '2026-01-01T00:00:00Z', context: { locale: 'de', ip: '1.2.3.4' } },
    })
  })

  it('without an instant that is no text', () => {
    const read = check({ ...track, timestamp: 1_700_000_000_000, sentAt: {} })
    expect(read.ok && [read.message.timestamp, read.message.sentAt]).toEqual([undefined, undefined])
  })

  it('with an id made for it where it has none, and with long ids that only begin alike told apart', () => {
    expect(check({ ...track, messageId: undefined })).toMatchObject({ message: { messageId: 'made' } })
    const [one, other] = ['1', '2'].map((end) => check({ ...track, messageId: 'x'.repeat(5_000) + end }))
    if (!one?.ok || !other?.ok) throw new Error('both pass')
    expect(one.message.messageId).not.toBe(other.message.messageId)
    expect(one.message.messageId).toHaveLength(200)
  })
})

describe('a message is refused', () => {
  it.each([
    ['null', null, 'not_an_object'],
    ['a list', [track], 'not_an_object'],
    ['a text', 'track', 'not_an_object'],
    ['no type', { ...track, type: undefined }, 'type_unknown'],
    ['a type of every object', { ...track, type: 'constructor' }, 'type_unknown'],
    ['a type that is no text', { ...track, type: { track: true } }, 'type_unknown'],
    ['no event', { ...track, event: ' ' }, 'event_missing'],
    ['an event that is no text', { ...track, event: ['Clicked'] }, 'event_missing'],
    ['nobody', { ...track, anonymousId: undefined }, 'identity_missing'],
    ['an empty id', { ...track, anonymousId: '  ' }, 'identity_missing'],
    ['an id that is an object', { ...track, userId: { $ne: null } }, 'field_wrong_type'],
    ['an id that is true', { ...track, anonymousId: true }, 'field_wrong_type'],
    ['properties that are a list', { ...track, properties: [1] }, 'field_wrong_type'],
    ['a context that is a text', { ...track, context: 'x' }, 'field_wrong_type'],
    ['too much', { ...track, properties: { text: 'x'.repeat(33_000) } }, 'event_too_large'],
    [
      'too much in bytes though not in letters',
      { ...track, properties: { text: 'ü'.repeat(17_000) } },
      'event_too_large',
    ],
    ['too deep', { ...track, properties: deep(30) }, 'nested_too_deep'],
    ['a NUL', { ...track, properties: { text: 'a\0b' } }, 'text_malformed'],
    ['half a character', { ...track, anonymousId: 'a\ud800' }, 'text_malformed'],
    ['half a character in a key', { ...track, properties: { ['\udfff']: 1 } }, 'text_malformed'],
    ['an alias of nothing', { type: 'alias', userId: 'u1' }, 'alias_incomplete'],
    ['an alias to nobody', { type: 'alias', previousId: 'a1' }, 'alias_incomplete'],
    ['a group without id', { type: 'group', userId: 'u1' }, 'group_incomplete'],
  ])('with %s', (_what, raw, reason) => {
    const read = check(raw)
    expect(read).toMatchObject({ ok: false, reason })
    // What is kept of it for the debugger is JSON that every store can hold.
    expect(() => JSON.parse(read.text) as unknown).not.toThrow()
    expect(read.text).not.toMatch(/\0|\\u0000|\p{Surrogate}/u)
  })

  it('for what its batch says once: too much or too deep is so for each', () => {
    expect(check(track, undefined, { context: { text: 'x'.repeat(40_000) } })).toMatchObject({
      reason: 'event_too_large',
    })
    expect(check(track, undefined, { context: deep(30) })).toMatchObject({ reason: 'nested_too_deep' })
  })
})
