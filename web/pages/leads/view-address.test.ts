// A saved view and the address of the list say the same.
import { expect, test } from 'vitest'
import type { SavedView } from '../../../src/leads/views/contract.ts'
import { addressOfView, isChanged, questionOfAddress } from './view-address.ts'

const view: SavedView = {
  id: 'v',
  name: 'Cologne',
  isShared: false,
  isOpen: false,
  createdBy: 'user:1',
  mayEdit: true,
  isDefault: false,
  question: {
    search: 'ann',
    audience: 'all',
    sort: 'email',
    order: 'asc',
    filter: '{"fact":"city","op":"is","value":"Köln"}',
  },
  columns: ['email', 'city'],
}

test('a view opened and saved again is the same view', () => {
  const address = addressOfView(view)
  expect(questionOfAddress(address)).toEqual(view.question)
  expect(isChanged(view, address, ['city', 'email'])).toBe(false)
})

test.each([
  ['its search', { q: 'bob' }],
  ['its order', { order: undefined }],
  ['its filter', { filter: undefined }],
  ['whom it lists', { audience: undefined }],
])('a view counts as changed by %s', (_what, change) => {
  expect(isChanged(view, { ...addressOfView(view), ...change }, ['email', 'city'])).toBe(true)
})

test('a view counts as changed by its columns, unless it has none of its own', () => {
  expect(isChanged(view, addressOfView(view), ['email'])).toBe(true)
  expect(isChanged({ ...view, columns: null }, addressOfView(view), ['email'])).toBe(false)
})
