// Reads spend from CSV: a row for each day, channel and campaign. Pure.
import { currencyExponent, decimalSeparatorOf, parseMoney } from '../../lib/money.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Spend } from './money-endpoints.ts'

export interface SpendFile {
  items: Spend[]
  rejected: { line: number; reason: string }[]
}

const names = {
  spentOn: ['date', 'day', 'spent_on'],
  channel: ['channel'],
  campaign: ['campaign', 'campaign_name'],
  amount: ['amount', 'spend', 'cost'],
  currency: ['currency'],
}

/**
 * @param cells rows of the file, the first with the names of the columns
 * @param currency of amounts whose row names none
 * @param before lines of the file before these
 * Refuses (422) a file without a date, a channel or an amount, one that names a column twice, and one without rows. Amounts of one day, channel, campaign and currency add up.
 */
export function readSpendRows(
  cells: readonly (readonly string[])[],
  currency: string,
  before = 0,
): SpendFile {
  const [head = [], ...rows] = cells
  const heads = head.map((name) => name.trim().toLowerCase().replaceAll(/\s+/g, '_'))
  const place = (column: keyof typeof names) => heads.findIndex((name) => names[column].includes(name))
  const at = {
    spentOn: place('spentOn'),
    channel: place('channel'),
    campaign: place('campaign'),
    amount: place('amount'),
    currency: place('currency'),
  }
  const missing = (['spentOn', 'channel', 'amount'] as const).filter((column) => at[column] < 0)
  if (missing.length > 0)
    throw new Refusal(
      'columns_missing',
      422,
      `The file has no column ${missing.map((column) => names[column][0]).join(' or ')}. Its first line must name date, channel and amount; campaign and currency may be there.`,
    )
  const columns = Object.keys(names) as (keyof typeof names)[]
  const twice = columns.find((column) => heads.filter((name) => names[column].includes(name)).length > 1)
  if (twice)
    throw new Refusal(
      'columns_twice',
      422,
      `The file has two columns for ${names[twice][0]}. Take one of them out, or give it another name.`,
    )
  if (rows.every((row) => row.every((cell) => cell.trim() === '')))
    throw new Refusal('file_empty', 422, 'The file has no line below the names of its columns.')
  const decimal = decimalSeparatorOf(rows.map((row) => row[at.amount] ?? '')) ?? '.'
  const found = new Map<string, Spend>()
  const rejected: SpendFile['rejected'] = []
  rows.forEach((row, i) => {
    if (row.every((cell) => cell.trim() === '')) return
    const spentOn = (row[at.spentOn] ?? '').trim()
    const channel = (row[at.channel] ?? '').trim()
    const campaign = at.campaign < 0 ? '' : (row[at.campaign] ?? '').trim()
    const named = at.currency < 0 ? '' : (row[at.currency] ?? '').trim().toUpperCase()
    const of = named === '' ? currency : named
    const amount =
      currencyExponent(of) === null ? null : parseMoney((row[at.amount] ?? '').trim(), of, decimal)
    const reason = !isDay(spentOn)
      ? `${spentOn || 'Nothing'} is no day written as 2026-05-31.`
      : channel === ''
        ? 'It names no channel.'
        : channel.length > 60 || campaign.length > 200
          ? 'A channel has at most 60 characters, a campaign 200.'
          : amount === null
            ? `${of} is no currency.`
            : 'problem' in amount
              ? amount.problem
              : amount.minor < 0
                ? 'The amount is below zero.'
                : null
    if (reason !== null || amount === null || 'problem' in amount)
      return void rejected.push({ line: before + i + 2, reason: reason ?? '' })
    const key = JSON.stringify([spentOn, channel, campaign, of])
    const amountMinor = (found.get(key)?.amountMinor ?? 0) + amount.minor
    found.set(key, { spentOn, channel, campaign, currency: of, amountMinor })
  })
  return { items: [...found.values()], rejected }
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00.000Z`)
  return (
    /^(19[7-9]\d|20\d\d|2100)-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(at) &&
    new Date(at).toISOString().startsWith(text)
  )
}
