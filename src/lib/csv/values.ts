// Reads what people and their files write for yes and no, and for numbers.
import { currencyExponent } from '../money.ts'
import type { DecimalSeparator } from '../money.ts'

/** Yes, no, or null for words that are neither. */
export function readYesNo(text: string): boolean | null {
  return yesNo.get(text) ?? yesNo.get(text.toLowerCase()) ?? null
}

const yesNo = new Map<string, boolean>()
for (const word of 'yes y true t 1 x on ja j oui o si sí sì sim tak subscribed subscribe opted_in opted-in optin opt-in granted active confirmed accepted はい'.split(
  ' ',
))
  yesNo.set(word, true)
for (const word of 'no n false f 0 off nein nej non nee nie unsubscribed unsubscribe opted_out opted-out optout opt-out denied inactive cleaned bounced suppressed never_subscribed declined いいえ'.split(
  ' ',
))
  yesNo.set(word, false)
for (const [word, value] of [
  ['opted in', true],
  ['opted out', false],
  ['not subscribed', false],
  ['never subscribed', false],
] as const)
  yesNo.set(word, value)

/** A number as it is written with this decimal separator, thousands grouped or not, percent and currency signs around it; null for others. */
export function readNumber(text: string, decimal: DecimalSeparator = '.'): number | null {
  if (text.length > 60) return null
  if (decimal === '.' && plainNumber.test(text)) return Number(text)
  const [, before = '', middle = '', after = ''] = dressedNumber.exec(text) ?? []
  if (!isUnit(before) || !isUnit(after)) return null
  const bare = middle.replace(/[\s']/g, '')
  const grouped = decimal === '.' ? groupedByComma : groupedByPoint
  if (!grouped.test(bare)) return null
  const value = Number(
    decimal === '.' ? bare.replaceAll(',', '') : bare.replaceAll('.', '').replace(',', '.'),
  )
  return Number.isFinite(value) ? value : null
}

const dressedNumber = /^([^\d.,+-]*)([+-]?[\d.,](?:[\d.,\s']*[\d.,])?)([^\d.,]*)$/
const plainNumber = /^-?\d{1,15}(?:\.\d{1,15})?$/
const groupedByComma = /^[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,15})?$/
const groupedByPoint = /^[+-]?(?:\d{1,15}|\d{1,3}(?:\.\d{3}){1,4})(?:,\d{1,15})?$/

// Other words would hide that `A-17` is a code and `5 kg` no plain number.
function isUnit(text: string): boolean {
  const bare = text.trim()
  return (
    bare === '' ||
    bare === '%' ||
    /^\p{Lu}{0,2}\p{Sc}$/u.test(bare) ||
    currencyExponent(bare) !== null ||
    currencyWords.has(bare.toLowerCase())
  )
}

const currencyWords = new Set(['kr', 'kč', 'zł'])
