// The inbox as people look at it: pages of messages with what became of them, and what changes while they look.
import type { RawBuilder } from 'kysely'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { STATUS } from '../store.ts'

/** A message with its lead and the state of its batch. */
export interface ViewRow {
  id: string
  receivedAt: Date
  status: number
  /** ClickHouse confirmed the event; closed batches are forgotten after a while */
  stored: boolean
  reason: string | null
  source: string
  lane: number
  messageId: string
  leadId: string | null
  leadLabel: string | null
  trace: string | null
  payload: string
}

export interface ViewQuestion {
  status: keyof typeof STATUS | undefined
  leadId: string | undefined
  /** regular expression over the payload, and the exact message id */
  search: { payload: string; messageId: string } | undefined
  /** older than this message */
  before: string | undefined
  limit: number
}

/** No index leads to a name or a lead: so many messages are looked through at a time, 0.3 s at most. */
export const LOOK_BACK = 50_000

/** Messages of a workspace, newest first; a search looks through the newest `LOOK_BACK` only. */
export async function readMessages(db: Db, workspaceId: string, question: ViewQuestion): Promise<ViewRow[]> {
  const { leadId, search, limit } = question
  const scope = scopeOf(workspaceId, question)
  if (!leadId && !search) {
    return rows(
      db,
      sql`select ${columns} from inbox i ${joins} where ${scope} order by i.id desc limit ${limit}`,
    )
  }
  const wanted = [
    ...(leadId ? [sql`i.lead_id = ${leadId}`] : []),
    ...(search ? [sql`(i.message_id = ${search.messageId} or i.payload ~* ${search.payload})`] : []),
  ]
  return rows(
    db,
    sql`select ${columns} from (
          select * from inbox i where ${scope} order by i.id desc limit ${LOOK_BACK}
        ) i ${joins} where ${sql.join(wanted, sql` and `)} order by i.id desc limit ${limit}`,
  )
}

/** The last message that a search looked through, where it could not look through all. */
export async function readSearchEnd(
  db: Db,
  workspaceId: string,
  question: ViewQuestion,
): Promise<{ id: string; receivedAt: Date } | undefined> {
  const [last, next] = await rows<{ id: string; receivedAt: Date }>(
    db,
    sql`select i.id, i.received_at as "receivedAt" from inbox i where ${scopeOf(workspaceId, question)}
        order by i.id desc offset ${LOOK_BACK - 1} limit 2`,
  )
  return next && last
}

/** What of a message changes with time. */
export interface MessageState {
  id: string
  receivedOn: string
  status: number
  stored: boolean
}

/** The newest messages since an id, newest first. */
export async function readNewest(
  db: Db,
  workspaceId: string,
  since: { id: string; receivedOn: string },
  limit: number,
): Promise<MessageState[]> {
  return rows(
    db,
    sql`select ${stateColumns} from inbox i left join batches b on b.id = i.batch_id
        where i.workspace_id = ${workspaceId} and i.id > ${since.id} and i.received_on >= ${since.receivedOn}::date
        order by i.id desc limit ${limit}`,
  )
}

/** How messages stand now. */
export async function readStates(
  db: Db,
  workspaceId: string,
  known: MessageState[],
): Promise<MessageState[]> {
  if (known.length === 0) return []
  return rows(
    db,
    sql`select ${stateColumns} from inbox i left join batches b on b.id = i.batch_id where ${among(workspaceId, known)}`,
  )
}

/** Whole messages, oldest first. */
export async function readWhole(db: Db, workspaceId: string, known: MessageState[]): Promise<ViewRow[]> {
  if (known.length === 0) return []
  return rows(
    db,
    sql`select ${columns} from inbox i ${joins} where ${among(workspaceId, known)} order by i.id`,
  )
}

/** Lets parked and dropped messages wait again; those of erased people are empty and stay where they are. @returns how many */
export async function waitAgain(tx: Db, workspaceId: string, ids: string[]): Promise<number> {
  return run(
    tx,
    sql`update inbox set status = ${STATUS.waiting}, reason = null, lead_id = null, batch_id = null, trace = null
        where workspace_id = ${workspaceId} and id = any(${ids}::uuid[]) and status in (${STATUS.dropped}, ${STATUS.parked})
          and reason is distinct from 'lead_erased'`,
  )
}

/** When the newest message came. */
export async function readLastArrival(db: Db, workspaceId: string): Promise<Date | null> {
  const last = await firstRow<{ at: Date }>(
    db,
    sql`select received_at as at from inbox where workspace_id = ${workspaceId} order by id desc limit 1`,
  )
  return last?.at ?? null
}

const stored = sql`(i.status = ${STATUS.logged} and (b.id is null or b.closed_at is not null)
  and not exists (select 1 from refused_events r where r.event_id = i.id))`

const stateColumns = sql`i.id, i.received_on as "receivedOn", i.status, ${stored} as stored`

// A lead that was merged since is called what it is part of now.
const columns = sql`i.id, i.received_at as "receivedAt", i.status, ${stored} as stored, i.reason, i.source, i.lane,
  i.message_id as "messageId", i.lead_id as "leadId", i.trace, i.payload,
  coalesce(nullif(btrim(coalesce(l.first_name, '') || ' ' || coalesce(l.last_name, '')), ''), l.email, l.phone,
    case when l.is_known then 'Lead ' else 'Visitor ' end || right(l.id::text, 6)) as "leadLabel"`

const joins = sql`left join batches b on b.id = i.batch_id
  left join leads w on w.id = i.lead_id
  left join leads l on l.id = coalesce(w.merged_into, w.id)`

function scopeOf(workspaceId: string, { before, status }: ViewQuestion): RawBuilder<unknown> {
  return sql`i.workspace_id = ${workspaceId} ${before ? sql`and i.id < ${before}` : sql``} ${statusSql(status)}`
}

function statusSql(status: ViewQuestion['status']): RawBuilder<unknown> {
  if (status === undefined) return sql``
  // The second condition is what the partial index of troubled messages asks for.
  return STATUS[status] >= 2
    ? sql`and i.status = ${STATUS[status]} and i.status >= 2`
    : sql`and i.status = ${STATUS[status]}`
}

function among(workspaceId: string, known: MessageState[]): RawBuilder<unknown> {
  const days = [...new Set(known.map((message) => message.receivedOn))]
  return sql`i.workspace_id = ${workspaceId} and i.received_on = any(${days}::date[]) and i.id = any(${known.map((message) => message.id)}::uuid[])`
}
