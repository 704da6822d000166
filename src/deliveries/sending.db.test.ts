// What leaves and what does not while others reach for the same items: the sweep, an erasure, a repeat that comes too late.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import type { Outcome } from '../connectors/index.ts'
import { newId } from '../lib/ids.ts'
import { firstRow, run, sql } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { deliveryTasks, forgetDeliveries } from './index.ts'
import { REST_MS } from './decide.ts'
import { CLAIM_MS, sendDue, settleAbandoned } from './sending.ts'
import type { Shipper } from './shipper.ts'
import { insertDeliveries } from './store.ts'

const LEAD = '0190b7a2-0000-7000-8000-0000000000aa'
const SECRET = 'a-very-secret(preview)!token'
const HOUR_MS = 3_600_000

let served: Served
let services: Services
let now = new Date('2026-11-20T10:00:00Z')
let connectionId: string

beforeAll(async () => {
  // No vendor is asked: nothing listens there.
  served = await serve({ worker: false, settings: { vendorUrls: { META_BASE_URL: 'http://127.0.0.1:9' } } })
  services = { ...served.services, clock: () => now }
})
afterAll(() => served.stop())

beforeEach(async () => {
  await run(services.db, sql`delete from deliveries`)
  const made = await served.call('POST', '/api/connections', {
    connector: 'meta',
    settings: { datasetId: '2000000000000001', accessToken: SECRET },
  })
  connectionId = (made.body.connection as { id: string }).id
  await run(services.db, sql`update connections set status = 'connected', paused_until = null`)
  await insertDeliveries(
    services.db,
    [
      {
        workspaceId: served.workspaceId,
        connectionId,
        kind: 'letter',
        key: newId(),
        leadId: LEAD,
        event: 'order_completed',
        occurredAt: now.toISOString(),
        item: { said: 'hello' },
      },
    ],
    now,
  )
})

interface Played {
  shipper: Shipper
  /** how often the item left */
  left(): number
}

function shipper(
  outcome: () => Outcome,
  atTheDoor: () => Promise<unknown> = () => Promise.resolve(),
): Played {
  let left = 0
  return {
    left: () => left,
    shipper: {
      turn: () => 10,
      async door(_db, _wire, items) {
        await atTheDoor()
        return items.map(() => ({ kind: 'goes', payload: { letter: 'hello' } }))
      },
      group: (_wire, payloads) => [payloads.map((_, place) => place)],
      send(_wire, payloads) {
        left++
        return Promise.resolve(payloads.map(() => outcome()))
      },
      honoursRepeat: (_connector, _payload, ageMs) => ageMs < 47 * HOUR_MS,
      show: () => null,
    },
  }
}

const send = (played: Played) =>
  sendDue(services, { letter: played.shipper }, served.workspaceId, connectionId)

const standing = () =>
  firstRow<{ status: string; words: string; all: string }>(
    services.db,
    sql`select status, words, to_jsonb(d)::text as all from deliveries d`,
  )

const sent = (): Outcome => ({ kind: 'sent', words: '200' })

test('whoever is erased between the door and the leaving does not leave', async () => {
  const played = shipper(sent, () => forgetDeliveries(services.db, served.workspaceId, [LEAD]))
  await send(played)
  expect(played.left()).toBe(0)
  expect(await standing()).toMatchObject({ status: 'withheld', words: null })
})

test('what was given up while its sender slept leaves once, by whoever claims it then', async () => {
  let isAsleep = true
  const played = shipper(sent, async () => {
    if (!isAsleep) return
    isAsleep = false
    now = new Date(now.getTime() + CLAIM_MS + 1)
    await settleAbandoned(services, { letter: played.shipper })
  })
  await send(played)
  await send(played)
  expect(played.left()).toBe(1)
  expect(await standing()).toMatchObject({ status: 'sent' })
})

test('what may have arrived is not sent again once the vendor would count it twice', async () => {
  let outcome: Outcome = { kind: 'unknown', words: 'No answer within the time allowed.' }
  const played = shipper(() => outcome)
  await send(played)
  expect(await standing()).toMatchObject({ status: 'waiting' })
  outcome = { kind: 'later', words: '503' }
  now = new Date(now.getTime() + HOUR_MS)
  await send(played)
  outcome = sent()
  now = new Date(now.getTime() + 47 * HOUR_MS)
  await send(played)
  expect(played.left()).toBe(2)
  expect(await standing()).toMatchObject({ status: 'unknown' })
})

test('an answer that repeats a secret is kept without it', async () => {
  const words = `401 Malformed access token ${SECRET}`
  await send(shipper(() => ({ kind: 'reauthorise', words })))
  const found = await standing()
  expect(found!.words).toContain('Malformed access token')
  expect(found!.all).not.toContain(SECRET)
  const connection = await firstRow<{ problem: string }>(
    services.db,
    sql`select problem from connections where id = ${connectionId}`,
  )
  expect(connection!.problem).not.toContain(SECRET)
})

test('a vendor that takes nothing of a turn is left alone for a while, though it names no pause', async () => {
  await run(
    services.db,
    sql`insert into deliveries (id, workspace_id, connection_id, kind, key, event, occurred_at, item, next_at, waiting_since, created_at)
        select gen_random_uuid(), ${served.workspaceId}, ${connectionId}, 'letter', 'more:' || n, 'order_completed', ${now},
          '{"said":"hello"}', ${now}, ${now}, ${now} from generate_series(1, 30) n`,
  )
  const played = shipper(() => ({ kind: 'later', words: '503' }))
  const { nextAt } = await send(played)
  expect(played.left()).toBe(1)
  await send(played)
  expect(played.left()).toBe(1)
  expect(nextAt!.getTime()).toBeLessThanOrEqual(now.getTime() + REST_MS)
})

test('what may have arrived is not sent in another form that the vendor would count anew', async () => {
  let outcome: Outcome = { kind: 'unknown', words: 'No answer within the time allowed.' }
  const played = shipper(() => outcome)
  const renamed = { ...played.shipper, isRepeat: () => false }
  await send(played)
  outcome = sent()
  now = new Date(now.getTime() + HOUR_MS)
  await sendDue(services, { letter: renamed }, served.workspaceId, connectionId)
  expect(played.left()).toBe(1)
  expect(await standing()).toMatchObject({ status: 'unknown' })
})

const task = (name: string) => deliveryTasks(services, {})[name]!({})

test('what comes back to wait for a connection that was given up meanwhile is withheld', async () => {
  await run(services.db, sql`delete from connections where id = ${connectionId}`)
  await task('deliveries.sweep')
  expect(await standing()).toMatchObject({ status: 'withheld' })
})

test('what was said of somebody who is no lead goes when it was sent, and else after a week', async () => {
  const said = {
    item: { event: { name: 'x' }, person: { email: 'jane@shop.example' }, browser: { ip: '192.0.2.1' } },
  }
  const insert = () =>
    run(
      services.db,
      sql`update deliveries set lead_id = null, status = 'waiting', settled_at = null, item = ${JSON.stringify(said.item)}::jsonb,
            next_at = ${now}, waiting_since = ${now}`,
    )
  await insert()
  await send(shipper(sent))
  expect((await standing())!.all).not.toMatch(/jane|192\.0\.2\.1/)
  await insert()
  await send(shipper(() => ({ kind: 'refused', words: '400' })))
  await task('deliveries.forget')
  expect((await standing())!.all).toContain('jane@shop.example')
  now = new Date(now.getTime() + 8 * 24 * HOUR_MS)
  await task('deliveries.forget')
  expect((await standing())!.all).not.toMatch(/jane|192\.0\.2\.1/)
})
