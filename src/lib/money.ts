// Money as whole minor units of an ISO 4217 currency: read, written and split without floating point.

/** Minor units (cents, yen, fils) as a safe integer, or one sentence on why the text is no amount. */
export type ReadMoney = { minor: number } | { problem: string }

export type DecimalSeparator = '.' | ','

/**
 * How many decimals a currency has (ISO 4217, list one, https://www.six-group.com/en/products-services/financial-information/data-standards.html):
 * USD 2, JPY 0, KWD 3. Those replaced since 2022 (HRK, BGN, ANG) are known
 * too, for old orders; null for any other code. Not taken from Intl, whose display digits differ (IQD, LAK).
 */
export function currencyExponent(currency: string): number | null {
  return exponents.get(currency) ?? null
}

/**
 * Reads an amount as shops, spreadsheets and JSON write it: `1.234,56`, `1,234.56`, `1 234,56 kr`, `1'234.50`, `-12`,
 * `(12.00)`, 29.98. Exact: the digits are counted, never multiplied.
 *
 * With two kinds of separator the last is the decimal one; one kind that repeats, groups. A single separator before
 * exactly three digits (`1.234`) can be either: `decimal` settles it (see `decimalSeparatorOf`), a number has `.`, and
 * without either it is a problem. More decimals than the currency has are a problem unless they are zeros.
 */
export function parseMoney(raw: string | number, currency: string, decimal?: DecimalSeparator): ReadMoney {
  const exponent = currencyExponent(currency)
  if (exponent === null) return { problem: `${currency.slice(0, 20)} is not an ISO 4217 currency.` }
  if (typeof raw === 'number')
    return Number.isFinite(raw) ? readText(String(raw), exponent, '.') : notAnAmount
  return raw.length > 60 ? notAnAmount : readText(raw, exponent, decimal)
}

/** The decimal separator that a column of amounts uses, or null where no value in it settles the question. */
export function decimalSeparatorOf(samples: Iterable<string>): DecimalSeparator | null {
  for (const sample of samples) {
    const text = sample.length > 60 ? undefined : bareAmount(sample)?.text
    if (text === undefined) continue
    const point = text.lastIndexOf('.')
    const comma = text.lastIndexOf(',')
    const last = Math.max(point, comma)
    if (last < 0) continue
    const separator = point > comma ? '.' : ','
    if (point >= 0 && comma >= 0) return separator
    const repeats = text.indexOf(separator) !== last
    if (repeats) return separator === '.' ? ',' : '.'
    if (!couldGroup(text, last)) return separator
  }
  return null
}

/** The amount with its decimals and a point, as vendors take it: 2998 USD is `29.98`, 500 JPY is `500`. */
export function decimalString(minor: number, currency: string): string {
  const exponent = exponentOf(currency)
  const sign = minor < 0 ? '-' : ''
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** The amount as a person in `locale` (BCP 47) reads it, with the currency's sign and all its decimals. */
export function formatMoney(minor: number, currency: string, locale = 'en'): string {
  const key = `${locale} ${currency}`
  let format = formats.get(key)
  if (!format) {
    const fractionDigits = exponentOf(currency)
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: fractionDigits,
      maximumFractionDigits: fractionDigits,
    })
    if (formats.size >= 500) formats.clear()
    formats.set(key, format)
  }
  return format.format(Number(decimalString(minor, currency)))
}

/**
 * Splits an amount by weights so that the parts add up to it exactly (largest remainder, Hamilton's method): each part
 * is its quota rounded down, the units left over go to the largest remainders, ties to the first. A negative amount
 * splits like its opposite. Weights of zero everywhere count as equal. Throws for no weights, a negative or infinite
 * weight, or an amount that is no safe integer.
 */
