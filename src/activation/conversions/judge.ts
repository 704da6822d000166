// Whether a conversion may leave now, and in which form: the person, consent, age and the vendor's rules, in this order. Pure.
import type {
  Built,
  Connector,
  Conversion,
  EventMapping,
  Mapped,
  MatchQuality,
} from '../../connectors/index.ts'
import type { DeliveryReason } from '../../deliveries/contract.ts'
import { effectiveConsent } from '../../leads/index.ts'
import { withoutEmails } from '../../lib/address-in-text.ts'
import { conversionOf, leadWords } from './item.ts'
import type { ConversionItem } from './item.ts'
import { mappingFor } from './mapping.ts'
import { readParameters } from './sources.ts'
import type { PersonRow } from './store.ts'

/** What decides, beside the item itself. */
export interface Circumstances {
  connector: Connector
  /** what the workspace changed of the connector's mappings */
  mappings: readonly EventMapping[]
  settings: unknown
  consentDefaults: Readonly<Record<string, 'granted' | 'denied'>>
  now: Date
}

export interface Judgement {
  /** null where it may leave */
  stop: { kind: 'withheld' | 'refused'; reason: DeliveryReason; words: string } | null
  consent: { isAllowed: boolean; purpose: string; because: string }
  problems: string[]
  built: Built | null
  quality: MatchQuality | null
}

/**
 * Looks at one item.
 * @param people what is known, by lead: of whom it is about, and of those who share what was said of them
 */
export function judge(
  item: ConversionItem,
  leadId: string | null,
  people: ReadonlyMap<string, PersonRow>,
  circumstances: Circumstances,
): Judgement {
  const person = people.get(leadId ?? '') ?? null
  const sharers = (item.sharedBy ?? []).flatMap((id) => people.get(id) ?? [])
  const { connector, now } = circumstances
  const conversions = connector.conversions!
  const { consent, because } = consentOf(item, person, sharers, circumstances)
  const standing = {
    isAllowed: consent[conversions.purpose] === 'granted',
    purpose: conversions.purpose,
    because: because[conversions.purpose],
  }
  const mapped = item.mapped ?? mappedOf(item, person, circumstances)
  const bare = { consent: standing, problems: [], built: null, quality: null }
  if (leadId !== null && (!person || person.status !== 'active'))
    return { ...bare, stop: withheld('lead_gone', 'The person was erased, or lies in the bin.') }
  if (item.event.properties.test === true)
    return { ...bare, stop: withheld('test_order', 'It was a test order, which is no conversion.') }
  if (!mapped) {
    const words = `${item.event.name} is not sent to ${connector.name} by the mappings in force.`
    return { ...bare, stop: { kind: 'refused', reason: 'not_mapped', words } }
  }
  const built = conversions.build(
    conversionOf(item, person, consent),
    { ...mapped, parameters: withoutAddresses(mapped.parameters) },
    circumstances.settings,
  )
  const tooOld = ageProblem(item, mapped, connector, now)
  const problems = tooOld ? [tooOld, ...built.problems] : built.problems
  const whole = { consent: standing, problems, built, quality: conversions.quality?.(built.payload) ?? null }
  if (!standing.isAllowed) return { ...whole, stop: withheld('consent_missing', standing.because) }
  if (tooOld) return { ...whole, stop: { kind: 'refused', reason: 'too_old', words: tooOld } }
  if (built.problems.length > 0)
    return { ...whole, stop: { kind: 'refused', reason: 'rules_broken', words: built.problems.join(' ') } }
  return { ...whole, stop: null }
}

// What a page or a mapping writes into a parameter is not hashed, so that no address may stand in it.
function withoutAddresses(parameters: Mapped['parameters']): Mapped['parameters'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutEmails(value) : value,
    ]),
  )
}

const SHARED = {
  effective: 'denied',
  because: 'Somebody who shares this address or number refused, and nobody can tell them apart.',
} as const

/** The leads that judging items asks for. */
export function askedPeople(items: readonly { item: ConversionItem; leadId: string | null }[]): string[] {
  return [
    ...new Set(items.flatMap(({ item, leadId }) => [...(leadId ? [leadId] : []), ...(item.sharedBy ?? [])])),
  ]
}

const PURPOSES = ['analytics', 'ad_user_data', 'ad_personalisation'] as const

function consentOf(
  item: ConversionItem,
  person: PersonRow | null,
  sharers: readonly PersonRow[],
  { consentDefaults }: Circumstances,
): { consent: Conversion['consent']; because: Record<(typeof PURPOSES)[number], string> } {
  const country = person?.country ?? item.person?.country ?? null
  const found = PURPOSES.map((purpose) => {
    if (sharers.some(({ consents }) => consents[purpose] === 'denied')) return [purpose, SHARED] as const
    const state = person?.consents[purpose]
    return [purpose, effectiveConsent(state && { state }, purpose, country, consentDefaults)] as const
  })
  return {
    consent: Object.fromEntries(
      found.map(([purpose, { effective }]) => [purpose, effective]),
    ) as Conversion['consent'],
    because: Object.fromEntries(found.map(([purpose, { because }]) => [purpose, because])) as Record<
      (typeof PURPOSES)[number],
      string
    >,
  }
}

function mappedOf(
  { event }: ConversionItem,
  person: PersonRow | null,
  { connector, mappings }: Circumstances,
): Mapped | null {
  const mapping = mappingFor(connector, mappings, event.name)
  if (!mapping) return null
  return {
    name: mapping.name,
    parameters: readParameters(mapping.parameters, event, leadWords(person)),
  }
}

function ageProblem(
  { event }: ConversionItem,
  mapped: Mapped,
  connector: Connector,
  now: Date,
): string | null {
  const ageMs = now.getTime() - Date.parse(event.occurredAt)
  const maxAgeMs = connector.conversions!.maxAgeMs(mapped)
  if (ageMs > maxAgeMs)
    return `It happened ${hours(ageMs)} hours ago, and ${connector.name} takes no event older than ${hours(maxAgeMs)} hours.`
  // Clocks differ by some minutes; more is an error of the sender.
  return ageMs < -FUTURE_MS ? `It is dated in the future, at ${event.occurredAt}.` : null
}

const FUTURE_MS = 5 * 60_000

function hours(ms: number): number {
  return Math.round(ms / 3_600_000)
}

function withheld(reason: DeliveryReason, words: string): Judgement['stop'] {
  return { kind: 'withheld', reason, words }
}
