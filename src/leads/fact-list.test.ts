// Guarantee that what filter builders offer is what conditions may ask for.
import { expect, test } from 'vitest'
import { standingFacts } from './contract.ts'
import { leadFacts } from './facts.ts'

test('the listed facts are those that conditions know, by name, label and type', () => {
  const known = [
    ...leadFacts({ customFields: [], consentDefaults: {}, currency: 'EUR' }).byName.values(),
  ].map(({ name, label, type }) => ({ name, label, type }))
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
  expect([...standingFacts].sort(byName)).toEqual(known.sort(byName))
})
