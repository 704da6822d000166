// Visits of a destination.
import { expect, test } from 'vitest'
import { connectorOf, sampleConversion, sampleSettings } from '../../connectors/index.ts'
import { sessionsOf } from './sessions.ts'
import type { SentRow } from './store.ts'

const connector = connectorOf('ga4')!
const { build, sessionOf } = connector.conversions!

function sent(
  at: string,
  name: string,
  sessionId: string | undefined,
  engagement?: number,
  status = 'sent',
): SentRow {
  const sample = sampleConversion(at)
  const browser = { ...sample.browser, gaSessionId: sessionId }
  const parameters = engagement === undefined ? {} : { engagement_time_msec: engagement }
  const { payload } = build({ ...sample, browser }, { name, parameters }, sampleSettings(connector))
  return { leadId: 'l1', occurredAt: new Date(at), status, payload }
}

test('events of one session and client are one visit, with what was delivered and for how long somebody was active', () => {
  const { sessions, withoutSession } = sessionsOf(
    [
      sent('2026-11-20T10:09:00.000Z', 'session_ended', '1763633000', 54_000),
      sent('2026-11-20T10:05:00.000Z', 'purchase', '1763633000', undefined, 'refused'),
      sent('2026-11-20T10:04:00.000Z', 'purchase', undefined),
      sent('2026-11-20T09:00:00.000Z', 'generate_lead', '1763629000'),
    ],
    sessionOf,
  )
  expect(withoutSession).toBe(1)
  expect(sessions).toHaveLength(2)
  expect(sessions[0]).toMatchObject({
    sessionId: '1763633000',
    startedAt: new Date(1_763_633_000_000).toISOString(),
    firstAt: '2026-11-20T10:05:00.000Z',
    lastAt: '2026-11-20T10:09:00.000Z',
    events: ['purchase', 'session_ended'],
    count: 2,
    delivered: 1,
    engagementMs: 54_001,
    page: 'https://shop.example/checkout/thanks',
  })
})
