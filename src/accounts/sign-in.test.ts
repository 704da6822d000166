// Guarantees of how clients are told apart.
import { expect, test } from 'vitest'
import { clientOf } from './sign-in.ts'

test('an IPv4 address is one client, also where it is written as IPv6', () => {
  expect(clientOf('203.0.113.7')).toBe('203.0.113.7')
  expect(clientOf('::ffff:203.0.113.7')).toBe('203.0.113.7')
})

test('the addresses of one /64 network are one client, however they are written', () => {
  const client = clientOf('2001:db8:0:1::1')
  expect(clientOf('2001:0DB8:0000:0001:ffff:eeee:dddd:cccc')).toBe(client)
  expect(clientOf('2001:db8:0:2::1')).not.toBe(client)
  expect(clientOf('fe80::1%eth0')).toBe(clientOf('fe80::2'))
  expect(clientOf('::1')).toBe('0:0:0:0')
})
