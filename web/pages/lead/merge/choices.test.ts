// What is chosen while leads are compared, and what of it the server is told.
import { expect, test } from 'vitest'
import { OWNER, changedFields, columnsOf, isOpen, mergeInput, ownerOf, resultOf } from './choices.ts'
import type { Preview } from './choices.ts'

const ann = '018f0000-0000-7000-8000-00000000000a'
const bea = '018f0000-0000-7000-8000-00000000000b'
const cleo = '018f0000-0000-7000-8000-00000000000c'

function preview(ids: string[], fields: Preview['fields']): Preview {
  const leads = ids.map((id, at) => ({ id, label: id.slice(-1), revision: at + 3 }))
  return { leads: leads as Preview['leads'], fields, tags: [], ownerId: null, consents: [] }
}

test('the leads keep their columns whichever of them stays', () => {
  for (const ids of [
    [ann, bea, cleo],
    [cleo, ann, bea],
    [bea, ann, cleo],
  ]) {
    const shown = preview(ids, [])
    expect(columnsOf(shown, [ann, bea, cleo]).map((at) => shown.leads[at]!.id)).toEqual([ann, bea, cleo])
  }
})

test('there is something to choose only where two leads have different values', () => {
  expect(isOpen({ field: 'city', values: ['Bonn', null, 'Bonn'], result: 'Bonn' })).toBe(false)
  expect(isOpen({ field: 'city', values: ['Bonn', 'Ulm', null], result: 'Bonn' })).toBe(true)
})

test('the server is told the choices that differ from its own, and the revisions that were seen', () => {
  const shown = preview(
    [ann, bea, cleo],
    [
      { field: 'city', values: ['Bonn', 'Ulm', null], result: 'Bonn' },
      { field: 'company', values: ['Acme', 'Works', null], result: 'Works' },
      { field: 'fields.seats', values: [4, null, 9], result: 9 },
    ],
  )
  const choices = { city: bea, company: bea, 'fields.seats': ann }
  expect(resultOf(shown.fields[0]!, shown, choices)).toBe('Ulm')
  expect(resultOf(shown.fields[0]!, shown, { city: cleo })).toBe('Bonn')
  expect(mergeInput(shown, choices)).toEqual({
    winnerId: ann,
    loserId: bea,
    furtherLoserIds: [cleo],
    fields: { city: 'Ulm' },
    custom: { seats: 4 },
    revisions: { [ann]: 3, [bea]: 4, [cleo]: 5 },
  })
})

test('of several owners one is chosen, and the server is told where it would have kept another', () => {
  const shown = preview([ann, bea, cleo], [])
  const owned = {
    ...shown,
    leads: shown.leads.map((lead, at) => ({ ...lead, ownerId: ['maria', null, 'jo'][at] ?? null })),
    ownerId: 'maria',
  }
  expect(ownerOf(owned, {})).toBe('maria')
  expect(mergeInput(owned, { [OWNER]: cleo })).toMatchObject({ ownerId: 'jo' })
  expect(mergeInput(owned, { [OWNER]: bea })).not.toHaveProperty('ownerId')
  expect(mergeInput(owned, { [OWNER]: ann })).not.toHaveProperty('ownerId')
})

test('a value that changed meanwhile is told, also where the other lead stays now', () => {
  const seen = preview([ann, bea], [{ field: 'city', values: ['Bonn', null], result: 'Bonn' }])
  const same = preview([bea, ann], [{ field: 'city', values: [null, 'Bonn'], result: 'Bonn' }])
  const other = preview([bea, ann], [{ field: 'city', values: ['Ulm', 'Bonn'], result: 'Ulm' }])
  expect(changedFields(seen, same)).toEqual(new Set())
  expect(changedFields(seen, other)).toEqual(new Set(['city']))
})