export function splitMoney(minor: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(minor)) throw new RangeError('the amount must be a safe integer of minor units')
  if (weights.length === 0) throw new RangeError('an amount cannot be split among nobody')
  if (weights.some((weight) => !(weight >= 0 && weight < Infinity)))
    throw new RangeError('weights must be finite and not negative')
  const largest = Math.max(...weights)
  const scaled = weights.map((weight) => (largest > 0 ? weight / largest : 1))
  const total = scaled.reduce((sum, weight) => sum + weight, 0)
  const amount = Math.abs(minor)
  const quotas = scaled.map((weight) => amount * (weight / total))
  const parts = quotas.map((quota) => Math.floor(quota))
  let left = amount - parts.reduce((sum, part) => sum + part, 0)
  const order = quotas
    .map((quota, index) => ({ index, remainder: quota - Math.floor(quota) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  // More than one round, or a step back, happens only where the quotas exceed the precision of a double.
  for (let i = 0; left !== 0; i = (i + 1) % order.length) {
    const index = order[i]?.index ?? 0
    const step = left > 0 ? Math.max(1, Math.floor(left / parts.length)) : -Math.min(parts[index] ?? 0, -left)
    parts[index] = (parts[index] ?? 0) + step
    left -= step
  }
  return minor < 0 ? parts.map((part) => (part === 0 ? 0 : -part)) : parts
}

const notAnAmount: ReadMoney = { problem: 'This is not an amount of money.' }
const formats = new Map<string, Intl.NumberFormat>()

const codesByExponent: [number, string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
  [
    2,
    `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR
    IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
    NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL`,
  ],
]
const exponents = new Map(
  codesByExponent.flatMap(([exponent, codes]) => codes.split(/\s+/).map((code) => [code, exponent] as const)),
)

function exponentOf(currency: string): number {
  const exponent = currencyExponent(currency)
  if (exponent === null) throw new RangeError(`${currency} is not an ISO 4217 currency`)
  return exponent
}

function readText(raw: string, exponent: number, decimal: DecimalSeparator | undefined): ReadMoney {
  const amount = bareAmount(raw)
  if (!amount) return notAnAmount
  const { text, negative } = amount
  const at = decimalAt(text, decimal)
  if (at === 'ambiguous') {
    return {
      problem: `${text} can be read in two ways; say whether the comma or the point parts the decimals.`,
    }
  }
  const whole = at < 0 ? text : text.slice(0, at)
  let fraction = at < 0 ? '' : text.slice(at + 1)
  const wholeDigits = ungroup(whole)
  if (wholeDigits === null || !/^\d*$/.test(fraction) || wholeDigits + fraction === '') return notAnAmount
  while (fraction.length > exponent && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  if (fraction.length > exponent)
    return { problem: `The amount ${text} has more decimals than its currency.` }
  const minor = Number(wholeDigits + fraction.padEnd(exponent, '0'))
  if (!Number.isSafeInteger(minor)) return { problem: 'The amount is too large.' }
  return { minor: negative && minor !== 0 ? -minor : minor }
}

// The digits and separators between a sign and a currency; spaces and apostrophes, which only ever group, are out.
function bareAmount(raw: string): { text: string; negative: boolean } | null {
  // A dash after the decimal separator stands for no decimals: "12,-".
  let text = raw.trim().replace(/([.,])[-\u2013\u2014]{1,2}(?!\d)/, (_, separator) => `${separator}00`)
  text = text.replaceAll('\u2212', '-')
  let negative = false
  if (text.startsWith('(') && text.endsWith(')')) {
    negative = true
    text = text.slice(1, -1)
  }
  const match = /^([^\d.,]*)([\d.,][\d.,\s'\u2019]*)([^\d]*)$/.exec(text)
  if (!match) return null
  const [, before = '', middle = '', after = ''] = match
  const signs = (before + after).replace(/[^-]/g, '').length
  if (signs > 1 || (signs === 1 && negative) || !isCurrencyText(before) || !isCurrencyText(after)) return null
  const kept = middle.replace(/[\s'\u2019]/g, '')
  return { text: kept.replace(/[.,]+$/, ''), negative: negative || signs === 1 }
}

function isCurrencyText(text: string): boolean {
  return /^[\s\p{L}\p{Sc}.+-]{0,12}$/u.test(text)
}

function decimalAt(text: string, decimal: DecimalSeparator | undefined): number | 'ambiguous' {
  const point = text.lastIndexOf('.')
  const comma = text.lastIndexOf(',')
  if (point < 0 && comma < 0) return -1
  if (point >= 0 && comma >= 0) return Math.max(point, comma)
  const last = Math.max(point, comma)
  const separator = point >= 0 ? '.' : ','
  if (text.indexOf(separator) !== last) return -1
  if (decimal) return decimal === separator ? last : couldGroup(text, last) ? -1 : last
  return couldGroup(text, last) ? 'ambiguous' : last
}

// "1.234" may be a thousand; "0.234", ".234", "12.34" and "1234.567" may not.
function couldGroup(text: string, at: number): boolean {
  return text.length - at === 4 && at >= 1 && at <= 3 && !text.startsWith('0')
}

// Groups of three, or of two before the last three as in India: 12,34,567.
function ungroup(whole: string): string | null {
  if (/^\d*$/.test(whole)) return whole
  const separator = whole.includes(',') ? ',' : '.'
  const groups = whole.split(separator)
  const [first = '', ...rest] = groups
  if (first.length < 1 || first.length > 3 || rest.at(-1)?.length !== 3) return null
  const length = rest[0]?.length ?? 0
  const fits = rest.every(
    (group, i) => /^\d+$/.test(group) && (i === rest.length - 1 || group.length === length),
  )
  return /^\d+$/.test(first) && fits && (length === 2 || length === 3) ? groups.join('') : null
}
