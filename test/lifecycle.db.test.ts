// The stages of leads in the product: moved by rules and by people, late as on time, merged and parted, erased, and by other rules.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StageMove } from '../src/projections/lifecycle/contract.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { serve } from './deployment.ts'
import type { Reply, Served } from './deployment.ts'

let product: Served
beforeAll(async () => {
  product = await serve()
})
afterAll(() => product.stop())

const path = (id: string, what: string) => `/api/lead-tracking/lifecycle/${id}/${what}`
const current = async (id: string) => (await product.call('GET', path(id, 'current'))).body
const moves = async (id: string) => (await product.call('GET', path(id, 'history'))).body.moves as StageMove[]
const way = async (id: string) => (await moves(id)).map(({ to, kind }) => `${kind} ${to}`)
const move = (id: string, body: Record<string, unknown>): Promise<Reply> =>
  product.call('POST', path(id, 'transition'), body)

async function newLead(fields: Record<string, unknown>): Promise<string> {
  return String((await product.call('POST', '/api/leads', fields)).body.id)
}
async function did(id: string, eventName: string, occurredAt: string, more = {}): Promise<void> {
  const reply = await product.call('POST', `/api/lead-tracking/engagement/${id}`, {
    eventName,
    occurredAt,
    ...more,
  })
  expect(reply.status).toBe(202)
}
/** Everything that came in is logged, and every lead that it touched is understood. */
async function understood(id: string): Promise<void> {
  await product.settled()
  const { understandNow } = await import('../src/understand.ts')
  expect(await understandNow(product.services, product.workspaceId, [id])).toBe(true)
}
const rowsOf = (id: string) =>
  ask<{ to_stage: string; kind: string; touches: number }>(
    product.services.clickhouse,
    `select to_stage, kind, touches from stage_moves final
     where workspace_id = {workspace:UUID} and lead_id = {lead:UUID} and is_removed = 0 order by place`,
    { workspace: product.workspaceId, lead: id },
  )

describe('a lead', () => {
  let id: string
  beforeAll(async () => {
    id = await newLead({ email: 'way@shop.example' })
    await did(id, 'email_link_clicked', '2026-03-01T10:00:00Z')
    await did(id, 'page_viewed', '2026-03-02T10:00:00Z')
    await did(id, 'demo_requested', '2026-03-03T10:00:00Z')
    await understood(id)
  })

  test('is in the stage that its events brought it to, with the event and the rule that did', async () => {
    expect(await current(id)).toMatchObject({
      leadId: id,
      stage: 'qualified',
      since: '2026-03-03T10:00:00.000Z',
      touches: 0,
      ruleVersion: 0,
      lastMove: {
        from: 'contacted',
        to: 'qualified',
        kind: 'automatic',
        cause: { kind: 'event', name: 'demo_requested' },
        rule: { id: 'asked_for_more', name: 'Asked for a demo, a quote or a trial', version: 0 },
        afterDays: 2,
      },
    })
  })

  test('can be asked for by its stage, in a list of leads', async () => {
    const filter = encodeURIComponent(JSON.stringify({ fact: 'stage', op: 'is', value: 'qualified' }))
    await expect
      .poll(async () => (await product.call('GET', `/api/leads?filter=${filter}`)).body.total, {
        timeout: 10_000,
      })
      .toBe(1)
  })

  test('is moved on by a person, who says why and what it is worth', async () => {
    const reply = await move(id, {
      stage: 'opportunity',
      reason: 'Budget is there',
      amount: { value: 5000.5 },
    })
    expect(reply).toMatchObject({ status: 201, body: { stage: 'opportunity', isWorkedOut: true } })
    expect((await moves(id)).at(-1)).toMatchObject({
      from: 'qualified',
      to: 'opportunity',
      kind: 'manual',
      isBackward: false,
      skipped: ['engaged'],
      reason: 'Budget is there',
      amountMinor: 500_050,
      rule: null,
    })
  })

  test('is moved back by a person, and what it did before does not bring it forward again', async () => {
    await move(id, { stage: 'contacted', reason: 'Went quiet' })
    await did(id, 'page_viewed', new Date().toISOString())
    await understood(id)
    expect(await current(id)).toMatchObject({ stage: 'contacted', lastMove: { isBackward: true } })
  })

  test('has a row for each stay in the log of moves', async () => {
    const rows = await rowsOf(id)
    expect(rows.map(({ kind, to_stage }) => `${kind} ${to_stage}`)).toEqual([
      'began new',
      'automatic contacted',
      'automatic qualified',
      'manual opportunity',
      'manual contacted',
    ])
    expect(rows.map(({ touches }) => touches)).toEqual([1, 2, 0, 0, 1])
  })

  test('has days and touches per stage, and its speed', async () => {
    const { body } = await product.call('GET', path(id, 'history'))
    expect(body).toMatchObject({
      startedAt: '2026-03-01T10:00:00.000Z',
      velocity: { forwardMoves: 3, backwardMoves: 1, toCustomerDays: null },
    })
    const stages = body.stages as { stage: string; stays: number; days: number }[]
    expect(stages.find(({ stage }) => stage === 'contacted')).toMatchObject({ stays: 2 })
  })
})

test('what is told late gives the same way as what is told in time', async () => {
  const [inTime, late] = [
    await newLead({ email: 'a.first@gmail.com' }),
    await newLead({ email: 'b.second@gmail.com' }),
  ]
  const told: [string, string][] = [
    ['email_replied', '2026-03-01T10:00:00Z'],
    ['quote_requested', '2026-03-02T10:00:00Z'],
    ['meeting_booked', '2026-03-03T10:00:00Z'],
  ]
  for (const [name, at] of told) {
    await did(inTime, name, at)
    await understood(inTime)
  }
  for (const [name, at] of told.toReversed()) {
    await did(late, name, at)
    await understood(late)
  }
  const bare = (list: StageMove[]) => list.map(({ at, from, to, rule }) => [at, from, to, rule?.id])
  expect(bare(await moves(late))).toEqual(bare(await moves(inTime)))
  expect(await moves(late)).toHaveLength(3)
  expect(await rowsOf(late)).toHaveLength(4)
})

