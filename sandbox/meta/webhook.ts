// The webhook of the app: verified by a challenge when it is set, then told of leads, signed over an escaped body.
import { createHmac } from 'node:crypto'
import { isTaken, sendUntilTaken } from '../frame/retry.ts'
import type { World } from '../frame/world.ts'
import { APP, PAGE } from './accounts.ts'
import type { Lead } from './leads.ts'

const TIMEOUT_MS = 5000

export interface Hook {
  /** The verified address; empty without. */
  url(): string
  /** Asks the address to echo a challenge; remembers it where it does, and says what was wrong where not. */
  set(url: string, verifyToken: string): Promise<string | undefined>
  /** One delivery for all of them. */
  tell(leads: Lead[], more?: { note?: string; hasNumbers?: boolean }): void
  clear(): void
}

export function createHook(world: World): Hook {
  let hook = ''
  return {
    url: () => hook,
    async set(url, verifyToken) {
      if (!URL.canParse(url)) return 'The callback URL is no address.'
      const challenge = String(Math.floor(world.chance() * 1e10))
      const target = new URL(url)
      target.searchParams.set('hub.mode', 'subscribe')
      target.searchParams.set('hub.challenge', challenge)
      target.searchParams.set('hub.verify_token', verifyToken)
      const sent = await world.send({
        vendor: 'meta',
        method: 'GET',
        url: target.href,
        body: '',
        headers: () => ({}),
        timeoutMs: TIMEOUT_MS,
      })
      if (!isTaken(sent)) return `The callback answered ${sent.status ?? 'nothing'} to the challenge.`
      if (sent.body !== challenge) return 'The callback did not echo the challenge alone.'
      hook = url
      return undefined
    },
    tell(leads, { note, hasNumbers = false } = {}) {
      if (hook === '' || leads.length === 0) return
      const quoted = escapeUnicode(JSON.stringify(deliveryOf(world, leads, note)))
      // Some apps get ids as bare numbers.
      const body = hasNumbers ? quoted.replace(/"(\w+_id)":"(\d+)"/g, '"$1":$2') : quoted
      sendUntilTaken(world, {
        vendor: 'meta',
        method: 'POST',
        url: hook,
        body,
        headers: (wrong) => ({
          'content-type': 'application/json',
          'x-hub-signature-256': signDelivery(wrong ? 'another-secret' : APP.secret, body),
        }),
        timeoutMs: TIMEOUT_MS,
      })
    },
    clear: () => void (hook = ''),
  }
}

/** `sha256=hex(HMAC-SHA256(app secret, raw body))`. */
export function signDelivery(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Everything but ASCII as `\u` and four small hex digits: the form that Meta sends and signs. */
export function escapeUnicode(body: string): string {
  return body.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function deliveryOf(world: World, leads: Lead[], note: string | undefined) {
  return {
    object: 'page',
    entry: [
      {
        id: PAGE.id,
        time: Math.floor(world.now() / 1000),
        changes: leads.map((lead) => ({
          field: 'leadgen',
          value: {
            leadgen_id: lead.id,
            page_id: PAGE.id,
            form_id: lead.formId,
            adgroup_id: '6100000000000001',
            ad_id: '6000000000000001',
            created_time: Math.floor(lead.createdAt / 1000),
            ...(note !== undefined && { note }),
          },
        })),
      },
    ],
  }
}
