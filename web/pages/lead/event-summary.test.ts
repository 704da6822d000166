// Guarantees of what the timeline says about an event in one line.
import { expect, test } from 'vitest'
import { changesOf, eventSummary } from './event-summary.ts'

const bare = { name: 'page_viewed', pageTitle: '', pageUrl: '', properties: {} }

test('a page is told by its title, else by its path', () => {
  expect(eventSummary({ ...bare, category: 'page', pageTitle: 'Tents' })).toBe('Tents')
  expect(eventSummary({ ...bare, category: 'page', pageUrl: 'https://shop.example/tents?x=1' })).toBe(
    '/tents',
  )
})

test('an order is told by its number and what was bought', () => {
  const properties = { order_id: 'NL-7', products: [{ name: 'Tent' }, { name: 'Pegs' }, { name: 'Rope' }] }
  expect(eventSummary({ ...bare, category: 'commerce', name: 'order_completed', properties })).toBe(
    'NL-7 · Tent and 2 more',
  )
})

test('an order of an import is told by the number the shop shows, not by the id behind it', () => {
  const properties = { order_id: '5500001041', order_number: '#1041', products: [{ title: 'Mug' }] }
  expect(eventSummary({ ...bare, category: 'commerce', name: 'order_completed', properties })).toBe(
    '#1041 · Mug',
  )
})

test('an edit names its fields as people do, with what stood there before', () => {
  const properties = {
    changed: ['jobTitle', 'fields.shirt_size', 'ownerId'],
    before: { jobTitle: null, 'fields.shirt_size': 'M' },
    after: { jobTitle: 'Guide', 'fields.shirt_size': 'L' },
  }
  expect(eventSummary({ ...bare, category: 'record', properties })).toBe('job title, shirt size, owner')
  expect(changesOf(properties)).toEqual([
    ['job title', 'Guide, was empty'],
    ['shirt size', 'L, was M'],
  ])
  expect(changesOf({ before: 1 })).toBeUndefined()
})
