// Writes docs/demo-data.md: the model in words, its parameters, and the true effects, all computed from the code.
import {
  botShare,
  channelEffects,
  demoChannels,
  flightEveryDays,
  flights,
  interestShape,
  partialRefundShare,
  refundShare,
  segmentNames,
  segments,
  sharedDeviceShare,
} from './parameters.ts'
import { trueEffects } from './simulate.ts'
import type { DemoOptions } from './world.ts'

const standard: DemoOptions = { seed: 1, leads: 500, days: 60, events: 20_000, endOn: '2025-06-30' }
const large: DemoOptions = { ...standard, leads: 10_000, events: 400_000 }

/** The text of the document. */
export function demoDocument(): string {
  return `# Demo data

\`throughline seed\`, the first-run page and \`POST /api/demo/seed\` fill the test twin of a workspace with an invented shop,
Northlight Coffee: people who buy beans, companies that order coffee for the office, and machines that crawl the site.
The calls go through the product's own inbox, like anybody's. \`POST /api/demo/reset\` empties the twin again.

A large demo (100,000 events and more, unless \`way\` says otherwise) is written as the rows that its calls come to: the same pure
steps decide them household by household, a household being people who use each other's devices, and both stores get them in
chunks that count once however often a crash repeats one. A test holds every table of both stores equal to what the inbox makes
of the same calls. What such a demo has not are the messages themselves, so the page of incoming messages stays empty.

Once a demo of up to 20,000 leads is in, what a workspace learns of nights is learned at once. Risk, lifetime value and chances to
convert want 500 buyers, half a year of orders and outcomes that are 90 days old: 9,000 leads over 365 days and 225,000 events have them.

The same seed, leads, days, events and last day give the same calls to the byte. Nothing in it is anybody's: sites are under
\`.example\`, mail addresses under \`example.com\`, \`example.net\`, \`example.org\` and \`.example\` (RFC 2606), telephone numbers from
ranges that the numbering authorities keep for fiction (people in countries without such a range have none), towns are
invented. Real are only the names of search engines and social networks that visits come from.

## The model

**People.** ${botShare * 100} % of the leads are machines; the others belong to one of four segments. Each person has an *interest*, gamma
distributed with shape ${interestShape} and mean 1, constant over time, which nobody can see; a first day; and a last day, after which they are
gone for good (exponential lifetime). Some tell who they are on a day of their own (account, newsletter, request for a
tasting); half of these use a second device, ${sharedDeviceShare * 100} % sign in once on somebody else's. Who subscribes to the newsletter gets
e-mail from the day after until they unsubscribe. Where fewer than 20 calls a lead are asked for, visits are shorter and
machines come more seldom in proportion.

**Touches.** A person's first visit, and the visit on which they tell who they are, come by a channel of their segment's mix.
All other visits are Poisson, with the rate *density x activity x mix x calendar*, times interest where the channel follows
interest. *Density* is set so that the number of calls comes out as asked. The calendar holds weekdays, a slow growth, and
campaigns: ${flightsInWords()}; each comes round again after ${flightEveryDays} days. No touch causes another touch.

**Orders.** The hazard of a person on day *d*, until their last day, is

    base x interest x weekday(d)  +  sum over touches on days k <= d of  response x beta(channel) x 2^(-(d - k) / half-life(channel))

and the number of orders on a day is Poisson with that mean. An order is placed in the last visit of its day; on a day without
a visit the person comes by directly for it. Orders of companies that are known already are entered by a salesperson and
arrive from a server. ${percent(refundShare)} of the orders are refunded within days, ${percent(partialRefundShare)} of these in part.

**The true effect of a channel** is what is expected with it minus what is expected without it. Hazards add up, so given the
touches it is the sum of what the channel's touches add, exactly; and since every day's orders are drawn from one random
number of that person and day, the world without a channel (\`simulate({ ...options, without })\`) is the same world less the
orders that the channel caused. The effect of one touch, if interest lasts, is response x beta / (1 - 2^(-1 / half-life)).

Two traps are built in. Channels that follow interest meet people who are about to buy anyway, so that reports which count
conversions behind touches flatter them. And Direct has no effect at all, though many orders come by it.

## Parameters

${table(
  ['channel', 'beta', 'half-life, days', 'follows interest', 'orders per touch'],
  demoChannels.map((channel) => {
    const { beta, halfLifeDays, followsInterest } = channelEffects[channel]
    return [
      channel,
      beta,
      halfLifeDays,
      followsInterest ? 'yes' : 'no',
      (beta / (1 - 2 ** (-1 / halfLifeDays))).toFixed(4),
    ]
  }),
)}

${table(
  ['segment', 'share', 'base, orders a day', 'response', 'lifetime, days', 'activity', 'tells who they are'],
  segmentNames.map((name) => {
    const one = segments[name]
    return [
      name,
      percent(one.share),
      one.baseHazard,
      one.response,
      one.lifetimeDays,
      one.activity,
      percent(one.knownShare),
    ]
  }),
)}

Mix of visits by segment, before interest and subscription:

${table(
  ['channel', ...segmentNames],
  demoChannels.map((channel, place) => [
    channel,
    ...segmentNames.map((name) => percent(segments[name].mix[place] ?? 0)),
  ]),
)}

## True effects

Of the standard demo: ${inWords(standard)}.

${truthTable(standard)}

The same with twenty times as many people, where chance weighs less: ${inWords(large)}.

${truthTable(large)}

*Expected orders* and the share are the truth to hold an attribution model against. How far each model is stands in [decisions/attribution.md](decisions/attribution.md#against-the-truth). *Orders* and *revenue* are what this very seed
lost when the channel was switched off. This page is written by \`src/demo/document.ts\`; a test holds it equal to the computation,
and \`npx vitest run --project unit src/demo/document.test.ts -u\` writes it anew.
`
}

/** The true effects of a demo as a Markdown table. */
export function truthTable(options: DemoOptions): string {
  const { effects, total, untouched } = trueEffects(options)
  const caused = total.expectedOrders - untouched.expectedOrders
  const money = (amount: number): string => amount.toFixed(2)
  return table(
    ['channel', 'touches', 'expected orders', 'share of caused', 'orders', 'revenue'],
    [
      ...effects.map((one) => [
        one.channel,
        one.touches,
        one.expectedOrders.toFixed(2),
        percent(one.expectedOrders / caused),
        one.orders,
        money(one.revenue),
      ]),
      ['(no channel)', '', untouched.expectedOrders.toFixed(2), '', '', ''],
      ['all', total.touches, total.expectedOrders.toFixed(2), '', total.orders, money(total.revenue)],
    ],
  )
}

function inWords({ seed, leads, days, events, endOn }: DemoOptions): string {
  return `seed ${seed}, ${leads} leads, ${days} days, ${events} events, last day ${endOn}`
}

function flightsInWords(): string {
  return flights
    .map(
      ({ channels, from, to, factor }) =>
        `${channels.join(', ')} have ${factor} times the visits from ${from} to ${to} days before the last`,
    )
    .join('; ')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

// Columns of numbers stand to the right.
function table(head: string[], body: (string | number)[][]): string {
  const width = (place: number): number =>
    Math.max(3, ...[head, ...body].map((row) => String(row[place] ?? '').length))
  const line = (row: (string | number)[]): string =>
    `| ${row.map((cell, place) => (place === 0 ? String(cell).padEnd(width(place)) : String(cell).padStart(width(place)))).join(' | ')} |`
  const rule = `| ${head.map((_, place) => (place === 0 ? '-'.repeat(width(place)) : `${'-'.repeat(width(place) - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...body.map(line)].join('\n')
}
