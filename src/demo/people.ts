// Who the demo's people are: each drawn from the seed and the person's number alone.
import { companyOf, countries, jobTitles, privateDomains } from './places.ts'
import type { Country } from './places.ts'
import { devicesOf } from './devices.ts'
import type { Device } from './devices.ts'
import { interestShape, segmentNames, segments, sharedDeviceShare } from './parameters.ts'
import type { SegmentName } from './parameters.ts'
import { Stream, uniformOf } from './random.ts'
import type { World } from './world.ts'

/** Streams by what they are for; a new one takes a new number, so that the others stay what they are. */
export const streams = {
  person: 1,
  touches: 2,
  orders: 3,
  order: 4,
  visit: 5,
  ids: 6,
  bots: 7,
  telling: 8,
  details: 9,
} as const

/** What decides over visits and orders. */
export interface Person {
  index: number
  segment: SegmentName
  /** multiplies the base hazard, and the visits of channels that follow interest */
  interest: number
  /** first day that the person is seen, counted from the world's first */
  firstDay: number
  /** last day of interest; may lie beyond the world's */
  lastDay: number
  /** on which day the person tells who they are, without an order; null: never */
  tellsOn: number | null
  /** how: an account, the newsletter, a request for a demonstration */
  tellsBy: 'account' | 'newsletter' | 'demo'
  /** days from and to which newsletters reach the person; null: never subscribed */
  subscribed: { from: number; to: number } | null
}

/** The person of an index. */
export function personOf(world: World, index: number): Person {
  const random = new Stream(world.seed, streams.person, index)
  const segment = random.weighted(segmentNames, (name) => segments[name].share)
  const { lifetimeDays, knownShare, returningShare } = segments[segment]
  const interest = random.gamma(interestShape)
  const firstDay = firstDayOf(world, index, lifetimeDays)
  const lastDay = firstDay + Math.floor(random.exponential(lifetimeDays))
  const isReturning = random.chance(returningShare)

  const telling = new Stream(world.seed, streams.telling, index)
  const tells = telling.chance(knownShare)
  const delay = isReturning ? 0 : Math.floor(telling.exponential(4))
  const day = firstDay + delay
  const tellsOn = tells && day <= lastDay && day < world.days ? day : null
  const way = telling.uniform()
  const tellsBy =
    segment === 'business' ? (way < 0.55 ? 'demo' : 'newsletter') : way < 0.6 ? 'account' : 'newsletter'
  const wants = telling.chance(tellsBy === 'newsletter' ? 1 : segment === 'business' ? 0.5 : 0.6)
  const leaves = telling.chance(0.12) ? day + 1 + Math.floor(telling.exponential(25)) : Infinity
  return {
    index,
    segment,
    interest,
    firstDay,
    lastDay,
    tellsOn,
    tellsBy,
    subscribed: tellsOn !== null && wants ? { from: tellsOn + 1, to: Math.min(leaves, lastDay) } : null,
  }
}

/** The part of a person that only shows in the calls. */
export interface Details {
  country: Country
  locale: string
  zone: string
  town: string
  firstName: string
  lastName: string
  email: string
  phone: string | null
  company: { name: string; domain: string; size: number } | null
  jobTitle: string | null
  userId: string
  devices: Device[]
  /** what the person says to the banner about advertising; undefined where nobody asks */
  allowsAds: boolean | undefined
  /** the share of the window after which the person takes that back; null: never */
  takesBackAdsAt: number | null
}

/** The details of a person. */
export function detailsOf(world: World, person: Person): Details {
  const random = new Stream(world.seed, streams.details, person.index)
  const isBusiness = person.segment === 'business'
  const country = random.weighted(countries, (one) => one.share)
  const locale = random.weighted(country.locales, ([, share]) => share)[0]
  const zone = random.weighted(country.zones, ([, share]) => share)[0]
  const firstName = random.pick(country.names.first)
  const lastName = random.pick(country.names.last)
  const company = isBusiness ? employerOf(world, person) : null
  const local = `${firstName}.${lastName}`.toLowerCase()
  const number = person.index + 1
  const email = company
    ? `${local}${number}@${company.domain}`
    : `${random.chance(0.6) ? local : `${firstName.charAt(0)}${lastName}`.toLowerCase()}${number}@${random.pick(privateDomains)}`
  const wantsPhone = random.chance(isBusiness ? 0.7 : 0.35)
  const asked = country.asksConsent
  const allowsAds = asked ? random.chance(0.64) : undefined
  return {
    country,
    locale,
    zone,
    town: random.pick(country.towns),
    firstName,
    lastName,
    email,
    phone: wantsPhone ? country.phone(person.index) : null,
    company,
    jobTitle: isBusiness ? random.pick(jobTitles) : null,
    userId: `c${1000 + number}-${Math.floor(uniformOf(world.seed, streams.ids, person.index) * 46656)
      .toString(36)
      .padStart(3, '0')}`,
    devices: devicesOf(person, random),
    allowsAds,
    takesBackAdsAt: allowsAds === true && random.chance(0.05) ? random.uniform() : null,
  }
}

/** The person whose device this one uses too, or null: a household, a shared desk. */
export function sharesDeviceWith(world: World, person: Person): number | null {
  if (person.tellsOn === null || person.index === 0) return null
  return uniformOf(world.seed, streams.ids, person.index, 2) < sharedDeviceShare ? person.index - 1 : null
}

// Some were around before the first day and are met early on; the others come at a rate that grows in a straight line.
function firstDayOf(world: World, index: number, lifetimeDays: number): number {
  const random = new Stream(world.seed, streams.person, index, 1)
  // With the full lifetimeDays / (lifetimeDays + days) as many would be there as leave; a little less lets the shop grow.
  if (random.chance((0.8 * lifetimeDays) / (lifetimeDays + world.days))) {
    return Math.min(world.days - 1, Math.floor(random.exponential(world.days / 7)))
  }
  const share = random.uniform()
  // Arrivals by share s of the window: (0.85 s + 0.3 s^2 / 2); its inverse.
  const moment = (-0.85 + Math.sqrt(0.7225 + 0.6 * share)) / 0.3
  return Math.min(world.days - 1, Math.floor(moment * world.days))
}

// Two to three people on average work for one company; companies have 12 to some 4,000 people.
function employerOf(world: World, person: Person): NonNullable<Details['company']> {
  const number = Math.floor(person.index / 12)
  const size = Math.round(12 + new Stream(world.seed, streams.ids, number, 3).logNormal(70, 1.3))
  return { ...companyOf(number + (world.seed % 700)), size: Math.min(size, 4000) }
}
