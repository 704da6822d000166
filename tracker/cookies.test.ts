// Cookies as browsers hand them over, ours and those of Google's and Meta's tags.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cookieText, parseCookies } from './cookies.ts'
import { gaIds, metaIds } from './vendors.ts'

test('cookies are parsed by name, with equals signs in values, bad percent-encoding and strangers’ flags survived', () => {
  expect(parseCookies('a=1; b=x=y; c=%E2%82%AC; d=%; flag; a=2')).toEqual({
    a: '1',
    b: 'x=y',
    c: '€',
    d: '%',
  })
  expect(parseCookies('')).toEqual({})
})

test('whatever value is written in a cookie is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const pair = cookieText('tl_x', value, 1, '', true).split('; ')[0] ?? ''
      expect(parseCookies('other=1; ' + pair)).toMatchObject({ tl_x: value })
    }),
  )
})

test('a cookie is Lax, for the whole site, Secure on https, and for the domain asked', () => {
  expect(cookieText('tl_anon', 'a b', 400, '', false)).toBe(
    'tl_anon=a%20b; Path=/; SameSite=Lax; Max-Age=34560000',
  )
  expect(cookieText('n', 'v', 1, 'shop.example', true)).toBe(
    'n=v; Path=/; SameSite=Lax; Max-Age=86400; Domain=shop.example; Secure',
  )
})

test('the GA client id is read from _ga of a domain and of a subdomain with a path', () => {
  expect(gaIds({ _ga: 'GA1.1.1162820436.1749482504' }).clientId).toBe('1162820436.1749482504')
  expect(gaIds({ _ga: 'GA1.2-2.286403989.1366364567' }).clientId).toBe('286403989.1366364567')
})

test('the GA session id is read from the GS1 and from the GS2 format, whatever the order of its fields', () => {
  expect(gaIds({ _ga_ABC: 'GS1.1.1746825440.14.0.1746825440.0.0.295082955' }).sessionId).toBe('1746825440')
  expect(gaIds({ _ga_ABC: 'GS2.1.s1747132561$o1$g0$t1747132655$j0$l0$h0' }).sessionId).toBe('1747132561')
  expect(gaIds({ _ga_ABC: 'GS2.1.o1$g0$t1747132655$s1747132561$j0' }).sessionId).toBe('1747132561')
})

test('of several GA containers the session that began last is taken', () => {
  const cookies = {
    _ga_ONE: 'GS1.1.1746825440.1.0.1.0',
    _ga_TWO: 'GS2.1.s1747132561$o1',
    _ga_OLD: 'GS1.1.17.1.0.1.0',
  }
  expect(gaIds(cookies).sessionId).toBe('1747132561')
})

test('malformed or missing GA cookies give no ids', () => {
  expect(gaIds({ _ga: 'GA1.1.amp-xyz', _ga_ABC: 'GS2.1.o1$g0', _gat: '1' })).toEqual({})
})

test('fbc is the cookie where there is one, else made from the click and its instant', () => {
  const clickIds = { fbclid: { value: 'IwAR_Xy', at: '2026-03-01T10:00:00.000Z' } }
  expect(metaIds({ _fbp: 'fb.1.1.2' }, clickIds)).toEqual({
    fbp: 'fb.1.1.2',
    fbc: 'fb.1.1772359200000.IwAR_Xy',
  })
  expect(metaIds({ _fbc: 'fb.1.5.other' }, clickIds).fbc).toBe('fb.1.5.other')
  expect(metaIds({}, {})).toEqual({})
})
