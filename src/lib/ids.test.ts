// Ids are UUIDs of version 7 that grow, also within a millisecond.
import { expect, it } from 'vitest'
import { idSchema, newId } from './ids.ts'

it('ids grow strictly, differ in their random part, and are UUIDs of version 7 made now', () => {
  const before = Date.now()
  const ids = Array.from({ length: 20_000 }, () => newId())
  for (let i = 1; i < ids.length; i++) expect(ids[i]! > ids[i - 1]!).toBe(true)
  expect(new Set(ids.map((id) => id.slice(19))).size).toBe(ids.length)
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(idSchema.safeParse(id).success).toBe(true)
    const madeAt = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
    expect(madeAt).toBeGreaterThanOrEqual(before)
    // Full milliseconds borrow from those that follow.
    expect(madeAt).toBeLessThanOrEqual(Date.now() + 10)
  }
})
