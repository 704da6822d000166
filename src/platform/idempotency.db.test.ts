// Replies kept under the key of their request: the same again, one at a time, and free again after a crash.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import { run, sql } from './postgres.ts'

let served: Served
beforeAll(async () => {
  served = await serve({ worker: false })
})
afterAll(() => served.stop())

const enter = (key: string, email: string) =>
  served.call('POST', '/api/leads', { email }, { 'idempotency-key': key })

test('a repeated request gets the first reply, and another one under its key is refused', async () => {
  const first = await enter('one', 'ann@shop.example')
  const again = await enter('one', 'ann@shop.example')
  expect([again.status, again.body]).toEqual([first.status, first.body])
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect((await enter('one', 'bob@shop.example')).body.code).toBe('idempotency_key_reused')
})

test('a request in work holds its key; one whose process died gives it back', async () => {
  await enter('two', 'cyd@shop.example')
  const left = (age: string) =>
    run(
      served.services.db,
      sql`update idempotency_keys set status = null, reply = null, created_at = now() - ${age}::interval where key = 'two'`,
    )
  await left('1 minute')
  expect((await enter('two', 'cyd@shop.example')).body.code).toBe('request_in_progress')
  await left('1 hour')
  const retried = await enter('two', 'cyd@shop.example')
  expect(retried.status).toBeLessThan(300)
  expect(retried.headers['idempotency-replayed']).toBeUndefined()
})
