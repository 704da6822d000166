// Numbers, spans and instants as people read them; pure, the clock and the zone are handed in.

const locale = 'en-GB'
const number = new Intl.NumberFormat(locale)
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
const spans: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
/** hours and minutes, whose short forms read as words */
const relativeShort = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })

export function formatNumber(value: number): string {
  return number.format(value)
}

/** 12,345 becomes 12.3k: for axes and tight places, never where the exact figure is asked for. */
export function formatCompact(value: number): string {
  return compact.format(value)
}

/** `1 lead`, `12 leads`; `many` is needed only where an s does not do. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`
}

/** `just now`, `4 min ago`, `yesterday`, `last month`, `in 2 days`. Instants are ISO 8601, `now` in ms since 1970. */
export function formatRelative(instant: string, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1000
  const size = Math.abs(seconds)
  if (size < 45) return 'just now'
  for (const [unit, length] of spans) {
    if (size < length * 0.95) continue
    const format = unit === 'hour' || unit === 'minute' ? relativeShort : relative
    return format.format(Math.round(seconds / length), unit)
  }
  return relativeShort.format(Math.sign(seconds), 'minute')
}

/** `23 Nov 2026, 05:48:12` in a zone (IANA name). */
export function formatInstant(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone }).format(
    new Date(instant),
  )
}

/** `05:48:12` in a zone. */
export function formatClock(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(new Date(instant))
}

/** `Mon 23 Nov 2026` of a calendar day `YYYY-MM-DD`. */
export function formatDay(day: string, style: 'long' | 'short' = 'long'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'short'
      ? { day: 'numeric', month: 'short' }
      : { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}

/** The change from `before` to `now` as a fraction; null where there was nothing to grow from. */
export function changeOf(now: number, before: number): number | null {
  return before === 0 ? null : (now - before) / Math.abs(before)
}

/** `+12%`, `-3%`, `0%`, and `x12` from tenfold on, where a percentage says little. */
export function formatChange(fraction: number): string {
  if (fraction >= 9) return `×${formatNumber(Math.round(fraction + 1))}`
  const percent = Math.round(fraction * 100)
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent)}%`
}

/** `organic_search` becomes `Organic search`; what has capitals already stays. */
export function words(name: string): string {
  const spaced = name.replaceAll('_', ' ').trim()
  return (spaced.charAt(0).toUpperCase() + spaced.slice(1)).replace(/\b(api|csv|http|sms|url)\b/gi, (short) =>
    short.toUpperCase(),
  )
}

/** Two letters for a portrait: of the first and last name, else of the address. */
export function initials(label: string): string {
  const parts = (label.split('@')[0] ?? '').split(/[\s._-]+/).filter(Boolean)
  const letters =
    parts.length > 1
      ? [parts[0], parts.at(-1)].map((part) => part?.[0] ?? '')
      : [(parts[0] ?? '?').slice(0, 2)]
  return letters.join('').toUpperCase()
}
