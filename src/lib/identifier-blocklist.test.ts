// Which values never join two people.
import { describe, expect, it } from 'vitest'
import { blockedIdentifier, type IdentifierKind } from './identifier-blocklist.ts'

const cases: [IdentifierKind, string, ReturnType<typeof blockedIdentifier>][] = [
  ['user_id', 'null', 'placeholder'],
  ['user_id', ' Undefined ', 'placeholder'],
  ['user_id', '[object Object]', 'placeholder'],
  ['user_id', '{{ customer.id }}', 'placeholder'],
  ['user_id', '', 'placeholder'],
  ['user_id', '---', 'repeated_digits'],
  ['user_id', '000000', 'repeated_digits'],
  ['user_id', '0', 'repeated_digits'],
  ['user_id', '7', null],
  ['user_id', '22', null],
  ['user_id', '42', null],
  ['user_id', 'noemail@shop.com', 'placeholder'],
  ['user_id', 'ada@example.com', null],
  ['vendor_customer_id', '11111111', 'repeated_digits'],
  ['vendor_customer_id', '6371829405', null],
  ['anonymous_id', '00000000-0000-0000-0000-000000000000', 'repeated_digits'],
  ['anonymous_id', 'anonymous', 'placeholder'],
  ['anonymous_id', 'a1', null],
  ['anonymous_id', '507f191e-810c-4199-9de8-60ea00000000', null],
  ['email', 'info@orm.se', 'role_account'],
  ['email', 'noemail@orm.se', 'placeholder'],
  ['email', 'ada@example.com', null],
  ['phone', '+46000000000', 'repeated_digits'],
  ['phone', '+123456789', 'placeholder'],
  ['phone', '+46761234567', null],
  ['phone', '112', 'too_short'],
  ['phone', '+46701112233', null],
]

describe('a value that names nobody is no evidence for a merge', () => {
  it.each(cases)('%s %j is %s', (kind, value, reason) => expect(blockedIdentifier(kind, value)).toBe(reason))
})
