// Guarantees of the settings' schemas.
import { expect, test } from 'vitest'
import { domainSchema, settingsChangeSchema, workspaceSettingsSchema } from './settings.ts'

test('settings that were never touched have careful defaults', () => {
  expect(workspaceSettingsSchema.parse({})).toEqual({
    ipPolicy: 'never',
    excludedAddresses: [],
    ownDomains: [],
    consentDefaults: {},
  })
})

test('a change names only what was sent, so that nothing falls back to a default', () => {
  expect(settingsChangeSchema.parse({})).toEqual({})
  expect(settingsChangeSchema.parse({ consentDefaults: { DE: 'denied', '*': 'granted' } })).toEqual({
    consentDefaults: { DE: 'denied', '*': 'granted' },
  })
})

test('addresses and ranges of both families are taken, and nothing else', () => {
  const takes = (address: string) => settingsChangeSchema.safeParse({ excludedAddresses: [address] }).success
  expect(['203.0.113.7', '203.0.113.0/24', '2001:db8::1', '2001:db8::/32'].every(takes)).toBe(true)
  expect(['300.1.1.1', '203.0.113.0/33', 'office', '', '1.2.3.4 '].some(takes)).toBe(false)
})

test.each(['shop.example', 'www.shop.example', 'localhost', 'xn--bcher-kva.example', 'bücher.example'])(
  '%s is a domain',
  (domain) => expect(domainSchema.safeParse(domain).success).toBe(true),
)

test.each([
  'https://shop.example',
  'shop.example/',
  'shop.example:8080',
  '-shop.example',
  'shop..example',
  '*',
  '',
])('%j is none', (domain) => expect(domainSchema.safeParse(domain).success).toBe(false))
