// What the product would have made of a household's calls, had they come through the inbox: the rows of every table. Pure.
import { foldCarts, foldOrder, orderRow } from '../commerce/index.ts'
import type { Cart, OrderRow } from '../commerce/index.ts'
import { logLine } from '../events/index.ts'
import type { LoggedEvent } from '../events/contract.ts'
import { inbound } from '../flow.ts'
import { peopleChanges } from '../flow-steps.ts'
import type { FlowContext, IdentifiedSubject, Subject } from '../flow-steps.ts'
import { KIND, resolveBatch } from '../identity/index.ts'
import type { Identifier, IdentityChanges, Known, NewIdentity } from '../identity/index.ts'
import type { Arrival } from '../ingest/contract.ts'
import { decidePeople, settleSayings } from '../leads/index.ts'
import type { FactOrders, FactParts, NewPeople, PeopleDecision, SettledField } from '../leads/index.ts'
import { Ended } from '../lib/steps.ts'
import type { ActivityState } from '../projections/activity/contract.ts'
import { foldActivity } from '../projections/activity/index.ts'
import type { DemoCall } from './calls.ts'
import type { RunIds } from './ids.ts'
import type { Lines } from '../lib/lines.ts'

/** Rows of many households, all new, and the lines of their events and facts. */
export interface DecidedRows {
  /** of the log */
  events: Lines
  people: NewPeople
  identity: NewIdentity
  orders: OrderRow[]
  carts: Cart[]
  states: { leadId: string; workspaceId: string; state: ActivityState }[]
  facts: FactParts[]
  /** leads that were merged into others */
  gone: string[]
}

/** @param events where their lines go */
export function noRows(events: Lines): DecidedRows {
  return {
    events,
    people: { leads: [], consents: [], renewals: [], merges: [], sayings: [] },
    identity: { identifiers: [], shares: [], proposals: [] },
    orders: [],
    carts: [],
    states: [],
    facts: [],
    gone: [],
  }
}

/**
 * Decides a household's calls, in their order, as the steps of `flow.ts` decide them in however many batches, and adds what
 * they come to. Nobody outside the household may share an identifier with it.
 * @param context its `tx` is not used: the steps that store are played in memory
 * @param fields the custom fields that the workspace keeps otherwise than they come
 */
export function decideHousehold(
  rows: DecidedRows,
  calls: DemoCall[],
  workspaceId: string,
  context: FlowContext,
  fields: SettledField[],
  ids: RunIds,
): void {
  const subjects: Subject[] = []
  for (const call of calls) {
    const subject = read(arrivalOf(call, workspaceId, context.now, ids.next()), context)
    if (subject) subjects.push(subject)
  }
  const found = identifyAtOnce(subjects, ids) ?? identify(subjects, ids)
  const said = peopleChanges(found.items, found.changes)
  const sayings = settleSayings(said.sayings, fields)
  const decision = decidePeople(
    { ...said, sayings },
    { rows: new Map(), standing: new Map() },
    context.now,
    () => ids.next(),
  )
  for (const merge of decision.merges) merge.before.identifiers = found.handedOver.get(merge.loserId) ?? []
  const orders = foldOrders(found.items, context.now.toISOString(), ids)
  const words = found.items.flatMap((item) => item.cart?.(item.identified.leadId) ?? [])
  const carts = foldCarts([], words, () => ids.next())
  const states = foldStates(found.items, found.rootOf)

  for (const { identified, event } of found.items)
    rows.events.add(logLine({ workspaceId, leadId: identified.leadId, event }, context.batchId))
  for (const entry of decision.report.events) rows.events.add(logLine(entry, context.batchId))
  addPeople(rows, decision)
  for (const identifier of found.known.identifiers.values()) rows.identity.identifiers.push(identifier)
  rows.identity.shares.push(...found.shares)
  rows.identity.proposals.push(...found.changes.proposals)
  for (const saying of sayings) if (saying.words?.custom) rows.people.sayings.push(saying)
  for (const order of orders) rows.orders.push(order)
  for (const cart of carts) rows.carts.push(cart)
  for (const [leadId, state] of states) rows.states.push({ leadId, workspaceId, state })
  addFacts(rows, decision, states, orders, found.rootOf)
}

