// One question to the Admin API: where it goes, and what its answer means, since Shopify answers 200 whatever went wrong.
import { asObject, objectOf, outcomeOf, wordsOf } from '../exchange.ts'
import type { Answer, Exchange, Outcome } from '../exchange.ts'
import type { Asked } from '../shop.ts'
import { VERSION } from './documents.ts'

/**
 * Asks in GraphQL. A question that was throttled is `later` with the wait that the bucket needs; rights that are missing are
 * `refused`, a token that is no longer taken is `reauthorise`.
 */
export function* ask(
  query: string,
  variables: Record<string, unknown> = {},
): Exchange<Asked<Record<string, unknown>>> {
  const isMutation = /^\s*mutation\b/.test(query)
  const answer = yield {
    method: 'POST',
    path: `/admin/api/${VERSION}/graphql.json`,
    body: { json: { query, variables } },
    timeoutMs: 30_000,
    isRepeatable: !isMutation,
  }
  return read(answer, isMutation)
}

/** As `ask`, for a mutation: what it refuses in `userErrors` is an outcome, too. @returns the field's own object */
export function* change(
  query: string,
  field: string,
  variables: Record<string, unknown>,
): Exchange<Asked<Record<string, unknown>>> {
  const asked = yield* ask(query, variables)
  if (!asked.ok) return asked
  const result = asObject(asked.value[field]) ?? {}
  const errors = listOf(result.userErrors)
  if (errors.length === 0) return { ok: true, value: result }
  return { ok: false, outcome: { kind: 'refused', words: errors.map(messageOf).join(' ').slice(0, 1_000) } }
}

/** An array of objects, whatever it was. */
export function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return []
  return value.map((one: unknown) => asObject(one)).filter((one) => one !== null)
}

function read(answer: Answer, isMutation: boolean): Asked<Record<string, unknown>> {
  const outcome = outcomeOf(answer, { isUnknownAfter5xx: isMutation })
  if (outcome.kind !== 'sent') return { ok: false, outcome: explained(answer, outcome) }
  const body = objectOf(answer)
  const errors = listOf(body?.errors)
  const data = asObject(body?.data)
  if (data && errors.length === 0) return { ok: true, value: data }
  const words = errors.length > 0 ? errors.map(messageOf).join(' ') : wordsOf(answer)
  const codes = errors.map((error) => asObject(error.extensions)?.code)
  if (codes.includes('THROTTLED'))
    return { ok: false, outcome: { kind: 'later', words, afterMs: waitOf(body) } }
  if (codes.includes('INTERNAL_SERVER_ERROR'))
    return { ok: false, outcome: { kind: isMutation ? 'unknown' : 'later', words } }
  if (errors.length === 0 && isMutation) return { ok: false, outcome: { kind: 'unknown', words } }
  return {
    ok: false,
    outcome: { kind: errors.length === 0 ? 'later' : 'refused', words: words.slice(0, 1_000) },
  }
}

type Trouble = Exclude<Outcome, { kind: 'sent' }>

// 402, 404 and 423 speak of the shop, not of the question.
function explained(answer: Answer, outcome: Trouble): Trouble {
  if (answer.kind !== 'answered') return outcome
  const about = ABOUT_THE_SHOP[answer.status]
  return about ? { ...outcome, words: `${about} ${outcome.words}`.slice(0, 1_000) } : outcome
}

const ABOUT_THE_SHOP: Record<number, string> = {
  402: 'The shop is frozen until its owner pays Shopify.',
  404: 'Shopify knows no shop of this address.',
  423: 'The shop is locked.',
}

// https://shopify.dev/docs/api/usage/limits: the bucket must hold the whole cost before the question is answered.
function waitOf(body: Record<string, unknown> | null): number | undefined {
  const cost = asObject(asObject(body?.extensions)?.cost)
  const status = asObject(cost?.throttleStatus)
  const missing = Number(cost?.requestedQueryCost) - Number(status?.currentlyAvailable)
  const waitMs = (missing / Number(status?.restoreRate)) * 1000
  return Number.isFinite(waitMs) ? Math.min(60_000, Math.max(500, Math.ceil(waitMs))) : undefined
}

function messageOf(error: Record<string, unknown>): string {
  return typeof error.message === 'string' ? error.message : 'No reason was given.'
}
