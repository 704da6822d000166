// Words and records: which word wins, and that a merge undone is as if it never was.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RANK, applyWords, mergeRecords, newLeadRow, unmergeRecord } from './record.ts'
import type { LeadRow, Words } from './record.ts'
import { unpackProvenance } from './provenance.ts'

function lead(id = 'lead'): LeadRow {
  return newLeadRow({
    id,
    workspaceId: 'w',
    source: 'tracking',
    at: new Date(1_000),
    now: new Date(1_000),
    isKnown: false,
  })
}
const told = (fields: Words['fields'], at: number, rank: number = RANK.told): Words => ({ fields, rank, at })

describe('words about a person', () => {
  it('the stronger source wins whatever came later, and of two as strong the newer', () => {
    const row = lead()
    applyWords(row, told({ firstName: 'Ann' }, 20))
    expect(applyWords(row, told({ firstName: 'A.' }, 90, RANK.imported)).changed).toEqual([])
    expect(applyWords(row, told({ firstName: 'Anne' }, 10)).changed).toEqual([])
    expect(row.first_name).toBe('Ann')
    expect(applyWords(row, told({ firstName: 'Anna' }, 30)).changed).toEqual(['firstName'])
    expect(applyWords(row, told({ firstName: 'Hanna' }, 1, RANK.verified)).changed).toEqual(['firstName'])
  })

  it('a value said again counts as new as the last time it was said', () => {
    const row = lead()
    applyWords(row, told({ city: 'Bonn' }, 10))
    expect(applyWords(row, told({ city: 'Bonn' }, 50))).toEqual({ changed: [], isConfirmed: true })
    expect(applyWords(row, told({ city: 'Bonn' }, 50))).toEqual({ changed: [], isConfirmed: false })
    applyWords(row, told({ city: 'Köln' }, 30))
    expect(row.city).toBe('Bonn')
  })

  it('the first words about a new lead come to the same as they would beside others', () => {
    const value = fc.constantFrom('x', 'y', '', null)
    fc.assert(
      fc.property(
        fc.record({
          fields: fc.record(
            { email: value, firstName: value, company: value, city: value },
            { requiredKeys: [] },
          ),
          custom: fc.dictionary(fc.constantFrom('plan', 'size', 'notes'), fc.oneof(value, fc.constant(0))),
          tags: fc.array(fc.constantFrom('a', 'b', 'c')),
          rank: fc.constantFrom(...Object.values(RANK)),
          at: fc.constant(5),
        }),
        (words) => {
          const [alone, beside] = [lead(), lead()]
          const effect = applyWords(alone, words)
          expect(effect).toEqual(applyWords(beside, { ...words, inferred: {} }))
          expect({ ...alone, provenance: unpackProvenance(alone) }).toEqual(beside)
        },
      ),
    )
  })

  it('what is only inferred never overwrites what was said or imported', () => {
    const row = lead()
    applyWords(row, told({ country: 'DE' }, 10, RANK.imported))
    applyWords(row, {
      fields: {},
      inferred: { country: 'US', timeZone: 'Europe/Berlin' },
      rank: RANK.told,
      at: 90,
    })
    expect(row).toMatchObject({ country: 'DE', time_zone: 'Europe/Berlin' })
    applyWords(row, told({ timeZone: 'Asia/Tokyo' }, 1, RANK.imported))
    expect(row.time_zone).toBe('Asia/Tokyo')
  })

  it('what a member emptied is not filled again by an import or by an older word', () => {
    const row = lead()
    applyWords(row, told({ phone: '+4930123456' }, 10))
    applyWords(row, told({ phone: null }, 20))
    applyWords(row, told({ phone: '+4930123456' }, 90, RANK.imported))
    applyWords(row, told({ phone: '+4930123456' }, 15))
    expect(row.phone).toBeNull()
    applyWords(row, told({ phone: '+4930999999' }, 30))
    expect(row.phone).toBe('+4930999999')
  })

  it('an import cannot empty a field, and an empty text says nothing', () => {
    const row = lead()
    applyWords(row, told({ company: 'Shop' }, 10, RANK.inferred))
    applyWords(row, told({ company: null }, 20, RANK.imported))
    applyWords(row, told({ company: '' }, 30))
    expect(row.company).toBe('Shop')
  })

  it('the order in which words of different instants come does not matter', () => {
    const saying = fc.record({
      value: fc.constantFrom('a', 'b', 'c', 'd'),
      rank: fc.integer({ min: 1, max: 4 }),
      at: fc.integer({ min: 1, max: 1_000 }),
    })
    const list = fc.uniqueArray(saying, { maxLength: 12, selector: (one) => `${one.rank}/${one.at}` })
    fc.assert(
      fc.property(list, fc.infiniteStream(fc.nat()), (sayings, picks) => {
        const inOrder = lead()
        const shuffled = lead()
        const say = (row: LeadRow, one: (typeof sayings)[number]) =>
          applyWords(row, { ...told({ city: one.value }, one.at, one.rank), custom: { plan: one.value } })
        for (const one of sayings) say(inOrder, one)
        const rest = [...sayings]
        while (rest.length > 0) say(shuffled, rest.splice(picks.next().value % rest.length, 1)[0]!)
        expect(shuffled).toEqual(inOrder)
      }),
    )
  })

  it('a lead has at most 200 custom fields, whoever sends more', () => {
    const row = lead()
    for (let n = 0; n < 10; n++) {
      const custom = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`field_${n}_${i}`, i]))
      applyWords(row, { ...told({}, n), custom })
    }
    expect(Object.keys(row.fields)).toHaveLength(200)
    expect(applyWords(row, { ...told({}, 99), custom: { field_0_0: 'new' } }).changed).toEqual([
      'fields.field_0_0',
    ])
  })

  it('a custom field may be named like something that every object has', () => {
    const row = lead()
    applyWords(row, { ...told({}, 1), custom: { constructor: 'x', to_string: 'y' } })
    expect(row.fields).toEqual({ constructor: 'x', to_string: 'y' })
  })
})

