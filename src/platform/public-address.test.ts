// Which addresses calls to users' URLs may reach.
import { expect, test } from 'vitest'
import { isPublicAddress, publicLookup, urlProblem } from './public-address.ts'

test.each([
  ['8.8.8.8', true],
  ['2606:4700:4700::1111', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['::1', false],
  ['::', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['not an address', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})

test.each([
  'https://127.0.0.1/x',
  'https://2130706433/x',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://localhost:3000',
  'https://shop.local',
  'http://example.com',
  'file:///etc/passwd',
  'https://user:pass@example.com',
  'gopher',
])('the URL %s is refused with a sentence', (url) => {
  expect(urlProblem(url, [])).toMatch(/\.$/)
})

test('a public URL passes, and a private host where the operator allows it, over plain http, too', () => {
  expect(urlProblem('https://gtm.shop.example/data', [])).toBeNull()
  expect(urlProblem('http://127.0.0.1:4000/data', ['127.0.0.1'])).toBeNull()
})

test('a name that resolves to a private address is blocked when it is connected to', async () => {
  const resolved = (allowed: string[]) =>
    new Promise<Error | null>((resolve) =>
      publicLookup(allowed)('localhost', { all: true }, (error) => resolve(error)),
    )
  expect(await resolved([])).toMatchObject({ code: 'ADDRESS_BLOCKED' })
  expect(await resolved(['localhost'])).toBeNull()
})
