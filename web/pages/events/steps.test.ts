// Guarantees of the debugger's words: every step that left a trace is told, and the last step says where the message is.
import { expect, test } from 'vitest'
import type { InboxItem } from '../../../src/events/contract.ts'
import { stepsOf } from './steps.ts'

const item: InboxItem = {
  id: '01',
  receivedAt: '2026-11-23T12:00:00Z',
  status: 'logged',
  stored: true,
  reason: null,
  explanation: null,
  source: 'tracker',
  lane: 'live',
  messageId: 'm',
  call: 'track',
  name: 'Order Completed',
  leadId: null,
  leadLabel: null,
  trace: {},
  payload: {},
}

test('each step that left a trace is told in order, down to the store', () => {
  const steps = stepsOf({
    ...item,
    trace: {
      clockShiftMs: 90_500,
      channel: 'Paid Search',
      channelRule: 'click_id:gclid',
      country: 'DE',
      countrySource: 'timezone',
      matchedBy: 'email',
      merged: 1,
      changed: ['firstName', 'fields.shirt_size'],
      consents: ['email_marketing'],
    },
  })
  expect(steps.map(({ title, text }) => `${title}: ${text}`)).toEqual([
    'Received: A track call from the tracker',
    'Clock: The sender’s clock was 90.5 s behind; the time of the event is put right',
    'Named: “Order Completed” is our order_completed: placed an order',
    'Sender: Taken for a person',
    'Channel: Paid Search: the click id gclid',
    'Country: Germany, by the browser’s time zone',
    'Matched: Found by the e-mail address; 1 lead merged on its evidence',
    'Changed: Fields: first name, shirt size. Consent: email marketing',
    'Stored: The event log has confirmed it.',
  ])
})

test('a message that went no further ends with the reason', () => {
  const refused = stepsOf({ ...item, status: 'refused', stored: false, trace: null, explanation: 'Name it.' })
  expect(refused.at(-1)).toEqual({ title: 'Refused', text: 'Name it.', kind: 'stopped' })
  const dropped = stepsOf({ ...item, status: 'dropped', stored: false, explanation: 'Own traffic.' })
  expect(dropped.at(-1)).toEqual({ title: 'Dropped', text: 'Own traffic.', kind: 'stopped' })
})

test('a message that is not through yet says what it waits for', () => {
  expect(stepsOf({ ...item, status: 'waiting', stored: false, trace: null }).at(-1)?.kind).toBe('waits')
  expect(stepsOf({ ...item, stored: false }).at(-1)).toMatchObject({ title: 'Decided', kind: 'waits' })
})
