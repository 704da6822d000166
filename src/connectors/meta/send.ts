// The calls of Meta's Conversions API: batches, halved where one event costs the rest; and what its errors mean. Pure.
import type { Linked } from '../connector.ts'
import { asObject, objectOf, outcomeOf, wordsOf } from '../exchange.ts'
import type { Answer, Exchange, Outcome } from '../exchange.ts'
import type { CheckResult } from '../connector.ts'
import type { MetaSettings } from './index.ts'

/** Pinned here, since Meta's own package lies behind: https://developers.facebook.com/docs/graph-api/changelog */
export const VERSION = 'v26.0'

/** Calls that a batch may cost: enough to find three bad events among 1,000. More are found the next times. */
const CALLS = 64
/** And so long it rests then. */
const REST_MS = 60_000

/**
 * Sends events, 1,000 at most. Meta takes a batch whole or not at all: one that is refused is sent again in halves, until the event
 * that is to blame is alone, or until it has cost 64 calls: what is undecided then comes later.
 */
export function* sendEvents(
  payloads: readonly Record<string, unknown>[],
  linked: Linked<MetaSettings>,
  testCode?: string,
): Exchange<Outcome[]> {
  const { datasetId, accessToken } = linked.settings
  const outcomes = new Array<Outcome>(payloads.length)
  const pieces = [{ from: 0, until: payloads.length }]
  for (let calls = 0; pieces.length > 0; calls++) {
    const { from, until } = pieces.pop()!
    if (calls >= CALLS) {
      outcomes.fill({ kind: 'later', words: UNDECIDED, afterMs: REST_MS }, from, until)
      continue
    }
    const data = payloads.slice(from, until)
    const answer: Answer = yield {
      method: 'POST',
      path: `/${VERSION}/${datasetId}/events`,
      headers: { authorization: `Bearer ${accessToken}` },
      body: { json: { data, ...(testCode && { test_event_code: testCode }) } },
    }
    const outcome = meaningOf(answer)
    const isDivisible = outcome.kind === 'refused' && data.length > 1 && isAboutEvents(answer)
    if (!isDivisible) {
      outcomes.fill(outcome, from, until)
      continue
    }
    const middle = from + Math.ceil(data.length / 2)
    pieces.push({ from: middle, until }, { from, until: middle })
  }
  return outcomes
}

const UNDECIDED = 'It travelled with events that Meta refuses, and is asked for alone later.'

/** Reads the dataset's name, which takes the same token. */
export function* checkDataset({ settings }: Linked<MetaSettings>): Exchange<CheckResult> {
  const answer = yield {
    method: 'GET',
    path: `/${VERSION}/${settings.datasetId}`,
    query: { fields: 'id,name' },
    headers: { authorization: `Bearer ${settings.accessToken}` },
    isRepeatable: true,
  }
  const outcome = meaningOf(answer)
  if (outcome.kind === 'sent') {
    const name = objectOf(answer)?.name
    return { ok: true, account: typeof name === 'string' ? name : settings.datasetId }
  }
  if (outcome.kind === 'reauthorise') {
    return {
      ok: false,
      isAuthorisation: true,
      problem: `Meta does not accept the access token: make a new one in Events Manager under Settings, and enter it here. It said: ${messageOf(answer)}`,
    }
  }
  return {
    ok: false,
    problem:
      outcome.kind === 'refused'
        ? `Meta refused: ${messageOf(answer)} Compare the dataset id, and whether the token may manage this dataset.`
        : `Meta cannot be asked right now: ${messageOf(answer)}`,
  }
}

// https://developers.facebook.com/docs/graph-api/guides/error-handling
const PASSING = new Set([1, 2, 4, 17, 32, 341, 613])
const RIGHTS_GONE = new Set([102, 104, 190])
/** The subcode of an object in the path that does not exist, or that the token may not see. */
const UNKNOWN_OBJECT = 33

/** What an answer of the Graph means: its error codes say more than the status. */
export function meaningOf(answer: Answer): Outcome {
  const error = errorOf(answer)
  if (!error) {
    const outcome = outcomeOf(answer)
    return outcome.kind === 'sent' && !objectOf(answer)
      ? { kind: 'unknown', words: wordsOf(answer) }
      : outcome
  }
  const words = wordsOf(answer)
  const code = Number(error.code)
  if (RIGHTS_GONE.has(code)) return { kind: 'reauthorise', words }
  if (error.is_transient === true || PASSING.has(code) || (code >= 80_000 && code <= 80_014))
    return { kind: 'later', words }
  return outcomeOf(answer)
}

// Rights and unknown datasets are not put right by a smaller batch.
function isAboutEvents(answer: Answer): boolean {
  const { code, error_subcode: subcode } = errorOf(answer) ?? {}
  const isAboutDataset = Number(subcode) === UNKNOWN_OBJECT
  return answer.kind === 'answered' && answer.status === 400 && Number(code) === 100 && !isAboutDataset
}

function errorOf(answer: Answer): Record<string, unknown> | null {
  return asObject(objectOf(answer)?.error)
}

/** What Meta says to people. */
export function messageOf(answer: Answer): string {
  const error = errorOf(answer)
  const said = error?.error_user_msg ?? error?.message
  return typeof said === 'string' ? said : wordsOf(answer)
}
