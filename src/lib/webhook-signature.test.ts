// Signatures of webhooks, by the specification's own vector.
import { expect, test } from 'vitest'
import { contractTest } from '../../test/contracts.ts'
import { isSignedWith, webhookSecret, webhookSignature } from './webhook-signature.ts'

interface Vector {
  secret: string
  id: string
  timestamp: number
  payload: string
  signature: string
}

contractTest(
  'bodies are signed as the vectors of Standard Webhooks say',
  'webhook-signatures/vectors.json',
  (text) => {
    const { standard_webhooks: published } = JSON.parse(text) as { standard_webhooks: { vectors: Vector[] } }
    expect(published.vectors.length).toBeGreaterThan(0)
    for (const { secret, id, timestamp, payload, signature } of published.vectors)
      expect(webhookSignature(secret, id, timestamp, payload)).toBe(signature)
  },
)

test('either of two secrets admits a body while both sign it, and a changed body, id or instant is refused', () => {
  const [old, fresh, other] = [1, 2, 3].map((seed) => webhookSecret(Buffer.alloc(32, seed))) as [
    string,
    string,
    string,
  ]
  const sent = { id: 'msg_1', timestamp: 1_800_000_000, body: '{"type":"lead.created"}' }
  const header = [fresh, old]
    .map((one) => webhookSignature(one, sent.id, sent.timestamp, sent.body))
    .join(' ')
  expect(isSignedWith(old, header, sent)).toBe(true)
  expect(isSignedWith(fresh, header, sent)).toBe(true)
  expect(isSignedWith(other, header, sent)).toBe(false)
  expect(isSignedWith(fresh, header, { ...sent, body: '{}' })).toBe(false)
  expect(isSignedWith(fresh, header, { ...sent, id: 'msg_2' })).toBe(false)
  expect(isSignedWith(fresh, header, { ...sent, timestamp: sent.timestamp + 1 })).toBe(false)
})
