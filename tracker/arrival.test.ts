// What a landing URL says about how the visitor came, and how long it is remembered.
import { expect, test } from 'vitest'
import { arrivalOf, mergeClickIds } from './arrival.ts'
import { nextVisit, outsideReferrer, type Visit } from './visit.ts'

const at = '2026-03-01T10:00:00.000Z'
const minuteMs = 60_000
const dayMs = 86_400_000

test('utm parameters become the campaign under Segment’s names, utm_campaign as name', () => {
  const { campaign } = arrivalOf(
    '?utm_source=news&utm_medium=email&utm_campaign=spring%20sale&utm_term=a+b&utm_content=top&utm_id=7&utm_x=1&q=2',
    at,
  )
  expect(campaign).toEqual({
    source: 'news',
    medium: 'email',
    name: 'spring sale',
    term: 'a b',
    content: 'top',
    id: '7',
  })
})

test('every click id of the seven networks is read with its letter case, dated, and nothing else is', () => {
  const search = '?gclid=AbC&gbraid=1&wbraid=2&fbclid=IwAR_x&ttclid=3&msclkid=4&li_fat_id=5&dclid=6&gclid2=7'
  const { clickIds } = arrivalOf(search, at)
  expect(Object.keys(clickIds).sort()).toEqual([
    'fbclid',
    'gbraid',
    'gclid',
    'li_fat_id',
    'msclkid',
    'ttclid',
    'wbraid',
  ])
  expect(clickIds.gclid).toEqual({ value: 'AbC', at })
})

test('a URL that tells nothing has an empty key, empty parameters count as absent, and overlong values are cut', () => {
  expect(arrivalOf('', at)).toEqual({ key: '', clickIds: {} })
  expect(arrivalOf('?utm_source=&gclid=&page=2', at)).toEqual({ key: '', clickIds: {} })
  expect(arrivalOf('?gclid=' + 'x'.repeat(9000), at).clickIds.gclid?.value).toHaveLength(500)
})

test('the same click seen again keeps its first instant, a new click replaces it, others stay', () => {
  const kept = { gclid: { value: 'a', at }, fbclid: { value: 'f', at } }
  const later = '2026-03-05T10:00:00.000Z'
  expect(mergeClickIds(kept, { gclid: { value: 'a', at: later } }, Date.parse(later))).toEqual(kept)
  expect(mergeClickIds(kept, { gclid: { value: 'b', at: later } }, Date.parse(later))).toEqual({
    gclid: { value: 'b', at: later },
    fbclid: { value: 'f', at },
  })
})

test('a click id is forgotten after 90 days', () => {
  const kept = { gclid: { value: 'a', at } }
  expect(mergeClickIds(kept, {}, Date.parse(at) + 90 * dayMs - 1)).toEqual(kept)
  expect(mergeClickIds(kept, {}, Date.parse(at) + 90 * dayMs)).toEqual({})
})

const visit: Visit = {
  id: 'first',
  lastAtMs: Date.parse(at),
  arrivalKey: 'utm_source=news&',
  campaign: { source: 'news' },
  referrer: 'https://mail.example/',
}

function sight(search: string, afterMs: number, arrived = true) {
  return {
    nowMs: visit.lastAtMs + afterMs,
    arrival: arrivalOf(search, at),
    arrived,
    referrer: '',
    newId: 'second',
  }
}

test('a session goes on for 30 minutes after its last event and keeps its campaign and referrer', () => {
  expect(nextVisit(visit, sight('', 30 * minuteMs))).toEqual({
    visit: { ...visit, lastAtMs: visit.lastAtMs + 30 * minuteMs },
    started: false,
  })
})

test('after more than 30 idle minutes a new session starts, without the old campaign', () => {
  const next = nextVisit(visit, sight('', 30 * minuteMs + 1))
  expect(next.started).toBe(true)
  expect(next.visit).toMatchObject({ id: 'second', campaign: undefined, referrer: '', arrivalKey: '' })
})

test('arriving by another campaign or another ad click starts a new session at once', () => {
  expect(nextVisit(visit, sight('?utm_source=social', 1000)).visit).toMatchObject({
    id: 'second',
    campaign: { source: 'social' },
  })
  expect(nextVisit(visit, sight('?utm_source=news&gclid=x', 1000)).started).toBe(true)
})

test('reloading the landing page, or acting on it later, is still the same session', () => {
  expect(nextVisit(visit, sight('?utm_source=news', 1000)).started).toBe(false)
  expect(nextVisit(visit, sight('?utm_source=social', 1000, false)).started).toBe(false)
})

test('the first visit of all starts a session with the campaign and the referrer of the landing', () => {
  const landing = { ...sight('?utm_source=news', 0), referrer: 'https://search.example/?q=a' }
  expect(nextVisit(undefined, landing)).toEqual({
    visit: {
      id: 'second',
      lastAtMs: visit.lastAtMs,
      arrivalKey: 'utm_source=news&',
      campaign: { source: 'news' },
      referrer: 'https://search.example/?q=a',
    },
    started: true,
  })
})

test('only another site counts as referrer', () => {
  expect(outsideReferrer('https://shop.example/a', 'shop.example')).toBe('')
  expect(outsideReferrer('https://shop.example:8443/a', 'shop.example')).toBe('https://shop.example:8443/a')
  expect(outsideReferrer('https://search.example/', 'shop.example')).toBe('https://search.example/')
  expect(outsideReferrer('', 'shop.example')).toBe('')
})
