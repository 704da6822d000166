// What a shop says of itself and what the law has it ask: kept in the transaction that heard it, acted on afterwards.
import type { RequestWord, ShopItselfWord } from '../../connectors/index.ts'
import type { Db } from '../../platform/postgres.ts'
import { insertRequest } from './store/requests.ts'
import { noteUninstalled } from './store/shops.ts'
import { wakeSync } from './store/syncs.ts'

/** What the law gives a request: https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance */
const REQUEST_DAYS = 30

/** Keeps a word. @returns the id of a request that is new, else null */
export async function hearShop(
  tx: Db,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
  word: ShopItselfWord | RequestWord,
  now: Date,
): Promise<string | null> {
  if (word.kind === 'request') {
    const dueAt = new Date(now.getTime() + REQUEST_DAYS * 86_400_000)
    return insertRequest(tx, { workspaceId, connectionId, word, receivedAt: now, dueAt })
  }
  if (word.act === 'uninstalled') await noteUninstalled(tx, workspaceId, connectionId, now)
  if (word.act === 'file_ready') await wakeSync(tx, workspaceId, connectionId, word.operationId ?? '', now)
  return null
}
