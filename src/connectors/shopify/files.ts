// Bulk operations: Shopify writes everything that a query asks for into a file of JSON lines, and says when it is there.
import type { Exchange } from '../exchange.ts'
import { asObject } from '../exchange.ts'
import type { Asked, FileState, ShopFileKind } from '../shop.ts'
import { ask, change } from './ask.ts'
import { CANCEL_FILE, FILE_STATE, START_FILE, fileQuery } from './documents.ts'
import { instantOf, wholeOf } from './values.ts'

/**
 * Begins a file. Up to five may be written for a shop at once: one that has to wait for its turn is `later`.
 * @returns the id of the operation
 */
export function* startFile(kind: ShopFileKind, since: string | null): Exchange<Asked<string>> {
  const asked = yield* change(START_FILE, 'bulkOperationRunQuery', { query: fileQuery(kind, since) })
  if (!asked.ok) {
    const isBusy = /in progress|limit/i.test(asked.outcome.words)
    return asked.outcome.kind === 'refused' && isBusy
      ? { ok: false, outcome: { kind: 'later', words: asked.outcome.words, afterMs: 30_000 } }
      : asked
  }
  const id = asObject(asked.value.bulkOperation)?.id
  if (typeof id === 'string') return { ok: true, value: id }
  return { ok: false, outcome: { kind: 'later', words: 'Shopify named no operation.' } }
}

/** How the file fares. Its address works for seven days. */
export function* fileState(id: string): Exchange<Asked<FileState>> {
  const asked = yield* ask(FILE_STATE, { id })
  if (!asked.ok) return asked
  const operation = asObject(asked.value.bulkOperation)
  if (!operation) return state({ state: 'lost', words: 'Shopify has forgotten the file.' })
  const records = wholeOf(operation.rootObjectCount)
  switch (operation.status) {
    case 'CREATED':
    case 'RUNNING':
      return state({ state: 'writing', records })
    case 'COMPLETED':
      return state({
        state: 'ready',
        // An empty result has no file.
        url: typeof operation.url === 'string' ? operation.url : null,
        bytes: Math.max(0, Number(operation.fileSize ?? 0)) || 0,
        records,
        at: instantOf(operation.createdAt) ?? '',
      })
    case 'EXPIRED':
    case 'CANCELED':
    case 'CANCELING':
      return state({ state: 'lost', words: 'Shopify gave up the file.' })
    default:
      if (operation.errorCode === 'ACCESS_DENIED')
        return state({
          state: 'failed',
          words: 'The shop has not given the rights to read this. Connect it again and agree to all of them.',
        })
      return state({ state: 'lost', words: 'Shopify could not write the file.' })
  }
}

export function* cancelFile(id: string): Exchange<void> {
  yield* change(CANCEL_FILE, 'bulkOperationCancel', { id })
}

function state(value: FileState): Asked<FileState> {
  return { ok: true, value }
}
