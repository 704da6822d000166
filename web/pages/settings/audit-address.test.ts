// Guarantees of the audit log's filter in the address.
import { expect, test } from 'vitest'
import { auditAddress, auditQuery } from './audit-address.ts'

test('what is no filter is left out of the address', () => {
  expect(auditAddress({ actor: 'cli', action: '', from: '2026-02-30', to: 'soon', page: 3 })).toEqual({
    actor: 'cli',
  })
})

test('days are taken on the clock of the workspace, both inclusive, also where a day has 25 hours', () => {
  expect(auditQuery({ from: '2026-10-25', to: '2026-10-25' }, 'Europe/Berlin')).toEqual({
    from: '2026-10-24T22:00:00.000Z',
    to: '2026-10-25T23:00:00.000Z',
  })
})
