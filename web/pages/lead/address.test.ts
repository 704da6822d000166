// The address of a lead: the tab, and what is opened in it.
import { expect, test } from 'vitest'
import { leadAddress } from './address.ts'

test('a link names the tab, the rule whose events are shown and the model of credit, and nothing else', () => {
  const address = { tab: 'score', why: 'intent intent_demo', model: 'linear' }
  expect(leadAddress({ ...address, colour: 'red' })).toEqual(address)
  expect(leadAddress({ tab: 'wardrobe', why: 7, model: 'guess' })).toEqual({})
})
