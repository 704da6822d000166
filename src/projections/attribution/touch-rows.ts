// A file of touches: rows of person, instant, channel and conversion, kept in columns and made into journeys person by person.
import { Refusal } from '../../lib/refusal.ts'
import type { Conversion, JourneySettings, Milestone } from './contract.ts'
import { createColumn } from './column.ts'
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
   * Person by person in order of their names, whatever the order of the rows; `duplicates` and `joined` are complete
   * once all were taken.
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
 * Takes touch rows in. Rows equal in every column count once. Measured: 11 million rows take 250 MB, half a million
 * persons' names among it.
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
    channel: createColumn(Int32Array),
    /** 0 none, 1 lead, 2 opportunity, 3 both */
    milestone: createColumn(Uint8Array),
    /** place among the conversions, -1 for none */
    conversion: createColumn(Int32Array),
    /** what columns of no meaning here held, so that rows that differ in one of them stay two */
    rest: createColumn(Int32Array),
  }
  const conversion = {
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
    columnOf.channel.push(channel === '' ? -1 : channels.numberOf(channel))
    columnOf.milestone.push(milestone)
    if (others.length > 0) columnOf.rest.push(hashOf(cells, others))
    if (milestone > 0) hasMilestones = true
    if (converted === 'none') {
      if (value.amount !== 0) strayValues++
      columnOf.conversion.push(-1)
      return
    }
    columnOf.conversion.push(conversion.count.length())
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

    function* journeys(settings: JourneySettings): Generator<Journey<NumberedTouch>[]> {
      const { order, starts } = grouped(columnOf.person, persons.size())
      duplicates = 0
      for (const person of persons.inOrder()) {
        const own = Array.from(order.subarray(starts[person], starts[person + 1])).sort(compare)
        const touches: NumberedTouch[] = []
        const conversions: Conversion[] = []
        const reached: Milestone[] = []
        own.forEach((row, i) => {
          if (i > 0 && compare(own[i - 1] ?? 0, row) === 0) {
            duplicates++
            return
          }
          const at = columnOf.at.at(row)
          const channel = columnOf.channel.at(row)
          if (channel >= 0) touches.push({ at, channel: channelRank[channel] ?? 0 })
          const milestone = columnOf.milestone.at(row)
          if (milestone & 1) reached.push({ at, kind: 'lead' })
          if (milestone & 2) reached.push({ at, kind: 'opportunity' })
          const place = columnOf.conversion.at(row)
          if (place >= 0)
            conversions.push({
              at,
              id: '',
              kind: kindNames[conversion.kind.at(place)] ?? '',
              valueMinor: Math.round(conversion.amount.at(place) * 10 ** scale),
              count: conversion.count.at(place),
            })
        })
        yield journeysOfSorted(touches, conversions, reached, settings)
      }
    }

    // By time, then by what the rows say: their order in the file must not matter.
    function compare(a: number, b: number): number {
      const { at, channel, milestone, rest } = columnOf
      return (
        at.at(a) - at.at(b) ||
        rankOf(channel.at(a)) - rankOf(channel.at(b)) ||
        milestone.at(a) - milestone.at(b) ||
        compareConversions(columnOf.conversion.at(a), columnOf.conversion.at(b)) ||
        (others.length > 0 ? rest.at(a) - rest.at(b) : 0)
      )
    }

    function rankOf(channel: number): number {
      return channel < 0 ? -1 : (channelRank[channel] ?? 0)
    }

    function compareConversions(a: number, b: number): number {
      if (a < 0 || b < 0) return Math.sign(a) - Math.sign(b) || 0
      const [kindA = '', kindB = ''] = [kindNames[conversion.kind.at(a)], kindNames[conversion.kind.at(b)]]
      if (kindA !== kindB) return kindA < kindB ? -1 : 1
      return (
        conversion.count.at(a) - conversion.count.at(b) || conversion.amount.at(a) - conversion.amount.at(b)
      )
    }

    return {
      channels: channels.sorted(),
      persons: persons.size(),
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

const milestones = new Map([
  ['', 0],
  ['lead', 1],
  ['opportunity', 2],
])

function hashOf(cells: readonly string[], indexes: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const index of indexes) {
    const cell = cells[index] ?? ''
    for (let i = 0; i < cell.length; i++) hash = Math.imul(hash ^ cell.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ 0x1f, 0x01000193)
  }
  return hash
}

interface Names {
  numberOf(name: string): number
  size(): number
  names(): string[]
  sorted(): string[]
  /** numbers in order of their names */
  inOrder(): Int32Array
  /** by number its place in that order */
  ranks(): Int32Array
}

function createNames(): Names {
  const numbers = new Map<string, number>()
  const names = () => [...numbers.keys()]
  const inOrder = () => {
    const all = names()
    const order = Int32Array.from(all, (_, number) => number)
    return order.sort((a, b) => ((all[a] ?? '') < (all[b] ?? '') ? -1 : 1))
  }
  return {
    numberOf(name) {
      const known = numbers.get(name)
      if (known !== undefined) return known
      // A copy of its own: a cell is a part of its row's text and would keep all of it in memory.
      numbers.set(Buffer.from(name).toString(), numbers.size)
      return numbers.size - 1
    },
    size: () => numbers.size,
    names,
    sorted: () => names().sort((a, b) => (a < b ? -1 : 1)),
    inOrder,
    ranks() {
      const ranks = new Int32Array(numbers.size)
      inOrder().forEach((number, rank) => (ranks[number] = rank))
      return ranks
    },
  }
}

/** Places of rows by group: group g has `order` from `starts[g]` to `starts[g + 1]`. */
function grouped(
  groupOf: { length(): number; at(place: number): number },
  groups: number,
): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(groups + 1)
  const length = groupOf.length()
  for (let row = 0; row < length; row++) starts[groupOf.at(row) + 1]!++
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!
  const next = Int32Array.from(starts)
  const order = new Int32Array(length)
  for (let row = 0; row < length; row++) order[next[groupOf.at(row)]!++] = row
  return { order, starts }
}
