// The engine's sessions: each runs one query at a time, so there are several, and two are kept for inserts and point reads.
import { Session } from 'chdb'
import { EngineError, paramsAskedBy, quote } from './chdb-request.ts'

/** What a query needs from its session. */
export interface SessionState {
  database: string
  settings: Readonly<Record<string, string>>
  params: Readonly<Record<string, string>>
}

/** A session taken for one query. */
export interface Lane {
  session: Session
  /** Brings the session to the state of a request; parameters are bound here, each by `SET param_name`. */
  prepare(state: SessionState, sql: string): Promise<void>
  /** Gives the session back; `spoiled` throws it away instead, where its state is not known. */
  release(spoiled?: boolean): void
}

// Six for reads and DDL at once, and two more for inserts and for reads that declare at most 5 s.
export const LANES = 8
const KEPT = 2

/** Opens sessions on one data folder as they are needed, so that an insert never waits behind a report. */
export class Sessions {
  private readonly free: OpenSession[] = []
  private readonly waiting: { urgent: boolean; take: () => void }[] = []
  private busy = 0
  // Always open: the engine shuts down with its last session, and each start anew leaves four threads and 1 MB behind.
  private readonly anchor: Session
  private cancelling: Promise<unknown> = Promise.resolve()
  private readonly folder: string
  private readonly args: string[]
  private readonly base: Readonly<Record<string, string>>

  constructor(folder: string, args: string[], base: Readonly<Record<string, string>>) {
    this.folder = folder
    this.args = args
    this.base = base
    this.anchor = new Session(folder, { connectionArgs: args })
  }

  /** A session, as soon as one may be had. */
  async take(urgent: boolean): Promise<Lane> {
    if (this.busy >= this.places(urgent)) {
      await new Promise<void>((resolve) => this.waiting.push({ urgent, take: resolve }))
    } else {
      this.busy++
    }
    let open: OpenSession
    try {
      open = this.free.pop() ?? new OpenSession(new Session(this.folder, { connectionArgs: this.args }))
    } catch (error) {
      this.giveBack()
      throw error
    }
    return {
      session: open.session,
      prepare: (state, sql) => open.prepare({ ...state, settings: { ...this.base, ...state.settings } }, sql),
      release: (spoiled = false) => {
        if (spoiled) open.session.close()
        else this.free.push(open)
        this.giveBack()
      },
    }
  }

  /**
   * Ends the query that holds `mark` in its text; without effect where it has ended by itself. ASYNC, since SYNC was
   * seen to hang (https://clickhouse.com/docs/sql-reference/statements/kill).
   */
  async cancel(mark: string): Promise<void> {
    const kill = `KILL QUERY WHERE position(query, ${quote(mark)}) > 0 AND query NOT ILIKE 'kill%' ASYNC`
    this.cancelling = this.cancelling
      .then(() => this.anchor.queryAsync(kill, { format: 'Null' }))
      .catch(() => undefined)
    await this.cancelling
  }

  close(): void {
    for (const open of this.free.splice(0)) open.session.close()
    this.anchor.close()
  }

  private places(urgent: boolean): number {
    return urgent ? LANES : LANES - KEPT
  }

  // The place goes straight to the next that may have it, so that a newcomer cannot overtake.
  private giveBack(): void {
    const urgent = this.waiting.findIndex((one) => one.urgent)
    const next = urgent >= 0 ? urgent : this.busy <= LANES - KEPT ? 0 : -1
    const [one] = next < 0 ? [] : this.waiting.splice(next, 1)
    if (one === undefined) this.busy--
    else one.take()
  }
}

/** A session and what was set on it, so that only differences are set again. */
class OpenSession {
  readonly session: Session
  private database = 'default'
  private settings: Record<string, string> = {}
  private params: Record<string, string> = {}

  constructor(session: Session) {
    this.session = session
  }

  async prepare(state: SessionState, sql: string): Promise<void> {
    // A parameter cannot be taken back from a session, so one left by an earlier query must not be found.
    const lacking = paramsAskedBy(sql).find((name) => name in this.params && !(name in state.params))
    if (lacking !== undefined) {
      throw new EngineError(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${lacking}\` is not set.`)
    }
    const words = [
      ...Object.entries(state.settings)
        .filter(([name, value]) => this.settings[name] !== value)
        .map(([name, value]) => `${name} = ${quote(value)}`),
      ...Object.keys(this.settings)
        .filter((name) => !(name in state.settings))
        .map((name) => `${name} = DEFAULT`),
      ...Object.entries(state.params)
        .filter(([name, value]) => this.params[name] !== value)
        .map(([name, value]) => `param_${name} = ${quote(value)}`),
    ]
    const statements = [
      ...(words.length > 0 ? [`SET ${words.join(', ')}`] : []),
      ...(this.database === state.database ? [] : [`USE \`${state.database.replaceAll(/[\\`]/g, '\\$&')}\``]),
    ]
    if (statements.length === 0) return
    await this.session.queryAsync(statements.join('; '))
    this.settings = { ...state.settings }
    this.params = { ...this.params, ...state.params }
    this.database = state.database
  }
}
