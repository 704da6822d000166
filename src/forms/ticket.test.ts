// Tickets: only what was shown by this installation, for this form and not too long ago, counts.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { isLinkSigned, isWorkDone, keyedHash, linkSignature, makeTicket, readTicket } from './ticket.ts'

const key = Buffer.alloc(32, 1)
const now = new Date('2026-11-23T12:00:00Z')
const later = (ms: number) => new Date(now.getTime() + ms)

test('a ticket tells when the form was shown, for this form and key alone', () => {
  const ticket = makeTicket(key, 'form', 'nonce', now)
  expect(readTicket(key, 'form', ticket, later(5000))).toEqual({ nonce: 'nonce', shownAt: now })
  const invalid = { refused: 'ticket_invalid' }
  expect(readTicket(key, 'other', ticket, now)).toEqual(invalid)
  expect(readTicket(Buffer.alloc(32, 2), 'form', ticket, now)).toEqual(invalid)
  const [at, , signature] = ticket.split('.')
  expect(readTicket(key, 'form', `${at}.other.${signature}`, now)).toEqual(invalid)
  const older = later(-60_000).getTime().toString(36)
  expect(readTicket(key, 'form', `${older}.nonce.${signature}`, now)).toEqual(invalid)
  for (const nonsense of ['', '.', '..', 'a.b.c', ticket.slice(0, -1)])
    expect(readTicket(key, 'form', nonsense, now)).toEqual(invalid)
})

test('a ticket is over after a day', () => {
  const ticket = makeTicket(key, 'form', 'nonce', now)
  expect(readTicket(key, 'form', ticket, later(86_400_000))).toHaveProperty('nonce')
  expect(readTicket(key, 'form', ticket, later(86_400_001))).toEqual({ refused: 'ticket_expired' })
})

test('work counts where the hash of ticket and number begins with enough zero bits', () => {
  const zeros = (count: number) =>
    Math.clz32(createHash('sha256').update(`ticket:${count}`).digest().readUInt32BE(0))
  let count = 0
  while (zeros(count) < 8) count++
  expect(isWorkDone('ticket', String(count), 8)).toBe(true)
  expect(isWorkDone('ticket', String(count), zeros(count) + 1)).toBe(false)
  expect(isWorkDone('other', String(count), 8) && isWorkDone('third', String(count), 8)).toBe(false)
  for (const nonsense of ['', '-1', '1e3', `0x${count}`, '1'.repeat(13)])
    expect(isWorkDone('ticket', nonsense, 8), nonsense).toBe(false)
})

test('a link is good for its own confirmation alone', () => {
  const signature = linkSignature(key, 'one')
  expect(isLinkSigned(key, 'one', signature)).toBe(true)
  expect(isLinkSigned(key, 'two', signature)).toBe(false)
  expect(isLinkSigned(key, 'one', '')).toBe(false)
})

test('an address is kept as a hash that says nothing without the key, and differs by workspace', () => {
  const hash = keyedHash(key, 'address', 'a', '203.0.113.7')
  expect(hash).toBe(keyedHash(key, 'address', 'a', '203.0.113.7'))
  expect(hash).not.toBe(keyedHash(key, 'address', 'b', '203.0.113.7'))
  expect(hash).not.toContain('203')
})
