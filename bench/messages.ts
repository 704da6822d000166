// Tracking messages for benches: visitors who come back, one in ten of them known, with pages, campaigns and orders.
import { request } from 'undici'
import type { Product } from './product.ts'

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
]
const LANDINGS = [
  ['?utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=Cj0K', 'https://www.google.com/'],
  ['?utm_source=newsletter&utm_medium=email&utm_campaign=autumn', ''],
  ['', 'https://www.google.com/'],
  ['?fbclid=IwAR0', 'https://www.facebook.com/'],
  ['', ''],
] as const

/** Makes message number `n` of a run; the same number always gives the same message, apart from the time. */
export function messageOf(
  n: number,
  run: string,
  visitors: number,
  now = new Date(),
): Record<string, unknown> {
  const visitor = Math.imul(n, 2_654_435_761) >>> 0
  const who = visitor % visitors
  const kind = n % 20
  const common = {
    messageId: `${run}-${n}`,
    anonymousId: `anon-${run}-${who}`,
    timestamp: now.toISOString(),
    sentAt: now.toISOString(),
  }
  if (kind === 0 && who % 10 === 0) {
    return {
      ...common,
      type: 'identify',
      userId: `user-${run}-${who}`,
      traits: {
        email: `person${who}.${run}@example.com`,
        firstName: 'Pat',
        lastName: `Sample${who}`,
        plan: 'pro',
      },
      context: contextOf(n, who, ''),
    }
  }
  if (kind === 1) {
    return {
      ...common,
      type: 'track',
      event: n % 400 === 1 ? 'Order Completed' : 'Product Viewed',
      properties: {
        order_id: `${run}-${n}`,
        total: 20 + (n % 80),
        currency: 'EUR',
        product_id: `p${n % 200}`,
        name: 'Crew tee',
      },
      context: contextOf(n, who, ''),
    }
  }
  return {
    ...common,
    type: 'page',
    name: 'Page',
    properties: {},
    context: contextOf(n, who, LANDINGS[who % 5]![0]),
  }
}

/** Sends a tracking call with the product's write key. @returns the status of the answer */
export async function post(product: Product, path: string, body: unknown): Promise<number> {
  const reply = await request(product.url + path, {
    method: 'POST',
    dispatcher: product.agent,
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${product.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify(body),
  })
  await reply.body.dump()
  return reply.statusCode
}

function contextOf(n: number, who: number, query: string): Record<string, unknown> {
  const path = `/products/${n % 300}`
  return {
    library: { name: 'throughline', version: '1' },
    userAgent: AGENTS[who % AGENTS.length],
    locale: 'de-DE',
    timezone: 'Europe/Berlin',
    screen: { width: 1440, height: 900 },
    page: {
      url: `https://shop.example${path}${query}`,
      path,
      search: query,
      title: `Product ${n % 300}`,
      referrer: LANDINGS[who % 5]![1],
    },
    throughline: { sessionId: `s-${who}-${n >> 12}`, sessionStart: n % 7 === 0 },
  }
}
