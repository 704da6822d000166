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
 * Refuses (422) a file without a date, a channel or an amount. Amounts of one day, channel, campaign and currency add up.
 */
export function readSpendRows(cells: readonly (readonly string[])[], currency: string): SpendFile {
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
  const decimal = decimalSeparatorOf(rows.map((row) => row[at.amount] ?? '')) ?? '.'
  const found = new Map<string, Spend>()
  const rejected: SpendFile['rejected'] = []
  rows.forEach((row, i) => {
    if (row.every((cell) => cell.trim() === '')) return
    const spentOn = (row[at.spentOn] ?? '').trim()
    const channel = (row[at.channel] ?? '').trim().slice(0, 60)
    const campaign = at.campaign < 0 ? '' : (row[at.campaign] ?? '').trim().slice(0, 200)
    const named = at.currency < 0 ? '' : (row[at.currency] ?? '').trim().toUpperCase()
    const of = named === '' ? currency : named
    const amount =
      currencyExponent(of) === null ? null : parseMoney((row[at.amount] ?? '').trim(), of, decimal)
    const reason = !isDay(spentOn)
      ? `${spentOn || 'Nothing'} is no day written as 2026-05-31.`
      : channel === ''
        ? 'It names no channel.'
        : amount === null
          ? `${of} is no currency.`
          : 'problem' in amount
            ? amount.problem
            : amount.minor < 0
              ? 'The amount is below zero.'
              : null
    if (reason !== null || amount === null || 'problem' in amount)
      return void rejected.push({ line: i + 2, reason: reason ?? '' })
    const key = JSON.stringify([spentOn, channel, campaign, of])
    const amountMinor = (found.get(key)?.amountMinor ?? 0) + amount.minor
    found.set(key, { spentOn, channel, campaign, currency: of, amountMinor })
  })
  return { items: [...found.values()], rejected }
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00.000Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
