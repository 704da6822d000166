// A file of touches: rows of person, instant, channel and conversion, kept in columns and made into journeys person by person.
import { Refusal } from '../../lib/refusal.ts'
import type { Conversion, JourneySettings, Milestone } from './contract.ts'
import { createColumn, groupedBy } from './column.ts'
import type { Column } from './column.ts'
import {
  columnsOf,
  decimalsFor,
  mostExamples,
  readAmount,
  readConversion,
  readInstant,
} from './file-cells.ts'
import type { Rejected } from './file-cells.ts'
import { journeysOfSorted } from './journeys.ts'
import type { Journey } from './journeys.ts'
import { createNames, hashOf, mostChannels, tooManyChannels } from './names.ts'

/** A touch of a file: an instant and the number of its channel. */
export interface NumberedTouch {
  at: number
  channel: number
}

export interface TouchRows {
  add(cells: readonly string[]): void
  /** closes the file; refuses one that holds nothing usable */
  end(): TouchTable
}

export interface TouchTable {
  /** names by number, in order */
  channels: string[]
  persons: number
  rows: number
  rejected: Rejected
  /** values on rows without a conversion, which count for nothing */
  strayValues: number
  /** values are whole numbers of 10 ** -decimals */
  decimals: number
  hasMilestones: boolean
  /**
   * Person by person in an order of their own, whatever the order of the rows. They can be taken once: the rows give
   * their memory back meanwhile. `duplicates` is complete then.
   */
  journeys(settings: JourneySettings): Generator<Journey<NumberedTouch>[]>
  duplicates(): number
}

/** The columns that touch rows have; a person, an instant and a channel are what makes them such. */
export function touchColumns(headers: readonly string[]) {
  return columnsOf(headers, {
    person: ['person'],
    at: ['occurred_at'],
    channel: ['channel'],
    conversion: ['conversion'],
    value: ['value'],
    milestone: ['milestone'],
  })
}

/**
 * Takes touch rows in. Rows equal in every column count once. A row takes 16 bytes, and a person's name some 80.
 * @param zone whose clocks times without an offset show
 */
