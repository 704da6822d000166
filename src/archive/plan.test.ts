// What travels, and in which order it is loaded.
import { expect, test } from 'vitest'
import { inOrderOfReference, quoted, travellingInClickHouse, travellingInPostgres } from './plan.ts'

test('a table comes after those that its foreign keys point to, and may point to itself', () => {
  const tables = [
    { name: 'members', references: ['teams', 'users'] },
    { name: 'notes', references: ['notes', 'users'] },
    { name: 'users', references: [] },
    { name: 'teams', references: ['users'] },
  ]
  expect(inOrderOfReference(tables).map((table) => table.name)).toEqual([
    'users',
    'notes',
    'teams',
    'members',
  ])
})

test('foreign keys that run in a circle are an error, for no order would load them', () => {
  const circle = [
    { name: 'a', references: ['b'] },
    { name: 'b', references: ['a'] },
  ]
  expect(() => inOrderOfReference(circle)).toThrow('a, b')
})

test('a table that nobody named travels, and a job without the worker that held it', () => {
  const table = (name: string, columns: string[]) => ({ name, columns, isPartitioned: false, references: [] })
  const travelling = travellingInPostgres([
    table('worker_hearts', ['worker_id']),
    table('something_new', ['id', 'locked_at']),
    table('graphile_worker._private_jobs', ['id', 'payload', 'locked_at', 'locked_by']),
  ])
  expect(travelling.map(({ name, columns }) => [name, columns])).toEqual([
    ['something_new', ['id', 'locked_at']],
    ['graphile_worker._private_jobs', ['id', 'payload']],
  ])
})

test('a table that a view feeds is made anew by the rows that feed it', () => {
  const tables = [
    { name: 'events', columns: ['id'], isFedByView: false },
    { name: 'event_quarters', columns: ['events'], isFedByView: true },
  ]
  expect(travellingInClickHouse(tables).map((table) => table.name)).toEqual(['events'])
})

test('a name is quoted with its schema', () => {
  expect(quoted('graphile_worker._private_jobs')).toBe('"graphile_worker"."_private_jobs"')
  expect(quoted('a"b')).toBe('"a""b"')
})
