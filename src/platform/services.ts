// What every module is handed: the stores, the clock, the settings and the log of this process.
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
  log: Logger
}
