// Converts amounts by the rates that a workspace entered: a rate holds from its day on until the next one of its currency. Pure.
import { currencyExponent } from '../../lib/money.ts'

/** Units of the workspace's currency for one of another, from a calendar day (YYYY-MM-DD) on. */
export interface Rate {
  currency: string
  startsOn: string
  rate: number
}

/**
 * @param currency the workspace's own
 * @returns whole minor units of it, rounded half away from zero; null where no rate holds on the day (since 1970)
 */
export function converter(
  rates: readonly Rate[],
  currency: string,
): (minor: number, from: string, day: number) => number | null {
  const byCurrency = new Map<string, { day: number; rate: number }[]>()
  for (const { currency: of, startsOn, rate } of rates) {
    const list = byCurrency.get(of) ?? []
    byCurrency.set(of, list)
    list.push({ day: Date.parse(`${startsOn}T00:00:00.000Z`) / 86_400_000, rate })
  }
  for (const list of byCurrency.values()) list.sort((a, b) => b.day - a.day)
  const ours = currencyExponent(currency) ?? 2
  return (minor, from, day) => {
    if (from === currency) return minor
    const held = byCurrency.get(from)?.find((rate) => rate.day <= day)
    const theirs = currencyExponent(from)
    if (!held || theirs === null) return null
    const exact = minor * held.rate * 10 ** (ours - theirs)
    return Math.sign(exact) * Math.round(Math.abs(exact))
  }
}
