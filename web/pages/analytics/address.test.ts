// The address of analytics: what a link may say, and what is left out of it.
import { expect, test } from 'vitest'
import { analyticsAddress } from './address.ts'

test('the number that is opened stands in the address, with the page of its leads', () => {
  const open = { behind: { of: 'health', value: '70 101' }, words: 'Healthy', offset: 50 } as const
  expect(analyticsAddress({ tab: 'health', open })).toEqual({ tab: 'health', open })
  expect(analyticsAddress({ open: { ...open, offset: 0, shows: 'credit' } })).toEqual({
    open: { behind: open.behind, words: 'Healthy' },
  })
})

test('what names no number is left out', () => {
  for (const open of ['health', null, { words: 'x' }, { behind: { of: 'wealth' }, words: 'x' }])
    expect(analyticsAddress({ range: '7', open })).toEqual({ range: '7' })
})
