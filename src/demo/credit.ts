// The credit of the demo's touches as the product works it out, from the calls that a seed sends, in memory: for holding it against the truth.
import { ruleModels } from '../projections/attribution/contract.ts'
import type { AttributionSettings } from '../projections/attribution/contract.ts'
import { creditsOf, PEOPLE_GROUPS } from '../projections/attribution/index.ts'
import type {
  CreditedEvent,
  CreditedHistory,
  LearnedPath,
  PathPart,
  StageMoveFacts,
} from '../projections/attribution/index.ts'
import { callsOf } from './calls.ts'
import type { DemoCall } from './calls.ts'
import { planOf } from './plan.ts'
import { fractionDigits } from './shop.ts'
import type { World } from './world.ts'

export type RuleModel = (typeof ruleModels)[number]

/** What everybody's orders came to. */
export interface DemoCredits {
  /** journeys to an order, by path, in parts by group of people */
  paths: LearnedPath[]
  /** by model and channel, `(unattributed)` among them: millionths of an order, net of refunds */
  earned: Record<RuleModel, Map<string, number>>
}

/** The credit of all orders of a world. */
export function creditsIn(world: World, settings: AttributionSettings): DemoCredits {
  const paths = new Map<string, { path: string[]; parts: Map<number, PathPart> }>()
  const earned = Object.fromEntries(
    ruleModels.map((model) => [model, new Map<string, number>()]),
  ) as DemoCredits['earned']
  const ofOrders = { ...settings, goals: settings.goals.filter(({ kind }) => kind === 'order') }
  const place = { timeZone: 'UTC', currency: world.currency, convert: () => null }
  for (let index = 0; index < world.people; index++) {
    const { history, moves } = historyOf(world, index)
    const credits = creditsOf(history, moves, ofOrders, place)
    for (const row of credits.rows)
      for (const model of ruleModels) {
        const sums = earned[model]
        sums.set(row.channel, (sums.get(row.channel) ?? 0) + row.earned[model].units)
      }
    for (const { path, conversions, valueMinor } of credits.paths) {
      if (path.length === 0) continue
      const key = JSON.stringify(path)
      const known = paths.get(key) ?? { path, parts: new Map<number, PathPart>() }
      paths.set(key, known)
      const group = index % PEOPLE_GROUPS
      const part = known.parts.get(group) ?? { group, conversions: 0, valueMinor: 0, nulls: 0 }
      known.parts.set(group, part)
      part.conversions += conversions
      part.valueMinor += valueMinor
      part.nulls += 1 - conversions
    }
  }
  return {
    earned,
    paths: [...paths.values()].map(({ path, parts }) => learnedPath(path, [...parts.values()])),
  }
}

/** What the product has of a person, as far as credit is made of it; what others did on a shared device is left out. */
export function historyOf(
  world: World,
  index: number,
): { history: CreditedHistory; moves: StageMoveFacts[] } {
  const plan = planOf(world, index)
  const events: CreditedEvent[] = []
  const orders = new Map<string, CreditedHistory['orders'][number]>()
  for (const act of plan.acts) {
    const calls = callsOf(world, plan, act)
    for (const [place, call] of calls.entries()) {
      events.push(eventOf(call, act.kind === 'visit' && place === 0 ? act.channel : null))
      takeOrder(orders, call, world.currency)
    }
  }
  events.sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1))
  const isKnown = events.some(({ name }) => name === 'identified')
  const history = {
    leadId: String(index),
    createdAt: events[0]?.at ?? 0,
    subject: { record: { is_known: isKnown } },
    events,
    orders: [...orders.values()].sort((a, b) => a.placedAt - b.placedAt || (a.orderId < b.orderId ? -1 : 1)),
  }
  return { history, moves: opportunityOf(history) }
}

const names: Partial<Record<DemoCall['message']['type'], string>> = {
  page: 'page_viewed',
  identify: 'identified',
}

function eventOf({ message }: DemoCall, channel: string | null): CreditedEvent {
  const name = names[message.type] ?? (message.event ?? message.type).toLowerCase().replaceAll(' ', '_')
  return {
    eventId: message.messageId,
    at: Date.parse(message.timestamp),
    name,
    category: name === 'identified' ? 'identity' : 'page',
    call: message.type,
    isBot: false,
    channel: channel ?? '',
    source: '',
    utmSource: '',
    utmCampaign: '',
    sessionStart: channel !== null,
    valueMinor: 0,
    currency: '',
  }
}

function takeOrder(
  orders: Map<string, CreditedHistory['orders'][number]>,
  { message }: DemoCall,
  currency: string,
): void {
  const said = message.properties ?? {}
  const minor = (amount: unknown) => Math.round(Number(amount) * 10 ** fractionDigits(currency))
  const orderId = String(said.order_id)
  if (message.event === 'Order Completed')
    orders.set(orderId, {
      orderId,
      placedAt: Date.parse(message.timestamp),
      cancelledAt: null,
      isTest: false,
      currency,
      totalMinor: minor(said.total),
      taxMinor: minor(said.tax),
      shippingMinor: minor(said.shipping),
      refundedMinor: 0,
    })
  const order = orders.get(orderId)
  if (message.event === 'Order Refunded' && order)
    orders.set(orderId, { ...order, refundedMinor: order.refundedMinor + minor(said.total) })
}

// By the rules that every workspace begins with: who begins to check out is an opportunity, unless a customer already.
function opportunityOf({ events, orders }: CreditedHistory): StageMoveFacts[] {
  const checkout = events.find(({ name }) => name === 'checkout_started')
  const ordered = orders[0]?.placedAt ?? Infinity
  if (!checkout || checkout.at > ordered) return []
  const cause = { id: checkout.eventId }
  return [{ at: checkout.at, to: 'opportunity', isBackward: false, amountMinor: null, currency: null, cause }]
}

function learnedPath(path: string[], parts: PathPart[]): LearnedPath {
  const sumOf = (of: (part: PathPart) => number) => parts.reduce((sum, part) => sum + of(part), 0)
  return {
    path,
    conversions: sumOf((part) => part.conversions),
    valueMinor: sumOf((part) => part.valueMinor),
    nulls: sumOf((part) => part.nulls),
    parts,
  }
}
