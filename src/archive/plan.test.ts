// What travels.
import { expect, test } from 'vitest'
import { quoted, travellingInClickHouse, travellingInPostgres } from './plan.ts'

test('a table that nobody named travels, and a job without the worker that held it', () => {
  const table = (name: string, columns: string[]) => ({ name, columns, isPartitioned: false })
  const travelling = travellingInPostgres([
    table('worker_hearts', ['worker_id']),
    table('something_new', ['id', 'locked_at']),
    table('graphile_worker._private_jobs', ['id', 'payload', 'locked_at', 'locked_by']),
    table('field_jobs', ['id', 'waits_for']),
  ])
  expect(travelling.map(({ name, columns }) => [name, columns])).toEqual([
    ['something_new', ['id', 'locked_at']],
    ['graphile_worker._private_jobs', ['id', 'payload']],
    ['field_jobs', ['id']],
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
