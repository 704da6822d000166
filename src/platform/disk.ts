// How much room there is under a folder, so that what is large is refused before a full disk stops everything else.
import { statfs } from 'node:fs/promises'
import type { Settings } from './settings.ts'

/**
 * What stays free for everything else: on a full disk PostgreSQL opens no connection and cleans nothing up any more. Some
 * sixteen files of its log.
 */
const RESERVE_BYTES = 256 * 2 ** 20

/** Whether the embedded PostgreSQL may take in more of what is large; a server of the user's own says itself when it is full. */
export async function hasRoom({
  databaseUrl,
  dataDir,
}: Pick<Settings, 'databaseUrl' | 'dataDir'>): Promise<boolean> {
  if (databaseUrl !== undefined) return true
  const { bavail, bsize } = await statfs(dataDir)
  return bavail * bsize > RESERVE_BYTES
}
