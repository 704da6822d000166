// The numbers of the demo's generative model; docs/demo-data.md prints them, and explains the model they belong to.

/** Named as the product's channel rules name them. */
export const demoChannels = [
  'Paid Search',
  'Paid Social',
  'Organic Search',
  'Organic Social',
  'Email',
  'Referral',
  'Affiliates',
  'Display',
  'Direct',
] as const
export type DemoChannel = (typeof demoChannels)[number]

export interface ChannelEffect {
  /** expected orders that a touch adds on its own day, before the response of the person's segment */
  beta: number
  /** days after which half of that is left */
  halfLifeDays: number
  /** true: people who are about to buy anyway come this way more often, which flatters the channel in any report */
  followsInterest: boolean
}

/** What a touch does. Direct does nothing: who types the address has decided already. */
export const channelEffects: Record<DemoChannel, ChannelEffect> = {
  'Paid Search': { beta: 0.021, halfLifeDays: 1, followsInterest: false },
  'Paid Social': { beta: 0.004, halfLifeDays: 3, followsInterest: false },
  'Organic Search': { beta: 0.0085, halfLifeDays: 2, followsInterest: true },
  'Organic Social': { beta: 0.0028, halfLifeDays: 2, followsInterest: false },
  Email: { beta: 0.0125, halfLifeDays: 1.5, followsInterest: true },
  Referral: { beta: 0.007, halfLifeDays: 4, followsInterest: false },
  Affiliates: { beta: 0.0115, halfLifeDays: 1, followsInterest: false },
  Display: { beta: 0.0004, halfLifeDays: 7, followsInterest: true },
  Direct: { beta: 0, halfLifeDays: 1, followsInterest: true },
}

export const segmentNames = ['shopper', 'regular', 'business', 'browser'] as const
export type SegmentName = (typeof segmentNames)[number]
export type Rhythm = 'consumer' | 'business'

export interface Segment {
  share: number
  /** expected orders a day of a person of average interest who is never touched */
  baseHazard: number
  /** by how much touches work on these people, compared with `ChannelEffect.beta` */
  response: number
  /** mean days from the first visit until the person has lost interest for good */
  lifetimeDays: number
  /** visits compared with a shopper's */
  activity: number
  /** probability that the person ever tells who they are, before an order makes them */
  knownShare: number
  /** share of those who sign in or are known to the newsletter from the first visit on, if they are to be known at all */
  returningShare: number
  rhythm: Rhythm
  /** how the visits divide over the channels, in the order of `demoChannels` */
  mix: readonly number[]
}

export const segments: Record<SegmentName, Segment> = {
  shopper: {
    share: 0.46,
    baseHazard: 0.0011,
    response: 1,
    lifetimeDays: 35,
    activity: 1,
    knownShare: 0.45,
    returningShare: 0.2,
    rhythm: 'consumer',
    mix: [0.16, 0.17, 0.22, 0.09, 0.08, 0.05, 0.06, 0.06, 0.11],
  },
  regular: {
    share: 0.14,
    baseHazard: 0.009,
    response: 1.5,
    lifetimeDays: 120,
    activity: 2.1,
    knownShare: 0.93,
    returningShare: 0.7,
    rhythm: 'consumer',
    mix: [0.06, 0.06, 0.16, 0.05, 0.3, 0.03, 0.03, 0.05, 0.26],
  },
  business: {
    share: 0.18,
    baseHazard: 0.0022,
    response: 0.7,
    lifetimeDays: 50,
    activity: 1.3,
    knownShare: 0.64,
    returningShare: 0.3,
    rhythm: 'business',
    mix: [0.2, 0.05, 0.3, 0.06, 0.12, 0.12, 0.01, 0.04, 0.1],
  },
  browser: {
    share: 0.22,
    baseHazard: 0.0001,
    response: 0.15,
    lifetimeDays: 15,
    activity: 0.4,
    knownShare: 0.08,
    returningShare: 0.05,
    rhythm: 'consumer',
    mix: [0.08, 0.26, 0.24, 0.18, 0.01, 0.08, 0.03, 0.07, 0.05],
  },
}

/** Interest is a gamma variable of this shape and mean 1, one per person, constant over time. */
export const interestShape = 2

/** Visits by weekday, Sunday first, compared with the mean day. */
export const weekdays: Record<Rhythm, readonly number[]> = {
  consumer: [1.22, 0.98, 0.94, 0.92, 0.93, 0.92, 1.09],
  business: [0.18, 1.34, 1.42, 1.38, 1.3, 1.14, 0.24],
}
/** E-mail is clicked when it is sent: Tuesdays and Thursdays, and the day after. */
export const mailWeekdays: readonly number[] = [0.45, 0.5, 2.1, 0.95, 1.75, 0.8, 0.45]

/** Visits by hour of the visitor's own clock, midnight first. */
export const hours: Record<Rhythm | 'mail', readonly number[]> = {
  consumer: [6, 3, 2, 1, 1, 2, 5, 10, 14, 16, 18, 20, 23, 22, 20, 20, 22, 25, 29, 34, 38, 36, 26, 14],
  business: [1, 0.5, 0.3, 0.2, 0.3, 1, 4, 14, 32, 44, 47, 43, 28, 38, 45, 43, 36, 24, 11, 7, 6, 5, 3, 2],
  mail: [2, 1, 1, 1, 1, 3, 10, 24, 38, 42, 32, 24, 24, 20, 16, 14, 14, 16, 18, 20, 20, 16, 9, 4],
}

/**
 * A run of a campaign: days counted back from the last one (`from` the earlier), and by how much it multiplies the
 * visits of its channels. Each comes round again every 45 days.
 */
export const flights: readonly {
  channels: readonly DemoChannel[]
  from: number
  to: number
  factor: number
}[] = [
  { channels: ['Paid Social', 'Display', 'Organic Social'], from: 40, to: 31, factor: 1.7 },
  { channels: ['Paid Search', 'Affiliates', 'Email'], from: 18, to: 12, factor: 1.6 },
]
export const flightEveryDays = 45

/** Visitors come by more often at the end of the window than at its start by this much, in a straight line. */
export const growth = 0.2

/** Of the asked leads, how many are machines. */
export const botShare = 0.012
/** Of the people who tell who they are, how many share a device with somebody else who does. */
export const sharedDeviceShare = 0.03
/** Of the orders, how many are refunded, and how many of these in part. */
export const refundShare = 0.055
export const partialRefundShare = 0.4