// Nobody is erased who was never there, and an empty workspace has no connection that anything could be forwarded to.
const STORING = ['refuse_erased', 'identify', 'record_people', 'record_orders', 'project', 'forward', 'log']
const reading = inbound.steps.flatMap((step) => ('each' in step ? [step.each] : []))
const storing = inbound.steps.flatMap((step) => ('batch' in step ? [step.name] : []))
if (storing.join() !== STORING.join())
  throw new Error('src/flow.ts stores in other steps than src/demo/decide.ts knows of')

// The steps that are pure, one after another, exactly as `flow.ts` lists them.
function read(arrival: Arrival, context: FlowContext): Subject | null {
  let item: unknown = arrival
  for (const step of reading) {
    item = step(item as never, context)
    if (item instanceof Ended) return null
  }
  return item as Subject
}

function arrivalOf({ via, message }: DemoCall, workspaceId: string, receivedAt: Date, id: string): Arrival {
  return {
    id,
    receivedOn: '',
    receivedAt,
    workspaceId,
    source: 'demo',
    lane: 'bulk',
    message,
    origin: via === 'server' ? TRUSTED : UNTRUSTED,
  }
}

const TRUSTED = { trusted: true }
const UNTRUSTED = {}

interface Found {
  items: IdentifiedSubject[]
  known: Known
  changes: Pick<IdentityChanges, 'newLeads' | 'becameKnown' | 'merges' | 'proposals'>
  shares: { identifier: Identifier; leadId: string }[]
  /** by merged lead: what identified it until then */
  handedOver: Map<string, { kind: number; value: string }[]>
  /** the lead that an id stands for in the end */
  rootOf: (id: string) => string
}

// Where nobody turns out to be somebody else; else null, and nothing has happened but that ids were given.
function identifyAtOnce(subjects: Subject[], ids: RunIds): Found | null {
  const known: Known = { identifiers: new Map(), leads: new Map(), shares: new Map(), apart: new Set() }
  const claims = subjects.map((subject) => subject.claims)
  const { decided, changes } = resolveBatch(claims, known, () => ids.next())
  if (changes.merges.length > 0) return null
  const items: IdentifiedSubject[] = []
  for (let i = 0; i < subjects.length; i++) {
    const identified = decided[i]
    if (identified) items.push({ ...subjects[i]!, identified })
  }
  const shares = changes.moved.map(({ identifier, from }) => ({ identifier, leadId: from }))
  shares.push(...changes.shared)
  return { items, known, changes, shares, handedOver: new Map(), rootOf: (id) => id }
}

// One item after another, since what identifies a lead at the moment of its merge has to be known.
function identify(subjects: Subject[], ids: RunIds): Found {
  const known: Known = { identifiers: new Map(), leads: new Map(), shares: new Map(), apart: new Set() }
  const changes: Found['changes'] = { newLeads: [], becameKnown: [], merges: [], proposals: [] }
  const items: IdentifiedSubject[] = []
  const shares: Found['shares'] = []
  const handedOver: Found['handedOver'] = new Map()
  const births = new Map<string, Date>()
  const newLeadId = (): string => ids.next()
  for (const subject of subjects) {
    const owners =
      known.leads.size > 1
        ? [...known.identifiers.values()].map(({ leadId, kind, value }) => ({ leadId, kind, value }))
        : []
    const { decided, changes: more } = resolveBatch([subject.claims], known, newLeadId)
    const identified = decided[0]
    if (!identified) continue
    items.push({ ...subject, identified })
    for (const made of more.newLeads) {
      changes.newLeads.push(made)
      births.set(made.lead.id, made.at)
    }
    for (const { identifier, from } of more.moved) shares.push({ identifier, leadId: from })
    for (const share of more.shared) shares.push(share)
    for (const id of more.becameKnown) changes.becameKnown.push(id)
    for (const proposal of more.proposals) changes.proposals.push(proposal)
    for (const merge of more.merges) {
      changes.merges.push(merge)
      // As stored: a lead is as old as the oldest that was merged into it.
      const [bornAt, winner] = [births.get(merge.loserId), known.leads.get(merge.winnerId)]
      if (winner && bornAt && bornAt < winner.createdAt) births.set(winner.id, (winner.createdAt = bornAt))
      const own = owners.filter(({ leadId }) => leadId === merge.loserId)
      handedOver.set(
        merge.loserId,
        own.map(({ kind, value }) => ({ kind: KIND[kind], value })),
      )
    }
  }
  const rootOf = (id: string): string => {
    const lead = known.leads.get(id)
    return !lead || lead.id === id ? id : rootOf(lead.id)
  }
  return { items, known, changes, shares, handedOver, rootOf }
}