const words = fc.array(
  fc.record({
    field: fc.constantFrom('email', 'firstName', 'company', 'country', 'custom' as const),
    value: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
    tags: fc.subarray(['vip', 'new', 'old']),
    rank: fc.integer({ min: 1, max: 4 }),
    at: fc.integer({ min: 1, max: 50 }),
  }),
  { maxLength: 10 },
)
type Said = typeof words extends fc.Arbitrary<infer T> ? T : never

function made(id: string, said: Said): LeadRow {
  const row = lead(id)
  for (const { field, value, tags, rank, at } of said) {
    const fields = field === 'custom' ? {} : { [field]: value }
    applyWords(row, { fields, custom: field === 'custom' ? { plan: value } : {}, tags, rank, at })
  }
  row.provenance = unpackProvenance(row)
  return row
}

describe('merging', () => {
  it('and parting again restores the winner exactly and never touches the loser', () => {
    fc.assert(
      fc.property(words, words, (mine, theirs) => {
        const [winner, loser] = [made('a', mine), made('b', theirs)]
        const before = structuredClone([winner, loser])
        const trace = mergeRecords(winner, loser)
        expect(loser).toEqual(before[1])
        unmergeRecord(winner, JSON.parse(JSON.stringify(trace)) as typeof trace)
        expect(winner).toEqual(before[0])
      }),
    )
  })

  it('keeps each field by the rule for words: the stronger, then the newer', () => {
    const winner = made('a', [])
    const loser = made('b', [])
    applyWords(winner, told({ firstName: 'Ann', company: 'Shop' }, 10))
    applyWords(
      loser,
      told({ firstName: 'Anna', company: 'Shop GmbH', email: 'ann@example.com' }, 90, RANK.imported),
    )
    mergeRecords(winner, loser)
    expect(winner).toMatchObject({ first_name: 'Ann', company: 'Shop', email: 'ann@example.com' })
  })

  it('parting keeps what was said since, also where it was the same value again', () => {
    const winner = made('a', [])
    const loser = lead('b')
    applyWords(loser, told({ company: 'Shop', city: 'Bonn', country: 'DE' }, 10))
    const trace = mergeRecords(winner, loser)
    applyWords(winner, told({ city: 'Köln' }, 20))
    applyWords(winner, told({ country: 'DE' }, 20))
    unmergeRecord(winner, trace)
    expect(winner).toMatchObject({ company: null, city: 'Köln', country: 'DE' })
  })
})
