// How health did, as the tab tells it.
import { expect, test } from 'vitest'
import { verdictOf } from './health-verdict.ts'

const verdict = {
  people: 1_200,
  ordered: 0.4,
  tenths: [
    { people: 120, from: 12, to: 30, ordered: 0.1 },
    { people: 120, from: 31, to: 31, ordered: 0.3 },
  ],
  spearman: 1,
  auc: 0.784,
  riskAuc: 0.79,
  earnsItsPlace: true,
}

test('a judged health is told by tenths of the buyers, with whether it earns its place', () => {
  const { tables, notes } = verdictOf({ asOfDay: 20_000, horizonDays: 90, verdict })
  expect(tables[0]).toMatchObject({
    about: expect.stringContaining('as of 2024-10-04') as unknown,
    rows: [
      { values: { health: '12–30', ordered: 0.1, buyers: 120 } },
      { values: { health: '31', ordered: 0.3, buyers: 120 } },
    ],
  })
  expect(notes[0]).toContain('78 of 100 cases (AUC 0.78; the risk alone 0.79)')
  expect(notes[0]).toContain('It earns its place.')
  const failed = { ...verdict, auc: 0.7, earnsItsPlace: false }
  expect(verdictOf({ asOfDay: 20_000, horizonDays: 90, verdict: failed }).notes[0]).toContain(
    'It does not earn its place here yet',
  )
})

test('where it cannot be judged the reason stands in the notes, and before anything was learned nothing does', () => {
  expect(verdictOf({ reason: 'Too few.' })).toEqual({ tables: [], notes: ['Too few.'] })
  expect(verdictOf(undefined)).toEqual({ tables: [], notes: [] })
})
