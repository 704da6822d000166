// Settings from the script element, and the data layer entries they may switch on.
import { expect, test } from 'vitest'
import type { Call } from './calls.ts'
import { dataLayerEntries } from './datalayer.ts'
import { readOptions } from './options.ts'

test('with a write key alone everything else has its default', () => {
  expect(readOptions({ writeKey: 'k' }, 'https://t.example/assets/t.js')).toEqual({
    writeKey: 'k',
    host: 'https://t.example',
    consentRequired: false,
    forms: false,
    dataLayer: '',
    spa: true,
    dnt: false,
    gpc: true,
    cookieDomain: '',
  })
})

test('each attribute sets its option', () => {
  const data = {
    writeKey: 'k',
    host: 'https://collect.example/',
    consent: 'required',
    forms: '',
    datalayer: 'tagLayer',
    spa: 'off',
    respect: 'DNT',
    cookieDomain: 'shop.example',
  }
  expect(readOptions(data, 'https://t.example/t.js')).toEqual({
    writeKey: 'k',
    host: 'https://collect.example',
    consentRequired: true,
    forms: true,
    dataLayer: 'tagLayer',
    spa: false,
    dnt: true,
    gpc: false,
    cookieDomain: 'shop.example',
  })
})

test('a missing write key is an error that names the attribute', () => {
  expect(() => readOptions({}, 'https://t.example/t.js')).toThrow('data-write-key')
})

function call(more: Partial<Call>): Call {
  return { type: 'track', messageId: 'm1', anonymousId: 'a', timestamp: '', context: {}, ...more }
}

test('a data layer entry has the event’s name, properties and message id, a page view the name page_view', () => {
  expect(dataLayerEntries(call({ event: 'signup_started', properties: { plan: 'pro' } }))).toEqual([
    { event: 'signup_started', event_id: 'm1', plan: 'pro' },
  ])
  expect(dataLayerEntries(call({ type: 'page', properties: { path: '/' } }))).toEqual([
    { event: 'page_view', event_id: 'm1', path: '/' },
  ])
})

test('traits and typed form values stay out of the data layer', () => {
  expect(dataLayerEntries(call({ type: 'identify', userId: 'u', traits: { email: 'a@b.ch' } }))).toEqual([
    { event: 'identify', event_id: 'm1', user_id: 'u' },
  ])
  expect(
    dataLayerEntries(
      call({ event: 'form_submitted', properties: { form_id: 'f', fields: { email: 'a@b.ch' } } }),
    ),
  ).toEqual([{ event: 'form_submitted', event_id: 'm1', form_id: 'f' }])
})

test('an e-commerce object is preceded by the push that clears the last one', () => {
  const properties = { ecommerce: { value: 1 } }
  expect(dataLayerEntries(call({ event: 'purchase', properties }))).toEqual([
    { ecommerce: null },
    { event: 'purchase', event_id: 'm1', ...properties },
  ])
})

test('a purchase carries the id that the server’s conversion has: its own, else the order’s', () => {
  const idOf = (event: string, properties: Record<string, unknown>) =>
    dataLayerEntries(call({ event, properties })).at(-1)?.event_id
  expect(idOf('Order Completed', { order_id: '1001' })).toBe('1001')
  expect(idOf('order_completed', { order_id: '1001', event_id: 'e1' })).toBe('e1')
  expect(idOf('Checkout Started', { order_id: '1001' })).toBe('m1')
})
