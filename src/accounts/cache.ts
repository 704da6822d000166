// What every call asks about keys, sessions and settings, remembered for some seconds in this process.
import { LRUCache } from 'lru-cache'
import type { Db } from '../platform/postgres.ts'
import type { WriteKeyTarget, WorkspaceProfile } from './store/workspaces.ts'
import type { Membership } from './store/workspaces.ts'
import type { KnownKey } from './store/keys.ts'

/** How long another process may go on with what was revoked here. */
export const REMEMBERED_MS = 5_000

/** Answers by key; a question in flight is asked once, and a failed one is forgotten. */
export interface Remembered<T> {
  get(key: string, ask: () => Promise<T>): Promise<T>
  forget(): void
}

export interface Memory {
  apiKeys: Remembered<KnownKey | undefined>
  writeKeys: Remembered<WriteKeyTarget | undefined>
  workspaces: Remembered<WorkspaceProfile | undefined>
  memberships: Remembered<Membership[]>
  sessions: Remembered<{ userId: string; sessionId: string } | undefined>
}

/** The memory that belongs to a database; a transaction remembers nothing, for it sees what nobody else sees yet. */
export function memoryOf(db: Db): Memory {
  if (db.isTransaction) return forgetful
  let memory = memories.get(db)
  if (!memory) {
    memory = {
      apiKeys: remembered(5_000),
      writeKeys: remembered(5_000),
      workspaces: remembered(2_000),
      memberships: remembered(5_000),
      sessions: remembered(10_000),
    }
    memories.set(db, memory)
  }
  return memory
}

/** Drops all that is remembered, after a change: changes are rare, and asking again is cheap. */
export function forget(db: Db): void {
  const memory = memories.get(db)
  if (memory) for (const part of Object.values(memory) as { forget(): void }[]) part.forget()
}

const memories = new WeakMap<Db, Memory>()

function remembered<T>(max: number): Remembered<T> {
  const answers = new LRUCache<string, Promise<T>>({ max, ttl: REMEMBERED_MS })
  return {
    get(key, ask) {
      const known = answers.get(key)
      if (known) return known
      const asked = ask()
      answers.set(key, asked)
      asked.catch(() => {
        if (answers.peek(key) === asked) answers.delete(key)
      })
      return asked
    },
    forget: () => answers.clear(),
  }
}

const asksAgain = { get: <T>(_key: string, ask: () => Promise<T>) => ask(), forget: () => undefined }
const forgetful: Memory = {
  apiKeys: asksAgain,
  writeKeys: asksAgain,
  workspaces: asksAgain,
  memberships: asksAgain,
  sessions: asksAgain,
}