function foldOrders(items: IdentifiedSubject[], updatedAt: string, ids: RunIds): OrderRow[] {
  const orders = new Map<string, OrderRow>()
  for (const item of items) {
    const word = item.order(item.identified.leadId)
    if (!word) continue
    const key = `${word.source}|${word.externalId}`
    const before = orders.get(key)
    orders.set(key, before ? foldOrder(before, word, updatedAt) : orderRow(word, ids.next(), updatedAt))
  }
  return [...orders.values()]
}

function foldStates(items: IdentifiedSubject[], rootOf: (id: string) => string): Map<string, ActivityState> {
  const events = new Map<string, LoggedEvent[]>()
  for (const { identified, event } of items) {
    const leadId = rootOf(identified.leadId)
    const own = events.get(leadId)
    if (own) own.push(event)
    else events.set(leadId, [event])
  }
  const states = new Map<string, ActivityState>()
  for (const [leadId, own] of events) {
    const state = foldActivity(null, own)
    if (state) states.set(leadId, state)
  }
  return states
}

function addPeople({ people }: DecidedRows, { fresh, consents, renewals, merges }: PeopleDecision): void {
  for (const row of fresh.values()) people.leads.push(row)
  for (const record of consents) people.consents.push(record)
  for (const renewal of renewals) people.renewals.push(renewal)
  for (const merge of merges) people.merges.push(merge)
}

function addFacts(
  rows: DecidedRows,
  { fresh, standing }: PeopleDecision,
  states: Map<string, ActivityState>,
  orders: OrderRow[],
  rootOf: (id: string) => string,
): void {
  const consents = new Map<string, FactParts['consents']>()
  for (const [key, { purpose, state }] of standing) {
    const leadId = key.slice(0, key.indexOf('|'))
    const own = consents.get(leadId) ?? {}
    own[purpose] = state
    consents.set(leadId, own)
  }
  for (const record of fresh.values()) {
    if (record.status === 'merged') {
      rows.gone.push(record.id)
      continue
    }
    const state = states.get(record.id)
    rows.facts.push({
      record,
      consents: consents.get(record.id) ?? {},
      activity: state && {
        first_seen_at: state.firstSeenAt,
        last_seen_at: state.lastSeenAt,
        event_count: state.eventCount,
        session_count: state.sessionCount,
        page_count: state.pageCount,
        first_channel: state.firstTouch?.channel ?? null,
        last_channel: state.lastTouch?.channel ?? null,
      },
      orders: orderFacts(orders.filter((order) => rootOf(order.lead_id) === record.id)),
    })
  }
}

function orderFacts(orders: OrderRow[]): FactOrders | undefined {
  let facts: FactOrders | undefined
  for (const order of orders) {
    if (order.cancelled_at !== null || order.is_test) continue
    const { placed_at: at, currency } = order
    const minor = order.total_minor - Math.min(order.refunded_minor, order.total_minor)
    facts ??= { count: 0, revenue: {}, firstAt: at, lastAt: at }
    facts.count++
    facts.revenue[currency] = (facts.revenue[currency] ?? 0) + minor
    if (at < facts.firstAt) facts.firstAt = at
    if (at > facts.lastAt) facts.lastAt = at
  }
  return facts
}
