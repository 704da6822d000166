// Which failures say that a disk is full, and which disk.
import { expect, test } from 'vitest'
import { isFolderFull, isStoreFull } from './disk.ts'

const failure = (code: string, message = 'failed') => Object.assign(new Error(message), { code })

test('a full folder is told by what the system says of a file', () => {
  expect(isFolderFull(failure('ENOSPC'))).toBe(true)
  expect(isFolderFull(failure('EDQUOT'))).toBe(true)
  expect(isFolderFull(failure('EACCES'))).toBe(false)
  expect(isFolderFull('ENOSPC')).toBe(false)
})

test('a full store is told by its own code, or by the words that ClickHouse hands on from the system', () => {
  expect(isStoreFull(failure('53100', 'could not extend file: No space left on device'))).toBe(true)
  expect(isStoreFull(failure('243', 'Cannot reserve 1.00 MiB, not enough space'))).toBe(true)
  expect(
    isStoreFull(
      failure('75', 'Cannot write to file /data/tmp: , errno: 28, strerror: No space left on device'),
    ),
  ).toBe(true)
  expect(
    isStoreFull(failure('75', 'Cannot write to file /data/tmp: , errno: 5, strerror: Input/output error')),
  ).toBe(false)
})

test('what somebody wrote about a full disk is no full disk', () => {
  expect(isStoreFull(failure('23505', 'Key (body)=(No space left on device) already exists'))).toBe(false)
  expect(isStoreFull(failure('ENOSPC', 'No space left on device'))).toBe(false)
})
