// Segments in the whole product: filled, kept while leads change, explained, and gone with whom they are about.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import type { Condition } from '../conditions/contract.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import { lookAtWorkspace } from './index.ts'
import type { Segment, SegmentMove } from './contract.ts'

let served: Served
beforeAll(async () => {
  served = await serve()
})
afterEach(() => expect(served.errors).toEqual([]))
afterAll(() => served.stop())

const eventually = async <T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> => {
  const until = Date.now() + 15_000
  for (;;) {
    const answer = await ask()
    if (isSo(answer)) return answer
    if (Date.now() > until) throw new Error(`still ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Settles when nothing is left to be understood: a new segment then begins with all whom it fits. */
const understood = () =>
  eventually(
    () => rows(served.services.db, sql`select 1 from lead_facts_owed limit 1`),
    (owed) => owed.length === 0,
  )

async function make(name: string, condition: Condition): Promise<Segment> {
  await understood()
  const reply = await served.call('POST', '/api/segments', { name, condition })
  expect(reply.body).toMatchObject({ name, status: 'filling', version: 1 })
  return filled(String(reply.body.id))
}
const read = async (id: string) => (await served.call('GET', `/api/segments/${id}`)).body as Segment
const filled = (id: string) =>
  eventually(
    () => read(id),
    ({ status }) => status === 'live',
  )
const emails = async (id: string) => {
  const { items } = (await served.call('GET', `/api/segments/${id}/members`)).body as {
    items: { lead: { email: string | null } }[]
  }
  return items.map(({ lead }) => lead.email).sort()
}
const moves = async (id: string) =>
  (await served.call('GET', `/api/segments/${id}/moves`)).body.items as SegmentMove[]
async function lead(email: string, given: Record<string, unknown> = {}): Promise<string> {
  const reply = await served.call('POST', '/api/leads', { email, ...given })
  expect(reply.status).toBe(201)
  return String(reply.body.id)
}
const order = (email: string, total: number, timestamp?: string) =>
  served.post('/v1/track', {
    userId: `u-${email}`,
    event: 'Order Completed',
    context: { traits: { email } },
    properties: { order_id: `${email}-${total}`, total, currency: 'EUR' },
    ...(timestamp ? { timestamp } : {}),
  })

test('a new segment holds whom its condition fits, and an event moves a lead in with the event as the reason', async () => {
  const ann = await lead('ann@a.example', { country: 'DE' })
  await lead('bob@a.example', { country: 'FR' })
  const german = await make('Germans', { fact: 'country', op: 'is', value: 'DE' })
  expect(await emails(german.id)).toEqual(['ann@a.example'])
  expect(german).toMatchObject({ size: 1, words: 'Country is Germany', movesWithTime: false, progress: null })
  expect(await moves(german.id)).toEqual([])

  const buyers = await make('Buyers', {
    event: 'order_completed',
    op: 'did',
    where: [{ property: 'total', type: 'number', op: 'at_least', value: 50 }],
  })
  expect(buyers.size).toBe(0)
  await order('ann@a.example', 20)
  await order('ann@a.example', 80)
  const [move] = await eventually(
    () => moves(buyers.id),
    (found) => found.length > 0,
  )
  expect(move).toMatchObject({
    leadId: ann,
    kind: 'entered',
    version: 1,
    reason: {
      kind: 'event',
      words: 'Placed an order where total is at least 50',
      event: { name: 'order_completed' },
    },
  })
  expect(await read(buyers.id)).toMatchObject({ size: 1 })
  const { items } = (await served.call('GET', `/api/leads/${ann}/segments`)).body as {
    items: { name: string }[]
  }
  expect(items.map(({ name }) => name)).toEqual(['Buyers', 'Germans'])
  const entered = await eventually(
    async () =>
      ((await served.call('GET', `/api/leads/${ann}/timeline`)).body.items as { name: string }[]).filter(
        ({ name }) => name === 'segment_entered',
      ),
    (found) => found.length > 0,
  )
  expect(entered).toMatchObject([{ category: 'record', properties: { segment: 'Buyers', because: 'event' } }])
})

test('an edit moves a lead, and the explanation shows each condition with what is known', async () => {
  const carl = await lead('carl@b.example', { city: 'Berlin' })
  const berlin = await make('Berlin without orders', {
    and: [
      { fact: 'city', op: 'is', value: 'Berlin' },
      { event: 'order_completed', op: 'did_not' },
    ],
  })
  await served.call('PATCH', `/api/leads/${carl}`, { city: 'Hamburg', revision: 1 })
  const [move] = await eventually(
    () => moves(berlin.id),
    (found) => found.length > 0,
  )
  expect(move).toMatchObject({
    kind: 'left',
    leadLabel: 'carl@b.example',
    reason: { kind: 'change', words: 'City is “Berlin”', holds: false },
  })
  expect((await served.call('GET', `/api/segments/${berlin.id}/leads/${carl}`)).body).toMatchObject({
    holds: false,
    enteredAt: null,
    lines: [
      { depth: 0, group: 'all', holds: false },
      { depth: 1, words: 'City is “Berlin”', holds: false, found: { kind: 'text', value: 'Hamburg' } },
      { depth: 1, words: 'Did not place an order', holds: true, found: { kind: 'times', value: 0 } },
    ],
    moves: [{ kind: 'left' }],
  })
})

test('another condition is another version: who does not fit it leaves, and segments that name it follow', async () => {
  await lead('dora@c.example', { company: 'Acme', tags: ['vip'] })
  await lead('emil@c.example', { company: 'Globex' })
  const acme = await make('Acme', { fact: 'company', op: 'is', value: 'Acme' })
  const vips = await make('Vips of Acme', {
    and: [
      { fact: 'segment', op: 'has_any', value: [acme.id] },
      { fact: 'tags', op: 'has_any', value: ['vip'] },
    ],
  })
  expect(await emails(vips.id)).toEqual(['dora@c.example'])
  expect(vips).toMatchObject({
    uses: [{ id: acme.id, name: 'Acme' }],
    words: 'Segments include Acme and Tags include vip',
  })

  const circle = await served.call('PATCH', `/api/segments/${acme.id}`, {
    condition: { fact: 'segment', op: 'has_any', value: [vips.id] },
  })
  expect(circle.status).toBe(400)
  expect(circle.body).toMatchObject({ code: 'segment_circular' })
  expect(circle.body.detail).toContain('Acme → Vips of Acme → Acme')

  await served.call('PATCH', `/api/segments/${acme.id}`, {
    condition: { fact: 'company', op: 'is', value: 'Globex' },
  })
  const changed = await filled(acme.id)
  expect(changed).toMatchObject({ version: 2, size: 1, usedBy: [{ name: 'Vips of Acme' }] })
  expect(await emails(acme.id)).toEqual(['emil@c.example'])
  expect((await moves(acme.id)).map(({ kind, reason }) => `${kind} ${reason.kind}`).sort()).toEqual([
    'entered definition',
    'left definition',
  ])
  expect(
    await eventually(
      () => emails(vips.id),
      (found) => found.length === 0,
    ),
  ).toEqual([])
  const versions = await served.call('GET', `/api/segments/${acme.id}/versions`)
  expect(versions.body.items).toMatchObject([
    { version: 2, words: 'Company is “Globex”' },
    { version: 1, words: 'Company is “Acme”' },
  ])
  expect((await served.call('DELETE', `/api/segments/${acme.id}`)).body).toMatchObject({
    code: 'segment_used',
  })
  expect((await served.call('DELETE', `/api/segments/${vips.id}`)).body).toEqual({ removed: true })
  expect((await served.call('DELETE', `/api/segments/${acme.id}`)).status).toBe(200)
})

test('time alone moves leads once somebody looks, and it is told as time', async () => {
  await order('fay@d.example', 10, new Date(Date.now() - 6.5 * 86_400_000).toISOString())
  await served.settled()
  const lately = await make('Ordered in the last week', {
    event: 'order_completed',
    op: 'did',
    within: { op: 'in_last', value: { count: 7, unit: 'days' } },
  })
  expect(lately.movesWithTime).toBe(true)
  expect(
    await eventually(
      () => emails(lately.id),
      (found) => found.includes('fay@d.example'),
    ),
  ).toBeTruthy()
  // As if it had been looked at an hour later, the order long known.
  await understood()
  await run(served.services.db, sql`update lead_states set computed_at = now() + interval '1 hour'`)
  const { clock } = served.services
  try {
    served.services.clock = () => new Date(Date.now() + 86_400_000)
    expect(await lookAtWorkspace(served.services, served.workspaceId)).toBe(1)
    const found = await eventually(
      () => moves(lately.id),
      (all) => all.some(({ kind }) => kind === 'left'),
    )
    expect(found[0]).toMatchObject({
      leadLabel: 'fay@d.example',
      reason: { kind: 'time', words: 'Placed an order in the last 7 days', holds: false },
    })
    expect(await lookAtWorkspace(served.services, served.workspaceId)).toBe(0)
  } finally {
    served.services.clock = clock
  }
})

test('a merge makes one member of two, the bin takes a lead out and back, an erasure leaves nothing', async () => {
  const gus = await lead('gus@e.example', { jobTitle: 'Chef' })
  const hal = await lead('hal@e.example', { jobTitle: 'Chef' })
  const chefs = await make('Chefs', { fact: 'jobTitle', op: 'is', value: 'Chef' })
  expect(chefs.size).toBe(2)
  const merged = await served.call('POST', '/api/leads/merge', { winnerId: gus, loserId: hal })
  expect(merged.status).toBe(200)
  await eventually(
    () => read(chefs.id),
    ({ size }) => size === 1,
  )
  await served.call('POST', '/api/leads/unmerge', { mergeId: await mergeOf(gus) })
  await eventually(
    () => read(chefs.id),
    ({ size }) => size === 2,
  )
  await served.call('DELETE', `/api/leads/${hal}`)
  expect(await emails(chefs.id)).toEqual(['gus@e.example'])
  await eventually(
    () => read(chefs.id),
    ({ size }) => size === 1,
  )
  await served.call('POST', `/api/leads/${hal}/restore`)
  await eventually(
    () => read(chefs.id),
    ({ size }) => size === 2,
  )
  await served.call('POST', `/api/leads/${gus}/erase`, { confirm: 'gus@e.example' })
  const list = await eventually(
    () => read(chefs.id),
    ({ size }) => size === 1,
  )
  expect(list.size).toBe(1)
  expect((await moves(chefs.id)).some(({ leadId }) => leadId === gus)).toBe(false)
})

test('a segment that names an erased person keeps its condition without them', async () => {
  const kim = await lead('kim@g.example')
  const named = await make('All but kim@g.example', {
    and: [
      { fact: 'email', op: 'contains', value: 'g.example' },
      { fact: 'email', op: 'is_not', value: 'Kim@g.example' },
    ],
  })
  expect((await served.call('POST', `/api/leads/${kim}/erase`)).status).toBe(200)
  expect(await read(named.id)).toMatchObject({
    name: 'All but erased',
    version: 1,
    words: 'E-mail contains “g.example” and E-mail is not “erased”',
  })
  const versions = await served.call('GET', `/api/segments/${named.id}/versions`)
  expect(versions.text).not.toMatch(/kim@/i)
})

async function mergeOf(id: string): Promise<string> {
  const { mergedLeads } = (await served.call('GET', `/api/leads/${id}`)).body as {
    mergedLeads: { mergeId: string }[]
  }
  return mergedLeads[0]!.mergeId
}

test('the list and its export find the members of a segment', async () => {
  await lead('ida@f.example', { language: 'eo' })
  await lead('jan@f.example', { language: 'eo', tags: ['old'] })
  const fans = await make('Esperanto', { fact: 'language', op: 'is', value: 'eo' })
  const filter = encodeURIComponent(JSON.stringify({ fact: 'segment', op: 'has_any', value: [fans.id] }))
  const list = await served.call('GET', `/api/leads?filter=${filter}`)
  expect(list.body.total).toBe(2)
  const file = await served.call('GET', `/api/leads/export?columns=email&filter=${filter}`)
  expect(file.text.trim().split('\r\n').slice(1).sort()).toEqual(['ida@f.example', 'jan@f.example'])
  const preview = await served.call('POST', '/api/leads/preview', {
    condition: {
      and: [
        { fact: 'segment', op: 'has_all', value: [fans.id] },
        { fact: 'tags', op: 'has_none', value: ['old'] },
      ],
    },
  })
  expect(preview.body).toMatchObject({ count: 1, examples: [{ email: 'ida@f.example' }] })
})

test('a condition that cannot be asked is refused with a sentence', async () => {
  const make = (condition: unknown) => served.call('POST', '/api/segments', { name: 'No', condition })
  expect((await make({ fact: 'shoe', op: 'is', value: '4' })).body).toMatchObject({ code: 'fact_unknown' })
  expect((await make({ event: 'note_added', op: 'did' })).body).toMatchObject({ code: 'event_unfit' })
  const taken = { name: 'germans', condition: { fact: 'country', op: 'is', value: 'DE' } }
  expect((await served.call('POST', '/api/segments', taken)).body).toMatchObject({
    code: 'segment_name_taken',
  })
})
