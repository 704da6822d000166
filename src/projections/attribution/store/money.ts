// Rates of currencies and what was spent, as people entered or imported them.
import { rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'

export interface StoredRate {
  currency: string
  startsOn: string
  rate: number
}

/** All rates, by currency, the newest first. */
export async function readRates(db: Db, workspaceId: string): Promise<StoredRate[]> {
  return rows(
    db,
    sql`select currency, to_char(starts_on, 'YYYY-MM-DD') as "startsOn", rate from currency_rates
        where workspace_id = ${workspaceId} order by currency, starts_on desc`,
  )
}

/** Writes rates over those of the same day. */
export async function writeRates(tx: Db, workspaceId: string, rates: readonly StoredRate[]): Promise<void> {
  await run(
    tx,
    sql`insert into currency_rates (workspace_id, currency, starts_on, rate)
        select ${workspaceId}, currency, starts_on, rate
        from unnest(${rates.map(({ currency }) => currency)}::text[], ${rates.map(({ startsOn }) => startsOn)}::date[],
          ${rates.map(({ rate }) => rate)}::double precision[]) as told (currency, starts_on, rate)
        on conflict (workspace_id, currency, starts_on) do update set rate = excluded.rate`,
  )
}

/** @returns whether there was one */
export async function deleteRate(
  tx: Db,
  workspaceId: string,
  { currency, startsOn }: Omit<StoredRate, 'rate'>,
): Promise<boolean> {
  const gone = await run(
    tx,
    sql`delete from currency_rates
        where workspace_id = ${workspaceId} and currency = ${currency} and starts_on = ${startsOn}::date`,
  )
  return gone > 0
}

export interface StoredSpend {
  spentOn: string
  channel: string
  campaign: string
  currency: string
  amountMinor: number
}

/** What was spent on the days of a range, both ends counted in; the newest first. */
export async function readSpend(
  db: Db,
  workspaceId: string,
  { from, to, limit }: { from: string; to: string; limit: number },
): Promise<StoredSpend[]> {
  return rows(
    db,
    sql`select to_char(spent_on, 'YYYY-MM-DD') as "spentOn", channel, campaign, currency, amount_minor as "amountMinor"
        from spend where workspace_id = ${workspaceId} and spent_on between ${from}::date and ${to}::date
        order by spent_on desc, channel, campaign, currency limit ${limit}`,
  )
}

/** Writes amounts over those of the same day, channel, campaign and currency; an amount of zero takes one away. */
export async function writeSpend(tx: Db, workspaceId: string, spent: readonly StoredSpend[]): Promise<void> {
  const told = sql`unnest(${spent.map(({ spentOn }) => spentOn)}::date[], ${spent.map(({ channel }) => channel)}::text[],
    ${spent.map(({ campaign }) => campaign)}::text[], ${spent.map(({ currency }) => currency)}::text[],
    ${spent.map(({ amountMinor }) => amountMinor)}::bigint[]) as told (spent_on, channel, campaign, currency, amount_minor)`
  await run(
    tx,
    sql`insert into spend (workspace_id, spent_on, channel, campaign, currency, amount_minor)
        select ${workspaceId}, spent_on, channel, campaign, currency, amount_minor from ${told}
        on conflict (workspace_id, spent_on, channel, campaign, currency) do update set amount_minor = excluded.amount_minor`,
  )
  await run(tx, sql`delete from spend where workspace_id = ${workspaceId} and amount_minor = 0`)
}
