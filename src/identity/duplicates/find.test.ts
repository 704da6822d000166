// What is found in small tables as people have them: twins, households, placeholders, names alone, companies.
import { describe, expect, test } from 'vitest'
import { noisyPeople, seeded } from '../../../test/noisy-people.ts'
import { findDuplicates } from './find.ts'
import type { FoundPair } from './find.ts'
import { measureBCubed, measureGroupPairs, measurePairs } from './measure.ts'
import { reportOf } from './report.ts'
import { gatherTable } from './table.ts'

const neighbours = `Nora|Quist|1980-02-03|12 Elm St|Leeds|LS1 4AB
Omar|Haddad|1971-05-21|9 Kings Rd|York|YO1 7HH
Petra|Novak|1990-11-30|77 Mill Lane|Bath|BA1 1AA
Quentin|Bell|1966-01-17|3 Park Ave|Hull|HU1 2AA
Rosa|Mendes|1985-08-08|21 Station Rd|Derby|DE1 1AA
Samir|Khan|1993-03-12|5 High St|Oxford|OX1 1AA
Tilda|Berg|1979-09-09|14 Church Rd|Exeter|EX1 1AA
Uwe|Krause|1959-12-01|8 Queen St|Lincoln|LN1 1AA`
const people = 'first name|last name|date of birth|address|city|postcode'

describe('people', () => {
  test('with short forms, slips and gaps are one', () => {
    const found = find(
      people,
      `${neighbours}
Katherine|Oduya|1987-01-30|33 Long Lane|Poole|BH1 1AA
Kate|Oduya|1987-01-30|33 Long Ln|Poole|BH1 1AA
William|Turner|1964-05-05|1 Dock St|Dover|CT1 1AA
Bill|Turner|1964-05-05||Dover|
Jon|Smyth|1975-12-12|88 West St|Stoke|ST1 1AA
John|Smith|1975-12-12|88 West Street|Stoke|ST1 1AA
Ashok|Raval|1962-06-30|4 Hill Rd|Luton|LU1 1AA
Raval|Ashok|1962-06-30|4 Hill Road|Luton|LU1 1AA`,
    )
    expect(found.groups).toEqual([
      [8, 9],
      [10, 11],
      [12, 13],
      [14, 15],
    ])
  })

  test('of one home, twins and father and son among them, are two each', () => {
    const found = find(
      people,
      `${neighbours}
Anna|Lindqvist|2001-06-14|4 Rose Court|Kent|TN1 1AA
Maja|Lindqvist|2001-06-14|4 Rose Court|Kent|TN1 1AA
Peter|Lindqvist|1970-02-14|4 Rose Court|Kent|TN1 1AA
John|Miller|1950-03-04|10 Oak Road|Truro|TR1 1AA
John|Miller|1980-10-22|10 Oak Road|Truro|TR1 1AA
Mary|Miller|1952-07-01|10 Oak Road|Truro|TR1 1AA`,
    )
    expect(found.groups).toEqual([])
  })

  test('of one firm share its phone and are two; a mailbox is one person', () => {
    const found = find(
      'first_name|last_name|email|phone|company',
      `Olle|Ek|olle.ek@acme.example|+46701000000|Acme AB
Pia|Ek|pia.ek@acme.example|+46701000000|Acme AB
Sven|Dahl|sven.dahl@post.example||
S.|Dahl|Sven.Dahl@Post.example||
Karl|Holm|karl@holm.example|+46709999999|
Carl|Holm|karl@holm.example|+46709999999|Holm Bygg`,
    )
    expect(found.groups).toEqual([
      [2, 3],
      [4, 5],
    ])
  })

  test('with different birth dates or given names are never merged without a person', () => {
    const found = find(
      people,
      `${neighbours}
Ines|Costa|1980-02-03|9 Elm St|Leeds|LS1 4AC
Ines|Costa|1951-11-19|9 Elm St|Leeds|LS1 4AC
Yusuf|Demir|1990-04-04|8 Elm St|Leeds|LS1 4AD
Ibrahim|Demir|1990-04-04|8 Elm St|Leeds|LS1 4AD`,
      0.05,
    )
    expect(found.between(8, 9)?.needsPerson).toBe('birth_dates_differ')
    expect(found.between(10, 11)?.needsPerson).toBe('names_differ')
    expect(
      found.pairs.every(({ needsPerson, probability }) => needsPerson === null || probability <= 0.98),
    ).toBe(true)
  })

  test('of whom only the name is known are told, and left to a person', () => {
    const found = find(
      'name',
      `Thaddeus Wojciechowski
Thaddeus Wojciechowsky
Anna Karlsson
Maria Garcia
Peter Jones
Mary Jones
Li Wei
Noor Haddad`,
    )
    expect(found.between(0, 1)).toMatchObject({ needsPerson: 'only_names_agree' })
    expect(found.between(4, 5)).toBeUndefined()
  })

  test('who both say nothing have nothing in common', () => {
    const found = find(
      'name|email|phone',
      `Nora Quist|noemail@none.com|0000000
Omar Haddad|n/a|0000000
Petra Novak|noemail@none.com|unknown
Rosa Mendes||
Samir Khan||`,
      0.3,
    )
    expect(found.pairs).toEqual([])
  })

  test('are told by mailbox and phone alone, but not by a phone alone', () => {
    const found = find(
      'email|phone',
      `a.berg@post.example|+46 70 123 45 67
A.Berg@post.example|0701234567
b.ek@post.example|+46 70 222 33 44
c.dahl@post.example|+46 70 222 33 44
john.doe@gmail.com|
johndoe+news@googlemail.com|`,
    )
    expect(found.groups).toEqual([
      [0, 1],
      [4, 5],
    ])
  })
})

