// A lead as the prediction reads it: since when it is known, what was said of it and when, and when it converted. Pure.
import type { Fact, Facts } from '../../../conditions/index.ts'
import { customFactName } from '../../../conditions/contract.ts'
import type { FactState, LeadSubject, ToldAt } from '../../../leads/index.ts'
import { stages } from '../../contract.ts'
import type { HistoryEvent, LeadHistory } from '../../contract.ts'
import { firstPaidAt } from '../predictive/index.ts'
import type { FeatureEvent, FieldWord, LeadFacts } from '../predictive/index.ts'
import type { Target } from './contract.ts'

/** What of a workspace leads are read by. */
export interface Reading {
  facts: Facts<LeadSubject>
  /** when the workspace began, ms since 1970 */
  startedAt: number
}

// Names, addresses and numbers are left out: they tell persons apart, not outcomes.
const columns = ['company', 'job_title', 'city', 'country', 'language', 'time_zone'] as const
const factNames = {
  company: 'company',
  job_title: 'jobTitle',
  city: 'city',
  country: 'country',
  language: 'language',
  time_zone: 'timeZone',
} as const

/**
 * A lead as features read it; null for a visitor whom nobody knows.
 * @param toldAt when its values were told; without it they count from the beginning, as is right for a prediction of today
 */
export function leadFactsOf(history: LeadHistory, reading: Reading, toldAt?: ToldAt): LeadFacts | null {
  const leadSince = knownSince(history)
  if (leadSince === null) return null
  return {
    leadId: history.leadId,
    leadSince,
    words: wordsOf(history, reading, leadSince, toldAt),
    events: history.events.map((event) => asItCame(event, reading.startedAt)),
  }
}

/** When the lead did what is asked for, if it did. @param state with its stays in stages */
export function convertedAtOf(
  target: Target,
  { orders }: Pick<LeadHistory, 'orders'>,
  state: Readonly<FactState>,
): number | null {
  if (target === 'order') return firstPaidAt(orders)
  const place = state.stay_stages?.findIndex((stage) => stage >= OPPORTUNITY) ?? -1
  const since = state.stay_since?.[place]
  return since === undefined ? null : since * 1000
}

/** Who skipped the stage for a later one converted as well. */
const OPPORTUNITY = stages.indexOf('opportunity')

// When it was made, where that was before all that it did; else when it first said who it is or ordered, else when it first did something.
function knownSince({ createdAt, subject, events, orders }: LeadHistory): number | null {
  if (!subject.record.is_known) return null
  const first = events[0]
  if (!first || createdAt < first.at) return createdAt
  const told = events.find(({ name }) => name === 'identified')?.at ?? Infinity
  const known = Math.min(told, orders[0]?.placedAt ?? Infinity)
  return known === Infinity ? first.at : known
}

// What happened before the workspace began could not come in on time: it counts from when it happened.
function asItCame(event: HistoryEvent, startedAt: number): FeatureEvent {
  return event.at < startedAt && event.receivedAt > event.at ? { ...event, receivedAt: event.at } : event
}

function wordsOf(
  { subject, createdAt }: LeadHistory,
  { facts }: Reading,
  leadSince: number,
  toldAt?: ToldAt,
): FieldWord[] {
  const { record } = subject
  const words: FieldWord[] = []
  const say = (fact: Fact<LeadSubject> | undefined, value: unknown, place: string) => {
    if (!fact || value === null || value === '') return
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return
    words.push({ field: fact.label, value, knownFrom: toldAt ? (toldAt.get(place) ?? createdAt) : createdAt })
  }
  for (const column of columns) say(facts.byName.get(factNames[column]), record[column], column)
  const kind = facts.byName.get('emailKind')
  say(kind, kind?.read(subject, { now: new Date(leadSince), timeZone: 'UTC' }), 'email')
  for (const [key, value] of Object.entries(record.fields))
    say(facts.byName.get(customFactName(key)), value, `fields.${key}`)
  return words
}
