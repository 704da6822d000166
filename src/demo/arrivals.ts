// What a visit's first URL and referrer look like, by channel.
import type { Device } from './devices.ts'
import type { DemoChannel, SegmentName } from './parameters.ts'
import type { Stream } from './random.ts'
import { articles, businessPages, categoryPages, pages, productPage, shelfOf } from './shop.ts'
import type { Page } from './shop.ts'

export interface Arrival {
  landing: Page
  /** with its question mark, or empty */
  search: string
  /** the outside page, or empty */
  referrer: string
  campaign: { source?: string; medium?: string; name?: string; term?: string; content?: string } | undefined
  click: { name: string; value: string } | undefined
}

interface Way {
  referrer?: string
  campaign?: Arrival['campaign']
  click?: string
}

/** How a visit arrives. `at` (ms) dates the newsletter that brings it. */
export function arrivalOf(
  channel: DemoChannel,
  segment: SegmentName,
  device: Device,
  at: number,
  random: Stream,
): Arrival {
  const { referrer = '', campaign, click } = ways[channel](random, segment === 'business', at, device)
  const clicked = click ? { name: click, value: random.token(click === 'msclkid' ? 32 : 40) } : undefined
  const query = new URLSearchParams()
  for (const [part, value] of Object.entries(campaign ?? {}))
    query.set(part === 'name' ? 'utm_campaign' : `utm_${part}`, value)
  if (clicked) query.set(clicked.name, clicked.value)
  const search = query.size > 0 ? `?${query.toString()}` : ''
  return { landing: landingOf(channel, segment, random), search, referrer, campaign, click: clicked }
}

type WayOf = (random: Stream, isBusiness: boolean, at: number, device: Device) => Way

const ways: Record<DemoChannel, WayOf> = {
  'Paid Search': (random, isBusiness) => {
    const isGoogle = random.chance(0.84)
    const name = isBusiness ? 'office-coffee' : random.weighted(searchCampaigns, ([, weight]) => weight)[0]
    const term = random.pick(isBusiness ? officeTerms : (terms[name] ?? ['coffee']))
    const campaign = { source: isGoogle ? 'google' : 'bing', medium: 'cpc', name, term }
    return {
      referrer: isGoogle ? 'https://www.google.com/' : 'https://www.bing.com/',
      // Auto-tagging without parameters of one's own.
      campaign: random.chance(0.08) ? undefined : campaign,
      click: isGoogle ? 'gclid' : 'msclkid',
    }
  },
  'Paid Social': (random, isBusiness) => {
    const [source, referrer, click] = isBusiness
      ? (['linkedin', 'https://www.linkedin.com/', 'li_fat_id'] as const)
      : random.weighted(socialAds, ([, , , weight]) => weight)
    const name = isBusiness
      ? 'office-decision-makers'
      : random.pick(['morning-ritual', 'lookalike-buyers', 'gift-season'])
    return {
      referrer,
      click,
      campaign: {
        source,
        medium: 'paid_social',
        name,
        content: random.pick(['video-a', 'video-b', 'carousel']),
      },
    }
  },
  'Organic Search': (random) => ({ referrer: random.weighted(searchEngines, ([, weight]) => weight)[0] }),
  'Organic Social': (random, isBusiness) => {
    if (!isBusiness && random.chance(0.3))
      return { campaign: { source: 'instagram', medium: 'social', name: 'profile-link' } }
    return {
      referrer: isBusiness
        ? 'https://www.linkedin.com/'
        : random.weighted(socialSites, ([, weight]) => weight)[0],
    }
  },
  Email: (random, isBusiness, at) => {
    const letter = random.uniform()
    const week = new Date(at).toISOString().slice(5, 10)
    const name =
      letter < 0.72
        ? `letter-${week}`
        : letter < 0.86
          ? 'restock-reminder'
          : isBusiness
            ? 'office-tips'
            : 'welcome'
    return { campaign: { source: 'newsletter', medium: 'email', name } }
  },
  Referral: (random, isBusiness) => ({ referrer: random.pick(isBusiness ? businessReferrers : referrers) }),
  Affiliates: (random) => {
    const partner = random.weighted(partners, ([, weight]) => weight)[0]
    return {
      referrer: `https://${partner}.example/`,
      campaign: { source: partner, medium: 'affiliate', name: 'partner-program' },
    }
  },
  Display: (random) => ({
    referrer: random.chance(0.4) ? 'https://news.example/' : '',
    campaign: {
      source: 'admesh',
      medium: 'display',
      name: random.chance(0.6) ? 'retarget-cart' : 'prospecting',
      content: random.pick(['300x250', '728x90']),
    },
  }),
  Direct: () => ({}),
}

const searchCampaigns: readonly (readonly [string, number])[] = [
  ['brand', 4],
  ['beans-generic', 4],
  ['grinders', 2],
]
const terms: Record<string, readonly string[]> = {
  brand: ['northlight coffee', 'northlight beans'],
  'beans-generic': ['fresh coffee beans', 'espresso beans online', 'decaf beans'],
  grinders: ['burr grinder', 'hand coffee grinder'],
}
const officeTerms = ['office coffee service', 'coffee for offices', 'office coffee machine rental']
const socialAds: readonly (readonly [string, string, string, number])[] = [
  ['facebook', 'https://l.facebook.com/', 'fbclid', 4],
  ['instagram', 'https://l.instagram.com/', 'fbclid', 5],
  ['tiktok', 'https://www.tiktok.com/', 'ttclid', 2],
]
const searchEngines: readonly (readonly [string, number])[] = [
  ['https://www.google.com/', 86],
  ['https://www.bing.com/', 8],
  ['https://duckduckgo.com/', 6],
]
const socialSites: readonly (readonly [string, number])[] = [
  ['https://www.instagram.com/', 5],
  ['https://www.pinterest.com/', 3],
  ['https://www.reddit.com/', 2],
  ['https://l.facebook.com/', 2],
]
const referrers = [
  'https://coffee-journal.example/best-beans',
  'https://slowkitchen.example/tools',
  'https://dailygrind.example/reviews/grinders',
]
const businessReferrers = [
  'https://officeweekly.example/suppliers',
  'https://workplace-forum.example/threads/coffee',
  'https://dailygrind.example/for-teams',
]
const partners: readonly (readonly [string, number])[] = [
  ['couponcorner', 5],
  ['cashback-club', 3],
  ['beanfinder', 2],
]

function landingOf(channel: DemoChannel, segment: SegmentName, random: Stream): Page {
  const draw = random.uniform()
  const product = () => productPage(random.weighted(shelfOf(segment), (one) => one.weight))
  if (channel === 'Direct')
    return draw < 0.7
      ? pages.home
      : draw < 0.85 && segment === 'regular'
        ? pages.account
        : random.pick(categoryPages)
  if (segment === 'business')
    return draw < 0.75 ? random.pick(businessPages) : draw < 0.9 ? random.pick(articles) : pages.home
  if (channel === 'Paid Search' || channel === 'Affiliates')
    return draw < 0.55 ? product() : random.pick(categoryPages)
  if (channel === 'Organic Search')
    return draw < 0.35
      ? random.pick(articles)
      : draw < 0.65
        ? product()
        : draw < 0.85
          ? random.pick(categoryPages)
          : pages.home
  if (channel === 'Referral') return draw < 0.5 ? random.pick(articles) : product()
  if (channel === 'Email') return draw < 0.6 ? product() : random.pick(categoryPages)
  return draw < 0.45 ? product() : draw < 0.75 ? random.pick(categoryPages) : pages.home
}