describe('companies', () => {
  test('are one with and without legal form, by whatever spelling of the street, and two at one address', () => {
    const found = find(
      'company|address|city|phone',
      `Acme GmbH|Hauptstrasse 5|Berlin|030 1234567
ACME|Hauptstr. 5|Berlin|+49 30 1234567
Acme AG|Ringweg 9|Hamburg|040 998877
Globex Corporation|1 Main Street|Springfield|217-555-0101
Globex Corp.|1 Main St|Springfield|(217) 555-0101
Initech LLC|4120 Freidrich Ln|Austin|512-555-0142
Initrode Inc|4120 Freidrich Lane|Austin|512-555-0188
Müller & Söhne KG|Lindenallee 3|Köln|0221 445566
Mueller und Soehne|Lindenallee 3|Koeln|0221 445566
Umbrella plc|7 Rain St|Bath|
Soylent Co|9 Green Ave|Boston|617-555-0110`,
    )
    expect(found.found.recognised.subject).toBe('companies')
    expect(found.groups).toEqual([
      [0, 1],
      [3, 4],
      [7, 8],
    ])
  })

  test('with different registered numbers are never one', () => {
    const found = find(
      'company|vat number|address|city|phone',
      `Acme GmbH|DE123456788|Hauptstrasse 5|Berlin|030 1234567
Acme GmbH|DE987654321|Hauptstrasse 5|Berlin|030 1234567
Acme GmbH|DE123456788|Hauptstr. 5|Berlin|
Globex Corporation|US55|1 Main Street|Springfield|217-555-0101
Umbrella plc|GB77|7 Rain St|Bath|01225 123456`,
      0.05,
    )
    expect(found.between(0, 1)?.needsPerson).toBe('registered_numbers_differ')
    expect(found.groups.every((group) => !(group.includes(0) && group.includes(1)))).toBe(true)
  })
})

describe('thousands of people with households, twins and errors', () => {
  const { headers, rows, truth } = noisyPeople(2_000, 11)

  test('are found: groups by B-cubed and pairs, and what is merged without a person is right', () => {
    const { found } = findIn(headers, rows)
    const sure = found.pairs.filter(
      ({ needsPerson, probability }) => needsPerson === null && probability >= 0.99,
    )
    const groups = found.groups.map(({ records }) => records)
    expect(measurePairs(placesOf(sure), truth).precision).toBeGreaterThanOrEqual(0.997)
    expect(measurePairs(placesOf(found.pairs), truth).f1).toBeGreaterThan(0.94)
    expect(measureGroupPairs(groups, truth).f1).toBeGreaterThan(0.95)
    expect(measureBCubed(groups, truth).f1).toBeGreaterThan(0.98)
  })

  test('are the same pairs and clusters in any order of the rows', () => {
    const { table, found } = findIn(headers, rows)
    const draw = seeded(5)
    const shuffled = rows
      .map((row) => ({ row, place: draw() }))
      .sort((a, b) => a.place - b.place)
      .map(({ row }) => row)
    const other = findIn(headers, shuffled)
    const settings = { id: 'id', mergeAt: 0.99, reviewAt: 0.8, region: null, truth: null }
    expect(JSON.stringify(reportOf(other.table, other.found, settings))).toBe(
      JSON.stringify(reportOf(table, found, settings)),
    )
  })
})

function find(header: string, lines: string, reviewAt?: number) {
  const rows = lines.split('\n').map((line, at) => [String(at), ...line.split('|')])
  const { found } = findIn(['id', ...header.split('|')], rows, reviewAt)
  return {
    found,
    pairs: found.pairs,
    groups: found.groups.map(({ records }) => records).sort((x, y) => x[0]! - y[0]!),
    between: (a: number, b: number) => found.pairs.find((pair) => pair.a === a && pair.b === b),
  }
}

function findIn(headers: string[], rows: string[][], reviewAt?: number) {
  const gatherer = gatherTable(headers)
  for (const row of rows) gatherer.add(row)
  const table = gatherer.finish((_, cell) => cell(0))
  return {
    table,
    found: findDuplicates(table, { idColumns: [headers[0]!], ...(reviewAt ? { reviewAt } : {}) }),
  }
}

function placesOf(pairs: FoundPair[]): [number, number][] {
  return pairs.map(({ a, b }) => [a, b])
}
