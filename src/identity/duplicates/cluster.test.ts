// Groups grow from the surest links and stop at contradictions and at fifty records.
import { expect, test } from 'vitest'
import { groupLinks, largestGroup } from './cluster.ts'
import type { Link } from './cluster.ts'

const link = (a: number, b: number, probability = 0.9): Link => ({ a, b, probability })
const agree = () => 5

test('links that touch are one group, and each group stands once', () => {
  const { groups } = groupLinks([link(4, 7), link(0, 1), link(1, 2)], agree)
  expect(groups).toEqual([
    [0, 1, 2],
    [4, 7],
  ])
})

test('a chain is not followed where its ends speak for two more than its link speaks for one', () => {
  const evidence = (a: number, b: number) => (a === 0 && b === 2 ? -8 : 4)
  const { groups, refused } = groupLinks([link(0, 1, 0.99), link(1, 2, 0.85)], evidence)
  expect(groups).toEqual([[0, 1]])
  expect(refused).toEqual([{ link: link(1, 2, 0.85), because: 'contradiction' }])
})

test('one badly hurt record is carried by what the others say', () => {
  const evidence = (a: number, b: number) => (a === 0 && b === 3 ? -4 : 6)
  const { groups } = groupLinks([link(0, 1, 0.99), link(1, 2, 0.98), link(2, 3, 0.9)], evidence)
  expect(groups).toEqual([[0, 1, 2, 3]])
})

test('a hard conflict between any two of their records keeps two groups apart', () => {
  const evidence = (a: number, b: number) => (a === 0 && b === 3 ? -Infinity : 10)
  const { groups } = groupLinks([link(0, 1, 0.99), link(2, 3, 0.99), link(1, 2, 0.9)], evidence)
  expect(groups).toEqual([
    [0, 1],
    [2, 3],
  ])
})

test('no group grows beyond fifty records', () => {
  const chain = Array.from({ length: 80 }, (_, at) => link(at, at + 1, 0.99 - at / 1_000))
  const { groups, refused } = groupLinks(chain, agree)
  expect(Math.max(...groups.map(({ length }) => length))).toBe(largestGroup)
  expect(refused.every(({ because }) => because === 'too_large')).toBe(true)
  expect(refused.length).toBeGreaterThan(0)
})
