// Guarantees of the table of roles.
import { expect, test } from 'vitest'
import { keyPermissions, mayGrant, permissions, rolePermissions, roles } from './roles.ts'

test('each role may all that the one below it may', () => {
  for (const [higher, lower] of [
    ['owner', 'admin'],
    ['admin', 'marketer'],
    ['marketer', 'analyst'],
  ] as const) {
    expect(rolePermissions[higher]).toEqual(expect.arrayContaining([...rolePermissions[lower]]))
  }
})

test('an analyst only reads', () => {
  expect(rolePermissions.analyst.filter((permission) => !permission.endsWith('.read'))).toEqual([])
})

test('no API key manages members or keys, whatever its role and scopes', () => {
  for (const role of roles) {
    for (const scopes of [null, permissions]) {
      expect(keyPermissions(role, scopes)).not.toContain('team.manage')
      expect(keyPermissions(role, scopes)).not.toContain('keys.manage')
    }
  }
})

test('scopes narrow a key and never widen it', () => {
  expect(keyPermissions('analyst', ['leads.read', 'leads.write'])).toEqual(['leads.read'])
})

test('only owners grant ownership, admins grant the rest, others nothing', () => {
  expect(roles.filter((role) => mayGrant('owner', role))).toEqual(roles)
  expect(roles.filter((role) => mayGrant('admin', role))).toEqual(['admin', 'marketer', 'analyst'])
  expect(roles.some((role) => mayGrant('marketer', role) || mayGrant('analyst', role))).toBe(false)
})
