// What is known of a buyer on a day that may tell whether the next order comes; nothing that was known only later.
import type { OrderDay } from '../value/buyers.ts'

/** Names of the values of `featuresOn`, in their order. */
export const featureNames = [
  'days since the last order',
  'days since the first order',
  'orders in 30 days',
  'orders in 60 days',
  'orders in 90 days',
  'orders in 180 days',
  'repeat orders',
  'mean gap',
  'last gap',
  'silence in own gaps',
  'value of an order',
  'days with a human click in an e-mail in 90 days',
  'never came back',
] as const

/**
 * The features of a buyer on the evening of a day, mostly as ln(1 + value), since the tenth order says less than the
 * second. `clickDays`: days with a human click in an e-mail, by when they were recorded, ascending. `usualGapDays` is
 * the shop's, for people who have no gap of their own. The person must have ordered by that day.
 */
export function featuresOn(
  days: readonly OrderDay[],
  asOfDay: number,
  usualGapDays: number,
  clickDays: readonly number[] = [],
): number[] {
  let known = 0
  while (known < days.length && (days[known] as OrderDay).day <= asOfDay) known++
  const first = days[0]
  const last = days[known - 1]
  if (!first || !last) throw new RangeError('the person had not ordered by then')
  const within = (window: number): number => {
    let orders = 0
    for (let at = known - 1; at >= 0 && (days[at] as OrderDay).day > asOfDay - window; at--) orders++
    return orders
  }
  const silence = asOfDay - last.day
  const repeats = known - 1
  const meanGap = repeats > 0 ? (last.day - first.day) / repeats : usualGapDays
  const lastGap = repeats > 0 ? last.day - (days[known - 2] as OrderDay).day : usualGapDays
  let spent = 0
  for (let at = 0; at < known; at++) spent += Math.max(0, (days[at] as OrderDay).netMinor ?? 0)
  let clicks = 0
  for (const day of clickDays) if (day <= asOfDay && day > asOfDay - 90) clicks++
  return [
    Math.log1p(silence),
    Math.log1p(asOfDay - first.day),
    Math.log1p(within(30)),
    Math.log1p(within(60)),
    Math.log1p(within(90)),
    Math.log1p(within(180)),
    Math.log1p(repeats),
    Math.log1p(meanGap),
    Math.log1p(lastGap),
    Math.log1p(silence / Math.max(1, meanGap)),
    Math.log1p(spent / known),
    Math.log1p(clicks),
    repeats === 0 ? 1 : 0,
  ]
}
