// What projections are handed and what they give: the history of a lead, its inputs, and the columns of its state; pure.
import type { SubjectEvent } from '../conditions/index.ts'
import type { FactState, LeadSubject } from '../leads/index.ts'
import type { Category } from '../events/contract.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { Db } from '../platform/postgres.ts'

/** Kinds of rules that a workspace edits; each has versions of its own. */
export const ruleKinds = ['score', 'score_scale', 'lifecycle', 'attribution', 'journey'] as const
export type RuleKind = (typeof ruleKinds)[number]

/** A version of a workspace's rules of one kind, from 1; the highest is in force. Version 0 are the defaults in code. */
export interface RuleSet<Rules> {
  version: number
  rules: Rules
  adoptedAt: Date
  actor: string
  note: string
}

/** Stages of a lead, in their order. */
export const stages = ['new', 'contacted', 'qualified', 'engaged', 'opportunity', 'customer'] as const
export type Stage = (typeof stages)[number]

/**
 * An act of a lead or of those merged into it. Edits of the record (category `record`) are not in a history. Instants are ms
 * since 1970; what is dated after it came in counts from when it came in.
 */
export type HistoryEvent = Partial<Omit<SubjectEvent, 'name' | 'occurredAt' | 'isBot'>> & {
  eventId: string
  at: number
  receivedAt: number
  /** days since 1970 in the workspace's time zone */
  day: number
  name: string
  category: Category
  call: string
  isBot: boolean
  channel: string
  source: string
  utmSource: string
  utmMedium: string
  utmCampaign: string
  sessionStart: boolean
  pagePath: string
  device: string
  country: string
  valueMinor: number
  currency: string
  /** what it was about, for caps per thing and day: a product, a link, or the page */
  asset: string
}

/** An order of a lead, as it stands; amounts in minor units. */
export interface HistoryOrder {
  orderId: string
  externalId: string
  placedAt: number
  cancelledAt: number | null
  isTest: boolean
  status: string
  currency: string
  totalMinor: number
  subtotalMinor: number
  shippingMinor: number
  taxMinor: number
  refundedMinor: number
}

/** A stage that a person set. */
export interface ManualMove {
  moveId: string
  at: number
  /** the stage that was shown when it was decided */
  seen: Stage
  to: Stage
  reason: string
  /** `user:<id>` or `key:<id>` */
  actor: string
  amountMinor: number | null
  currency: string | null
}

/** All that a lead's state is made of: nothing else may decide about it but the rules. */
export interface LeadHistory {
  leadId: string
  workspaceId: string
  /** when the record was made; a record is dated by whichever event came in first, so the earliest event where that was before */
  createdAt: number
  /** the record, its consents, activity and orders as conditions read them */
  subject: LeadSubject
  /** in the order of (at, eventId) */
  events: readonly HistoryEvent[]
  /** those of merged leads too, in the order of (placedAt, orderId) */
  orders: readonly HistoryOrder[]
  /** in the order of (at, moveId) */
  moves: readonly ManualMove[]
}

/** What a pass keeps of a lead: the columns of `lead_facts`, and what only its own page needs. */
export interface LeadState {
  facts: FactState
  /** by projection */
  details: Record<string, unknown>
}

/** Where a history's days begin. */
export interface HistoryScope {
  workspaceId: string
  /** IANA */
  timeZone: string
}

/** What of events is read only where rules ask for it, since it is long: properties of all, or of the events of one name. */
export type EventNeed = 'pageUrl' | 'pageTitle' | 'referrer' | 'properties' | { propertiesOf: string }

/** A turn of the pass: leads of one workspace, and the transaction in which they are understood. */
export interface Turn {
  tx: Db
  clickhouse: ClickHouse
  workspaceId: string
  /** IANA */
  timeZone: string
  /** the workspace's own: ISO 4217 */
  currency: string
  now: Date
  /** bulk: what imports and bulk work changed, and what is filled anew */
  lane: 'live' | 'bulk'
}

/** A lead of a turn, as far as the projections before have understood it. */
export interface Understood {
  history: LeadHistory
  /** as it is becoming */
  state: LeadState
  /** as it was; undefined where it was not understood before */
  before: (LeadState & { computedAt: Date }) | undefined
}

/** What a projection says of a lead. */
export interface Folded {
  facts: FactState
  details?: unknown
}

/** A projection as the pass works it, with the workspace's rules read. */
export interface Prepared {
  needs: readonly EventNeed[]
  /**
   * Pure: of the history, the rules, and the state that the projections before have made.
   * @param earlier what those before say of a part of the history, for whoever asks how things stood at a moment
   */
  fold(history: LeadHistory, state: Readonly<LeadState>, earlier: (part: LeadHistory) => FactState): Folded
  /** The same of many leads at once, in their order, where that costs less; it may not differ from `fold`. */
  foldSet?(parts: readonly { history: LeadHistory; state: Readonly<LeadState> }[]): Folded[]
  /** Writes in sets what `lead_states` does not have, while the others write theirs. */
  save?(understood: readonly Understood[]): Promise<void>
  /** Takes back what `save` wrote of leads that are part of others now, or no more. */
  forget?(leadIds: readonly string[]): Promise<void>
}

export interface Projection {
  /** under which `details` keeps what it says */
  name: string
  prepare(turn: Turn): Promise<Prepared>
}