export function collectTouchRows(headers: readonly string[], zone: string): TouchRows {
  const columns = touchColumns(headers)
  const others = headers.map((_, index) => index).filter((index) => !Object.values(columns).includes(index))
  const persons = createNames()
  const channels = createNames()
  const kinds = createNames()
  const columnOf = {
    person: createColumn(Int32Array),
    at: createColumn(Float64Array),
    /** the number of the channel and one, 0 for none; above it a bit for each milestone and one for a conversion */
    what: createColumn(Int32Array),
    /** what columns of no meaning here held, so that rows that differ in one of them stay two */
    rest: createColumn(Int32Array),
  }
  const conversion = {
    row: createColumn(Int32Array),
    kind: createColumn(Int32Array),
    count: createColumn(Float64Array),
    amount: createColumn(Float64Array),
  }
  let rows = 0
  let strayValues = 0
  let decimals = 0
  let sum = 0
  let hasMilestones = false
  const rejected: Rejected = { rows: 0, examples: [] }

  function reject(reason: string): void {
    rejected.rows++
    if (rejected.examples.length < mostExamples) rejected.examples.push({ row: rows, reason })
  }

  function add(cells: readonly string[]): void {
    rows++
    const cell = (index: number) => (index < 0 ? '' : (cells[index] ?? ''))
    const person = cell(columns.person).trim()
    if (person === '') return reject('The person is empty.')
    const at = readInstant(cell(columns.at), zone)
    if (typeof at === 'string') return reject(at)
    const converted = readConversion(cell(columns.conversion))
    if (!converted) return reject('The conversion is neither a whole number from zero nor a word.')
    const milestone = milestones.get(cell(columns.milestone).trim().toLowerCase())
    if (milestone === undefined) return reject('The milestone is neither lead nor opportunity nor empty.')
    const value = readAmount(cell(columns.value))
    if (!value) return reject('The value is no amount.')
    const channel = cell(columns.channel).trim()
    columnOf.person.push(persons.numberOf(person))
    columnOf.at.push(at)
    const number = channel === '' ? 0 : channels.numberOf(channel) + 1
    if (number > mostChannels) throw tooManyChannels()
    const isConversion = converted !== 'none'
    columnOf.what.push(number | milestone | (isConversion ? CONVERSION : 0))
    if (others.length > 0) columnOf.rest.push(hashOfCells(cells, others))
    if (milestone > 0) hasMilestones = true
    if (!isConversion) {
      if (value.amount !== 0) strayValues++
      return
    }
    conversion.row.push(columnOf.what.length() - 1)
    conversion.count.push(converted.count)
    conversion.kind.push(kinds.numberOf(converted.kind))
    conversion.amount.push(value.amount)
    decimals = Math.max(decimals, value.decimals)
    sum += Math.abs(value.amount)
  }

  function end(): TouchTable {
    const [first] = rejected.examples
    if (columnOf.person.length() === 0)
      throw new Refusal(
        'rows_unreadable',
        422,
        first
          ? `No row can be used. Row ${first.row}: ${first.reason}`
          : 'The file has no rows below its header: there is nothing to attribute.',
      )
    const scale = decimalsFor(decimals, sum)
    const channelRank = channels.ranks()
    const kindNames = kinds.names()
    let duplicates = 0
    const personCount = persons.size()

    function* journeys(settings: JourneySettings): Generator<Journey<NumberedTouch>[]> {
      const { order, starts } = groupedBy(columnOf.person, persons.size())
      const inTurn = persons.shuffled()
      persons.clear()
      columnOf.person.clear()
      const own: number[] = []
      duplicates = 0
      for (const person of inTurn) {
        own.length = 0
        for (let i = starts[person] ?? 0; i < (starts[person + 1] ?? 0); i++) own.push(order[i] ?? 0)
        sortNearlySorted(own, compare)
        const touches: NumberedTouch[] = []
        const conversions: Conversion[] = []
        const reached: Milestone[] = []
        for (let i = 0; i < own.length; i++) {
          const row = own[i] ?? 0
          if (i > 0 && compare(own[i - 1] ?? 0, row) === 0) {
            duplicates++
            continue
          }
          const at = columnOf.at.at(row)
          const what = columnOf.what.at(row)
          const channel = what & CHANNEL
          if (channel > 0) touches.push({ at, channel: channelRank[channel - 1] ?? 0 })
          if (what & LEAD) reached.push({ at, kind: 'lead' })
          if (what & OPPORTUNITY) reached.push({ at, kind: 'opportunity' })
          if (what & CONVERSION) conversions.push(conversionAt(row))
        }
        yield journeysOfSorted(touches, conversions, reached, settings)
      }
      for (const column of Object.values(columnOf)) column.clear()
    }

    function conversionAt(row: number): Conversion {
      const place = placeOfRow(conversion.row, row)
      return {
        at: columnOf.at.at(row),
        id: '',
        kind: kindNames[conversion.kind.at(place)] ?? '',
        valueMinor: Math.round(conversion.amount.at(place) * 10 ** scale),
        count: conversion.count.at(place),
      }
    }

    // By time, then by what the rows say: their order in the file must not matter.
    function compare(a: number, b: number): number {
      const earlier = columnOf.at.at(a) - columnOf.at.at(b)
      if (earlier !== 0) return earlier
      const [first, second] = [columnOf.what.at(a), columnOf.what.at(b)]
      const byChannel = rankOf(first) - rankOf(second) || (first & ~CHANNEL) - (second & ~CHANNEL)
      if (byChannel !== 0) return byChannel
      const byConversion = first & CONVERSION ? compareConversions(conversionAt(a), conversionAt(b)) : 0
      return byConversion || (others.length > 0 ? columnOf.rest.at(a) - columnOf.rest.at(b) : 0)
    }

    function rankOf(what: number): number {
      const channel = what & CHANNEL
      return channel === 0 ? -1 : (channelRank[channel - 1] ?? 0)
    }

    return {
      channels: channels.sorted(),
      persons: personCount,
      rows,
      rejected,
      strayValues,
      decimals: scale,
      hasMilestones,
      journeys,
      duplicates: () => duplicates,
    }
  }

  return { add, end }
}

const CHANNEL = 0xffff
const LEAD = 1 << 16
const OPPORTUNITY = 1 << 17
const CONVERSION = 1 << 18

const milestones = new Map([
  ['', 0],
  ['lead', LEAD],
  ['opportunity', OPPORTUNITY],
])

function compareConversions(a: Conversion, b: Conversion): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1
  return a.count - b.count || a.valueMinor - b.valueMinor
}

// A person's rows mostly stand in order of time already, and are few: then this is several times faster than sorting.
function sortNearlySorted(rows: number[], compare: (a: number, b: number) => number): void {
  if (rows.length > 64) {
    rows.sort(compare)
    return
  }
  for (let i = 1; i < rows.length; i++) {
    const row = rows[i] ?? 0
    let at = i
    for (; at > 0 && compare(rows[at - 1] ?? 0, row) > 0; at--) rows[at] = rows[at - 1] ?? 0
    rows[at] = row
  }
}

/** The place of a number that a rising column holds. */
function placeOfRow(column: Column, number: number): number {
  let low = 0
  let high = column.length() - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (column.at(middle) < number) low = middle + 1
    else high = middle
  }
  return low
}

function hashOfCells(cells: readonly string[], indexes: readonly number[]): number {
  let hash = hashOf('')
  for (const index of indexes) hash = hashOf('\u001f', hashOf(cells[index] ?? '', hash))
  return hash | 0
}