test('leads that are merged have one way, and each its own again when they are parted', async () => {
  const [one, other] = [
    await newLead({ email: 'm.one@gmail.com' }),
    await newLead({ email: 'm.two@gmail.com' }),
  ]
  await did(one, 'email_replied', '2026-03-01T10:00:00Z')
  await did(other, 'demo_requested', '2026-03-02T10:00:00Z')
  await understood(one)
  await move(other, { stage: 'engaged', reason: 'Told us so' })
  const before = [await moves(one), await moves(other)]
  const merged = await product.call('POST', '/api/leads/merge', { winnerId: one, loserId: other })
  expect(merged.status).toBe(200)
  await understood(one)
  await understood(other)
  expect(await way(one)).toEqual(['automatic contacted', 'automatic qualified', 'manual engaged'])
  expect(await rowsOf(other)).toEqual([])
  const mergeId = (
    (await product.call('GET', `/api/leads/${one}`)).body.mergedLeads as { mergeId: string }[]
  )[0]!.mergeId
  expect((await product.call('POST', '/api/leads/unmerge', { mergeId })).status).toBe(200)
  await understood(one)
  await understood(other)
  expect([await moves(one), await moves(other)]).toEqual(before)
})

test('a buyer is a customer from the order on, and no more when it is cancelled', async () => {
  const id = await newLead({ email: 'buyer@shop.example' })
  const order = { metadata: { order_id: 'O-1' } }
  await did(id, 'order_completed', '2026-03-01T10:00:00Z', { revenue: 20, ...order })
  await understood(id)
  expect(await current(id)).toMatchObject({
    stage: 'customer',
    since: '2026-03-01T10:00:00.000Z',
    lastMove: { cause: { kind: 'order' }, skipped: ['contacted', 'qualified', 'engaged', 'opportunity'] },
  })
  await did(id, 'order_cancelled', '2026-03-05T10:00:00Z', order)
  await understood(id)
  expect(await current(id)).toMatchObject({
    stage: 'opportunity',
    since: '2026-03-05T10:00:00.000Z',
    lastMove: { isBackward: true, rule: { id: 'order_undone' } },
  })
})

describe('rules', () => {
  const rules = [
    {
      id: 'chats',
      name: 'Chats with us',
      to: 'engaged',
      when: { event: 'chat_started', op: 'did' },
      isBackward: false,
      isOn: true,
    },
  ]
  let id: string
  beforeAll(async () => {
    id = await newLead({ email: 'chat@shop.example' })
    await did(id, 'chat_started', '2026-03-01T10:00:00Z')
    await understood(id)
    expect(await way(id)).toEqual(['automatic contacted'])
  })

  test('are tried on the leads seen last before anything changes', async () => {
    const { status, body } = await product.call('POST', '/api/lead-tracking/lifecycle-rules/try', { rules })
    expect(status).toBe(200)
    expect(body).toMatchObject({ rules: [{ id: 'chats', moves: 1 }] })
    const examples = body.examples as { leadId: string; now: string; then: string }[]
    expect(examples).toContainEqual({
      leadId: id,
      label: 'chat@shop.example',
      now: 'contacted',
      then: 'engaged',
    })
    expect(await way(id)).toEqual(['automatic contacted'])
  })

  test('that are adopted make every way anew, and name their version', async () => {
    const put = { rules, basedOn: 0, note: 'Chats count' }
    const adopted = await product.call('PUT', '/api/lead-tracking/lifecycle-rules', put)
    expect(adopted).toMatchObject({ status: 200, body: { version: 1 } })
    await expect.poll(() => way(id), { timeout: 15_000 }).toEqual(['automatic engaged'])
    expect((await current(id)).ruleVersion).toBe(1)
    expect((await product.call('GET', '/api/lead-tracking/lifecycle-rules')).body).toMatchObject({
      version: 1,
      rules,
      broken: [],
      versions: [{ version: 1, note: 'Chats count' }, { version: 0 }],
    })
  })

  test('that were changed by somebody else meanwhile are refused', async () => {
    const put = { rules, basedOn: 0 }
    const refused = await product.call('PUT', '/api/lead-tracking/lifecycle-rules', put)
    expect(refused).toMatchObject({ status: 409, body: { code: 'rules_changed' } })
  })

  test('that ask for what there is not are refused with a sentence', async () => {
    const odd = [{ ...rules[0], when: { fact: 'fields.nowhere', op: 'is_set' } }]
    const refused = await product.call('PUT', '/api/lead-tracking/lifecycle-rules', {
      rules: odd,
      basedOn: 1,
    })
    expect(refused).toMatchObject({ status: 400, body: { code: 'fact_unknown' } })
  })
})

test.each([
  ['without a reason', { stage: 'qualified', reason: ' ' }, 400],
  ['to a stage that there is not', { stage: 'friend', reason: 'x' }, 400],
  ['to the stage that it is in', { stage: 'new', reason: 'x' }, 409],
  ['in the future', { stage: 'qualified', reason: 'x', at: '2100-01-01T00:00:00Z' }, 400],
])('a move %s is refused', async (_what, body, status) => {
  const id = await newLead({ firstName: 'Rita' })
  expect((await move(id, body)).status).toBe(status)
})

test('nothing of this was logged as an error', () => {
  expect(product.errors).toEqual([])
})
