// Hosts and registrable domains are taken from URLs as browsers write them.
import { describe, expect, it } from 'vitest'
import { hostOf, publicSuffixOf, registrableDomain } from './host.ts'

describe('the host of a URL is found', () => {
  it.each([
    ['https://WWW.Example.com:8443/path?x=//y', 'www.example.com'],
    ['android-app://com.google.android.gm/', 'com.google.android.gm'],
    ['https://user:secret@example.com#top', 'example.com'],
    ['//example.com', 'example.com'],
    ['http://localhost:3000', 'localhost'],
    ['about:blank', null],
    ['/path', null],
    ['', null],
  ])('%s has %s', (url, host) => expect(hostOf(url)).toBe(host))
})

it('the registrable domain is what somebody registered', () => {
  const hosts = ['shop.example.co.uk', 'a.github.io', '192.0.2.1', 'localhost']
  expect(hosts.map(registrableDomain)).toEqual(['example.co.uk', 'a.github.io', '192.0.2.1', 'localhost'])
  expect(['shop.example.co.uk', '192.0.2.1'].map(publicSuffixOf)).toEqual(['co.uk', null])
})
