// The devices and browsers of demo people, and the machines that pretend to be visitors.
import { distinctUuid } from './random.ts'
import type { Stream } from './random.ts'
import type { Person } from './people.ts'

export interface Device {
  kind: 'phone' | 'desktop' | 'tablet'
  userAgent: string
  screen: { width: number; height: number; density: number }
  anonymousId: string
}

interface Model {
  kind: Device['kind']
  share: number
  userAgent: string
  screen: Device['screen']
}

const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const blink = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const screenOf = (width: number, height: number, density: number): Device['screen'] => ({
  width,
  height,
  density,
})

const models: readonly Model[] = [
  {
    kind: 'phone',
    share: 34,
    userAgent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`,
    screen: screenOf(393, 852, 3),
  },
  {
    kind: 'phone',
    share: 25,
    userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${blink} Chrome/138.0.0.0 Mobile Safari/537.36`,
    screen: screenOf(412, 915, 2.625),
  },
  {
    kind: 'phone',
    share: 4,
    userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${blink} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    screen: screenOf(384, 832, 2.8125),
  },
  {
    kind: 'desktop',
    share: 30,
    userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink} Chrome/138.0.0.0 Safari/537.36`,
    screen: screenOf(1920, 1080, 1),
  },
  {
    kind: 'desktop',
    share: 13,
    userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0`,
    screen: screenOf(1536, 864, 1.25),
  },
  {
    kind: 'desktop',
    share: 7,
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    screen: screenOf(1920, 1080, 1),
  },
  {
    kind: 'desktop',
    share: 13,
    userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/18.5 Safari/605.1.15`,
    screen: screenOf(1512, 982, 2),
  },
  {
    kind: 'desktop',
    share: 14,
    userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${blink} Chrome/138.0.0.0 Safari/537.36`,
    screen: screenOf(1728, 1117, 2),
  },
  {
    kind: 'tablet',
    share: 5,
    userAgent: `Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`,
    screen: screenOf(820, 1180, 2),
  },
]

/** Machines that run the tracker or call the API: some say so, some are only given away by their haste. */
export const botAgents: readonly string[] = [
  'Mozilla/5.0 (compatible; ExampleBot/2.1; +https://crawler.example/bot.html)',
  `Mozilla/5.0 (X11; Linux x86_64) ${blink} HeadlessChrome/138.0.0.0 Safari/537.36`,
  'Mozilla/5.0 (compatible; LinkCheckerBot/4.0; +https://links.example)',
]

/** One device, or two of different kinds for half of those who tell who they are. */
export function devicesOf(person: Person, random: Stream): Device[] {
  const isBusiness = person.segment === 'business'
  const deviceOf = (kind: Device['kind'], place: 0 | 1): Device => {
    const { userAgent, screen } = random.weighted(
      models.filter((model) => model.kind === kind),
      (model) => model.share,
    )
    return { kind, userAgent, screen, anonymousId: distinctUuid(person.index * 2 + place, random) }
  }
  const first = random.uniform()
  const kind = isBusiness
    ? first < 0.84
      ? 'desktop'
      : 'phone'
    : first < 0.62
      ? 'phone'
      : first < 0.95
        ? 'desktop'
        : 'tablet'
  const devices = [deviceOf(kind, 0)]
  if (person.tellsOn !== null && random.chance(0.5))
    devices.push(deviceOf(kind === 'desktop' ? 'phone' : 'desktop', 1))
  return devices
}
