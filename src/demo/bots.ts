// Machines that visit the shop: crawlers that say so, and monitors that run a browser without a screen.
import type { DemoCall } from './calls.ts'
import { botAgents } from './devices.ts'
import { streams } from './people.ts'
import { distinctUuid, Stream } from './random.ts'
import { articles, businessPages, categoryPages, pages, productPage, products, site } from './shop.ts'
import { dayMs } from './world.ts'
import type { World } from './world.ts'

/** The instants (ms) at which a machine begins its rounds: every few nights, at a pace of its own. */
export function botRounds(world: World, index: number): number[] {
  const random = new Stream(world.seed, streams.bots, index)
  // Where few calls are asked for, machines are not to be most of them.
  const everyDays = Math.round(random.integer(2, 9) / world.depth)
  const hour = random.uniform() * 24
  const rounds: number[] = []
  for (let day = random.integer(0, everyDays - 1); day < world.days; day += everyDays) {
    rounds.push(Math.floor(world.startAt + day * dayMs + hour * 3_600_000 + random.uniform() * 60_000))
  }
  return rounds
}

/** The calls of a round: many pages, a second or less for each. */
export function botCalls(world: World, index: number, at: number): DemoCall[] {
  const who = new Stream(world.seed, streams.bots, index, 1)
  const userAgent = who.pick(botAgents)
  const anonymousId = distinctUuid(-1 - index, who)
  const random = new Stream(world.seed, streams.bots, index, 2, Math.floor((at - world.startAt) / 1000))
  const sessionId = random.uuid()
  const list = [pages.home, ...categoryPages, ...articles, ...businessPages, ...products.map(productPage)]
  const count = random.integer(6, 18)
  const first = random.integer(0, list.length - 1)
  return Array.from({ length: count }, (_, place) => {
    const page = list[(first + place) % list.length] ?? pages.home
    const shown = { url: site + page.path, path: page.path, search: '', title: page.title, referrer: '' }
    return {
      actor: world.people + index,
      via: 'browser',
      message: {
        type: 'page',
        messageId: random.uuid(),
        anonymousId,
        properties: shown,
        context: {
          library: { name: 'throughline.js', version: '0.1.0' },
          page: shown,
          locale: 'en-US',
          timezone: 'UTC',
          userAgent,
          throughline: { sessionId, ...(place === 0 ? { sessionStart: true } : {}), clickIds: {} },
        },
        timestamp: new Date(at + place * random.integer(300, 800)).toISOString(),
      },
    }
  })
}
