// Guarantees of the debugger's list: each message once, newest first, as the filters want it.
import { expect, test } from 'vitest'
import type { InboxItem } from '../../../src/events/contract.ts'
import { joinMessages } from './message-list.ts'

test('a live message stands on top, and one that was listed already takes its newer state', () => {
  const listed = [message('02', { status: 'waiting' }), message('01', { status: 'logged', stored: true })]
  const live = liveOf(message('03', { status: 'waiting' }), message('02', { status: 'logged' }))
  expect(joinMessages(listed, live, {}).map(({ id, status }) => `${id} ${status}`)).toEqual([
    '03 waiting',
    '02 logged',
    '01 logged',
  ])
})

test('a list asked for later is believed over an older word of the stream', () => {
  const listed = [message('01', { status: 'logged', stored: true })]
  expect(joinMessages(listed, liveOf(message('01', { status: 'waiting' })), {})[0]?.stored).toBe(true)
})

test('live messages that the filters leave out do not appear, and one that changed its status leaves', () => {
  const live = liveOf(
    message('04', { name: 'Order Completed', status: 'parked' }),
    message('03', { name: 'page_viewed', status: 'parked' }),
    message('02', { name: 'Order Completed', status: 'logged' }),
  )
  const listed = [message('02', { name: 'Order Completed', status: 'parked' })]
  const shown = joinMessages(listed, live, { q: 'order', status: 'parked' })
  expect(shown.map(({ id }) => id)).toEqual(['04'])
})

function liveOf(...items: InboxItem[]): Map<string, InboxItem> {
  return new Map(items.map((item) => [item.id, item]))
}

function message(id: string, part: Partial<InboxItem>): InboxItem {
  return {
    id,
    receivedAt: '2026-11-23T12:00:00Z',
    status: 'logged',
    stored: false,
    reason: null,
    explanation: null,
    source: 'tracker',
    lane: 'live',
    messageId: `m-${id}`,
    call: 'track',
    name: 'page_viewed',
    leadId: null,
    leadLabel: null,
    trace: null,
    payload: {},
    ...part,
  }
}
