// What was known of a lead at a moment, as named features: nothing that was recorded later may count. Pure.
import { eventLabel } from '../../../events/contract.ts'
import type { HistoryEvent } from '../../contract.ts'
import { isHuman } from '../fold.ts'

/** A value of a field, and from when on it was on record. Of several of one field the newest that was known counts. */
export interface FieldWord {
  /** as a person reads it: `Job title`, or a custom field's label */
  field: string
  value: string | number | boolean
  /** ms since 1970 */
  knownFrom: number
}

export type FeatureEvent = Pick<
  HistoryEvent,
  | 'at'
  | 'receivedAt'
  | 'day'
  | 'name'
  | 'category'
  | 'isBot'
  | 'channel'
  | 'source'
  | 'device'
  | 'country'
  | 'pagePath'
>

/** A lead as far as features read it. */
export interface LeadFacts {
  leadId: string
  /** when it became a lead that can be worked, ms since 1970: nothing is asked about the time before */
  leadSince: number
  words: readonly FieldWord[]
  /** in the order of (at, id) */
  events: readonly FeatureEvent[]
}

/** Features of one lead at one moment. */
export interface Features {
  /** numbers; NaN is not known. A count that is absent is 0 */
  numbers: Map<string, number>
  /** what somebody did how often, by event name, in each of `windowsDays` */
  counts: Map<string, number[]>
  /** fields and touches, as text */
  words: Map<string, string>
}

export const windowsDays = [7, 30, 90] as const
const dayMs = 86_400_000

/** Things that happened to a lead, which count once and for good. */
const lasting = new Set(['email_bounced', 'email_complained', 'unsubscribed'])

/**
 * The features of a lead at `at`. An event counts where it was recorded by then (`receivedAt <= at`), so that what came in
 * late is not known early; windows hold `[at - days, at)`. Machines, and opened e-mails alone, are no acts of people.
 */
export function featuresAt(lead: LeadFacts, at: number): Features {
  const numbers = new Map<string, number>()
  const counts = new Map<string, number[]>()
  const words = new Map<string, string>()
  const acts = windowsDays.map(() => 0)
  const days = windowsDays.map(() => new Set<number>())
  const pages = new Set<string>()
  let first: FeatureEvent | null = null
  let last: FeatureEvent | null = null
  let ever = 0

  for (const event of lead.events) {
    if (event.receivedAt > at || event.at >= at) continue
    if (lasting.has(event.name)) {
      const name = `${eventLabel(event.name)}, ever`
      numbers.set(name, (numbers.get(name) ?? 0) + 1)
      continue
    }
    if (!isHuman(event)) continue
    first ??= event
    last = event
    ever++
    const age = at - event.at
    windowsDays.forEach((window, place) => {
      if (age > window * dayMs) return
      acts[place] = (acts[place] as number) + 1
      days[place]?.add(event.day)
      const known = counts.get(event.name) ?? windowsDays.map(() => 0)
      known[place] = (known[place] as number) + 1
      counts.set(event.name, known)
      if (place === windowsDays.length - 1 && event.pagePath !== '') pages.add(event.pagePath)
    })
  }

  numbers.set('Days as a lead', (at - lead.leadSince) / dayMs)
  numbers.set('Days since the last act', last ? (at - last.at) / dayMs : Number.NaN)
  numbers.set('Acts, ever', ever)
  numbers.set('Different pages, last 90 days', pages.size)
  windowsDays.forEach((window, place) => {
    numbers.set(`Acts, last ${window} days`, acts[place] as number)
    numbers.set(`Active days, last ${window} days`, days[place]?.size ?? 0)
  })
  if (first) {
    words.set('First channel', first.channel)
    words.set('First source', first.source)
    words.set('First device', first.device)
    words.set('First country', first.country)
  }
  if (last) words.set('Last channel', last.channel)
  for (const word of knownBy(lead.words, at)) words.set(word.field, String(word.value))
  return { numbers, counts, words }
}

/** How a count's column is called. */
export function countName(event: string, window: number): string {
  return `${eventLabel(event)}, last ${window} days`
}

function knownBy(words: readonly FieldWord[], at: number): FieldWord[] {
  const newest = new Map<string, FieldWord>()
  for (const word of words) {
    if (word.knownFrom > at) continue
    const before = newest.get(word.field)
    if (!before || word.knownFrom >= before.knownFrom) newest.set(word.field, word)
  }
  return [...newest.values()]
}
