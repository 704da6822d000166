// Cells of files as people write them, and those that cannot be read for sure.
import { expect, test } from 'vitest'
import { decimalsFor, readAmount, readConversion, readCount, readInstant } from './file-cells.ts'

const at = Date.UTC(2026, 2, 31, 10, 0, 0)

test.each([
  ['2026-03-31T10:00:00Z', 'UTC', at],
  ['2026-03-31T10:00:00.001Z', 'Europe/Berlin', at + 1],
  ['2026-03-31T12:00:00+02:00', 'America/New_York', at],
  ['2026-03-31 12:00', 'Europe/Berlin', at],
  ['2026-03-31 12:00:00.250', 'Europe/Berlin', at + 250],
  ['2026-03-31', 'Europe/Berlin', Date.UTC(2026, 2, 30, 22)],
  ['1774951200', 'UTC', at],
  ['1774951200000', 'UTC', at],
  ['31/03/2026 10:00', 'UTC', at],
])('%s on the clocks of %s is an instant', (cell, zone, want) => {
  expect(readInstant(cell, zone)).toBe(want)
})

test.each(['', '01/02/2026', '2026-02-30', 'soon'])('%j is no instant, and a sentence says so', (cell) => {
  expect(typeof readInstant(cell, 'UTC')).toBe('string')
})

test.each([
  ['', 'none'],
  ['0', 'none'],
  ['No', 'none'],
  ['1', { count: 1, kind: 'conversion' }],
  ['TRUE', { count: 1, kind: 'conversion' }],
  ['3', { count: 3, kind: 'conversion' }],
  ['order', { count: 1, kind: 'order' }],
  ['-1', null],
  ['1.5', null],
])('the conversion %j is %j', (cell, want) => {
  expect(readConversion(cell)).toEqual(want)
})

test.each([
  ['', 0, 0],
  ['12', 12, 0],
  ['12.50', 12.5, 2],
  ['-3.1', -3.1, 1],
  ['1e-7', 1e-7, 7],
  ['1,234.50', 1234.5, 2],
  ['12,5', 12.5, 1],
])('the amount %j is %f with %i decimals', (cell, amount, decimals) => {
  expect(readAmount(cell)).toEqual({ amount, decimals })
})

test('counts are whole and not below zero, and what is no amount is told apart', () => {
  expect(['7', '', '2.0', '-1', '2.5', 'x'].map(readCount)).toEqual([7, 0, 2, null, null, null])
  expect(readAmount('much')).toBe(null)
})

test('amounts keep their decimals as long as their sum is counted exactly', () => {
  expect([decimalsFor(2, 1e6), decimalsFor(17, 74_803), decimalsFor(2, 1e14)]).toEqual([2, 10, 0])
  expect(() => decimalsFor(0, 1e17)).toThrow('more than can be counted')
})
