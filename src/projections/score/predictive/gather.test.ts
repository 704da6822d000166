// What a column's cells are taken for.
import { describe, expect, test } from 'vitest'
import { createGatherer, isPlaceholder, mostKnown } from './gather.ts'

describe('placeholders', () => {
  test.each(['', '  ', 'Select', 'N/A', '-', 'null', '#N/A', 'Please select'])('%j is no value', (cell) => {
    expect(isPlaceholder(cell)).toBe(true)
  })

  test.each(['unknown', 'Unknown', 'none', '0', 'no'])('%j is an answer', (cell) => {
    expect(isPlaceholder(cell)).toBe(false)
  })
})

describe('a column', () => {
  test('of numbers with decimal commas and grouped thousands is read as such', () => {
    const found = gathered('Amount', ['1.234,50', '2,75', '10,00', '-', '3,10'])
    expect(found).toMatchObject({ kind: 'number', filled: 4 })
    expect([...(found.numbers ?? [])]).toEqual([1234.5, 2.75, 10, Number.NaN, 3.1])
  })

  test('of numbers as programs write them is read to the last digit', () => {
    const cells = ['0.12345678901234567', '-1e-5', '2.5E+3', '7.', '1.5']
    expect([...(gathered('x', cells).numbers ?? [])]).toEqual([0.12345678901234567, -0.00001, 2500, 7, 1.5])
  })

  test('with a stray word among many numbers stays a column of numbers, the word a gap', () => {
    const found = gathered('Visits', [...Array.from({ length: 99 }, (_, at) => String(at % 9)), 'ten'])
    expect(found.kind).toBe('number')
    expect(found.numbers?.[99]).toBeNaN()
  })

  test('of two numbers only is a category, as yes and no are', () => {
    expect(gathered('Opted in', ['1', '0', '1'])).toMatchObject({ kind: 'category', distinct: 2 })
  })

  test('of dates takes the order of day and month that its values settle', () => {
    const found = gathered('Created', ['03/01/2024', '25/01/2024', '04/02/2024 10:30'])
    expect(found.kind).toBe('date')
    expect(found.numbers?.[0]).toBe(Date.UTC(2024, 0, 3))
    expect(found.numbers?.[2]).toBe(Date.UTC(2024, 1, 4, 10, 30))
  })

  test('whose words differ in upper and lower case alone has one category of them', () => {
    expect(gathered('Source', ['Google', 'google ', 'Ads'])).toMatchObject({
      kind: 'category',
      distinct: 2,
      column: { values: ['Google', 'Ads'] },
    })
  })

  test.each([
    ['Prospect ID', (at: number) => `7f${at}c`, 'identifier'],
    ['Lead Number', (at: number) => String(660_000 - at * 7), 'identifier'],
    ['Phone', (at: number) => String(4_670_000_000 + ((at * 7919) % 100_003)), 'identifier'],
    ['Comments', (at: number) => `said on call ${at}`, 'text'],
    ['Revenue', (at: number) => String((at * 7919) % 100_003), 'number'],
    ['Country', (at: number) => `Country ${at % 40}`, 'category'],
    ['Nothing', () => 'N/A', 'empty'],
    ['Magazine', () => 'No', 'constant'],
  ])('named %s is told from its values', (name, cell, kind) => {
    expect(
      gathered(
        name,
        Array.from({ length: 400 }, (_, at) => cell(at)),
      ).kind,
    ).toBe(kind)
  })

  test('with more different words than are kept is text, and with as many numbers keeps them all', () => {
    const many = Array.from({ length: mostKnown + 500 }, (_, at) => at)
    expect(
      gathered(
        'Note',
        many.map((at) => `note ${at}`),
      ),
    ).toMatchObject({ kind: 'text', distinct: null })
    const numbers = gathered(
      'Score',
      many.map((at) => `${(at * 7919) % 100_003}.5`),
    )
    expect(numbers).toMatchObject({ kind: 'number', distinct: null, filled: many.length })
    expect(numbers.numbers?.[many.length - 1]).toBe((((many.length - 1) * 7919) % 100_003) + 0.5)
  })
})

function gathered(name: string, cells: string[]) {
  const gatherer = createGatherer(name)
  for (const cell of cells) gatherer.add(cell)
  return gatherer.finish()
}
