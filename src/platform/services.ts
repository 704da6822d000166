// What every module is handed: the stores, the clock, the settings, the key and the log of this process.
import type { Logger } from 'pino'
import type { ClickHouse } from './clickhouse.ts'
import type { Db } from './postgres.ts'
import type { Settings } from './settings.ts'

/** Tells the time; tests hand in their own. */
export type Clock = () => Date

export interface Services {
  db: Db
  clickhouse: ClickHouse
  clock: Clock
  settings: Settings
  /** the installation's 32-byte key, under which secrets are sealed */
  secretKey: Uint8Array
  log: Logger
}
