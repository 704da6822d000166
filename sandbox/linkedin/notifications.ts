// Lead notifications of LinkedIn: webhooks that prove themselves, again every two hours, and only then are told anything.
import { createHmac } from 'node:crypto'
import { parseJson, isObject } from '../frame/call.ts'
import { sendUntilTaken } from '../frame/retry.ts'
import type { World } from '../frame/world.ts'
import { ACCOUNT, formUrn } from './leads.ts'
import type { Response } from './leads.ts'

export interface Subscription {
  id: number
  webhook: string
  leadType: string
  state: 'NOT_VALIDATED' | 'VALIDATED' | 'BLOCKED'
  /** challenges in a row that failed */
  failures: number
  validatedAt: number | null
}

export interface Notifications {
  list(): Subscription[]
  /** Subscribes, and challenges the webhook at once. */
  add(webhook: string, leadType: string): Promise<Subscription>
  remove(id: number): boolean
  /** Challenges all webhooks now, as happens every two hours. */
  challengeAll(): Promise<void>
  /** Tells every webhook that is validated; those whose time has come are challenged before. */
  tell(lead: Response, action: 'CREATED' | 'DELETED', inSeconds?: boolean): Promise<void>
  clear(): void
}

const EVERY_MS = 2 * 3_600_000
const CHALLENGE_TIMEOUT_MS = 3000
const PUSH_TIMEOUT_MS = 5000
const MAX_FAILURES = 3

export function createNotifications(world: World, secret: string, applicationId: string): Notifications {
  let subscriptions: Subscription[] = []
  let lastId = 900_000

  const challenge = async (subscription: Subscription) => {
    const code = codeOf(world)
    const target = new URL(subscription.webhook)
    target.searchParams.set('challengeCode', code)
    target.searchParams.set('applicationId', applicationId)
    const sent = await world.send({
      vendor: 'linkedin',
      method: 'GET',
      url: target.href,
      body: '',
      headers: () => ({}),
      timeoutMs: CHALLENGE_TIMEOUT_MS,
    })
    const answer = parseJson(sent.body)
    const isRight =
      sent.status === 200 &&
      isObject(answer) &&
      answer.challengeCode === code &&
      answer.challengeResponse === signChallenge(secret, code)
    if (isRight)
      return Object.assign(subscription, { state: 'VALIDATED', failures: 0, validatedAt: world.now() })
    subscription.failures++
    if (subscription.failures >= MAX_FAILURES) subscription.state = 'BLOCKED'
    return subscription
  }

  const challengeDue = async (isDue: (subscription: Subscription) => boolean) => {
    for (const subscription of subscriptions.filter(isDue)) await challenge(subscription)
  }

  const notifications: Notifications = {
    list: () => subscriptions,
    async add(webhook, leadType) {
      const made: Subscription = {
        id: ++lastId,
        webhook,
        leadType,
        state: 'NOT_VALIDATED',
        failures: 0,
        validatedAt: null,
      }
      subscriptions = [...subscriptions, made]
      await challenge(made)
      return made
    },
    remove(id) {
      const before = subscriptions.length
      subscriptions = subscriptions.filter((each) => each.id !== id)
      return subscriptions.length < before
    },
    challengeAll: () => challengeDue(({ state }) => state !== 'BLOCKED'),
    async tell(lead, action, inSeconds = false) {
      await challengeDue(
        ({ state, validatedAt }) => state === 'VALIDATED' && world.now() >= (validatedAt ?? 0) + EVERY_MS,
      )
      const body = JSON.stringify(
        eventOf(lead, action, inSeconds ? Math.floor(world.now() / 1000) : world.now()),
      )
      for (const { webhook, state, failures } of subscriptions)
        if (state === 'VALIDATED' && failures === 0)
          sendUntilTaken(world, {
            vendor: 'linkedin',
            method: 'POST',
            url: webhook,
            body,
            headers: (wrong) => ({
              'content-type': 'application/json',
              'x-li-signature': signEvent(wrong ? 'another-secret' : secret, body),
            }),
            timeoutMs: PUSH_TIMEOUT_MS,
          })
    },
    clear: () => void (subscriptions = []),
  }

  const again = async () => {
    await notifications.challengeAll()
    world.later(EVERY_MS, again)
  }
  world.later(EVERY_MS, again)
  return notifications
}

/** `hex(HMAC-SHA256(client secret, challenge code))`. */
export function signChallenge(secret: string, code: string): string {
  return createHmac('sha256', secret).update(code).digest('hex')
}

/** `hex(HMAC-SHA256(client secret, "hmacsha256=" and the raw body))`. */
export function signEvent(secret: string, body: string): string {
  return createHmac('sha256', secret).update(`hmacsha256=${body}`).digest('hex')
}

function eventOf(lead: Response, leadAction: 'CREATED' | 'DELETED', occurredAt: number) {
  return {
    type: 'LEAD_ACTION',
    leadGenFormResponse: `urn:li:leadGenFormResponse:${lead.id}`,
    leadGenForm: formUrn(lead.formId),
    owner: { sponsoredAccount: ACCOUNT },
    associatedEntity: { associatedCreative: 'urn:li:sponsoredCreative:8101' },
    leadType: 'SPONSORED',
    leadAction,
    occurredAt,
  }
}

function codeOf(world: World): string {
  const digits = world.token(32)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-')
}
