// Rates of currencies and spend: entered by people, listed, and read from CSV.
import { record } from '../../accounts/index.ts'
import { oweWorkspace } from '../../leads/index.ts'
import type { BodyOf, QueryOf, ReplyOf } from '../../lib/endpoint.ts'
import { detectDialect, readRows } from '../../lib/csv/dialect.ts'
import { currencyExponent } from '../../lib/money.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { readPlace } from '../history/index.ts'
import type * as endpoints from './money-endpoints.ts'
import type { Spend } from './money-endpoints.ts'
import { readSpendRows } from './spend-file.ts'
import { deleteRate, readRates, readSpend, writeRates, writeSpend } from './store/money.ts'

export async function currencyRates(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof endpoints.listCurrencyRates>> {
  const [items, { currency }] = await Promise.all([readRates(db, workspaceId), readPlace(db, workspaceId)])
  return { currency, items }
}

/** Writes rates; every conversion is worked out anew. Refuses (400) the workspace's own currency and those that are none. */
export async function setRates(
  db: Db,
  caller: Caller,
  { rates }: BodyOf<typeof endpoints.setCurrencyRates>,
): Promise<ReplyOf<typeof endpoints.setCurrencyRates>> {
  const { workspaceId } = caller
  const { currency: ours } = await readPlace(db, workspaceId)
  for (const { currency } of rates) {
    checkCurrency(currency)
    if (currency === ours)
      throw new Refusal('rate_own', 400, `${ours} is the workspace’s own currency and needs no rate.`)
  }
  const byKey = new Map(rates.map((rate) => [`${rate.currency} ${rate.startsOn}`, rate]))
  await inTransaction(db, async (tx) => {
    await writeRates(tx, workspaceId, [...byKey.values()])
    await record(tx, { caller, action: 'currency_rates_set', subject: 'currency_rates', after: { rates } })
    await oweWorkspace(tx, workspaceId)
  })
  return { written: byKey.size }
}

export async function removeRate(
  db: Db,
  caller: Caller,
  rate: { currency: string; startsOn: string },
): Promise<Record<string, never>> {
  await inTransaction(db, async (tx) => {
    if (!(await deleteRate(tx, caller.workspaceId, rate)))
      throw missing('currency_rate', `${rate.currency} ${rate.startsOn}`)
    await record(tx, { caller, action: 'currency_rate_removed', subject: 'currency_rates', before: rate })
    await oweWorkspace(tx, caller.workspaceId)
  })
  return {}
}

const SPEND_SHOWN = 1_000

export async function listedSpend(
  db: Db,
  workspaceId: string,
  { from = '1970-01-01', to = '9999-12-31' }: QueryOf<typeof endpoints.listSpend>,
): Promise<ReplyOf<typeof endpoints.listSpend>> {
  if (from > to)
    throw new Refusal(
      'range_invalid',
      400,
      `The range begins on ${from}, after its end on ${to}: swap the two days.`,
    )
  return { items: await readSpend(db, workspaceId, { from, to, limit: SPEND_SHOWN }) }
}

export async function enterSpend(
  db: Db,
  caller: Caller,
  items: readonly Spend[],
): Promise<ReplyOf<typeof endpoints.setSpend>> {
  for (const { currency } of items) checkCurrency(currency)
  const byKey = new Map(
    items.map((item) => [JSON.stringify([item.spentOn, item.channel, item.campaign, item.currency]), item]),
  )
  await inTransaction(db, async (tx) => {
    await writeSpend(tx, caller.workspaceId, [...byKey.values()])
    await record(tx, { caller, action: 'spend_entered', subject: 'spend', after: { entries: byKey.size } })
  })
  return { written: byKey.size }
}

const REJECTED_SHOWN = 20
const MOST_ROWS = 50_000

/** Reads a file of spend. Refuses (422) one without the columns that it takes, one without lines, and one of too many. */
export async function enterSpendFile(
  db: Db,
  caller: Caller,
  text: string,
): Promise<ReplyOf<typeof endpoints.importSpend>> {
  const { delimiter, headerRow } = detectDialect(text, true)
  const before = Math.max(0, headerRow - 1)
  const cells = readRows(text, delimiter, before + MOST_ROWS + 2).slice(before)
  if (cells.length > MOST_ROWS + 1)
    throw new Refusal(
      'file_too_long',
      422,
      `A file of spend has at most ${MOST_ROWS.toLocaleString('en-GB')} lines. Send it in several.`,
    )
  const { currency } = await readPlace(db, caller.workspaceId)
  const { items, rejected } = readSpendRows(cells, currency, before)
  const { written } = items.length === 0 ? { written: 0 } : await enterSpend(db, caller, items)
  return { written, rejected: rejected.slice(0, REJECTED_SHOWN), rejectedLines: rejected.length }
}

function checkCurrency(currency: string): void {
  if (currencyExponent(currency) === null)
    throw new Refusal('currency_unknown', 400, `${currency} is no currency. Use a code such as USD.`)
}
