// The embedded servers keep their promises: back after a crash at the same address, quick beside slow, once per token.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClickHouse, type ClickHouse } from '../clickhouse.ts'
import { createLog } from '../log.ts'
import type { EmbeddedStore } from './child.ts'
import { startEmbeddedClickHouse } from './clickhouse.ts'
import { startEmbeddedPostgres } from './postgres.ts'

const log = createLog('silent')
const dataDir = mkdtempSync(join(tmpdir(), 'throughline embedded é '))
let postgres: EmbeddedStore
let store: EmbeddedStore
let clickhouse: ClickHouse

beforeAll(async () => {
  ;[postgres, store] = await Promise.all([
    startEmbeddedPostgres({ dataDir, log }),
    startEmbeddedClickHouse({ dataDir, log }),
  ])
  const target = new URL(store.url)
  target.pathname = '/default'
  clickhouse = openClickHouse(target.toString(), { maxConnections: 20 })
}, 60_000)

afterAll(async () => {
  await clickhouse.close()
  await Promise.all([postgres.stop(), store.stop()])
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the embedded PostgreSQL', () => {
  it(
    'keeps what it acknowledged when it is killed, and comes back at the same address',
    { timeout: 60_000 },
    async () => {
      await onPostgres('create table kept (n int); insert into kept values (1)')
      const killed = postgres.pid
      process.kill(killed, 'SIGKILL')
      await expect
        .poll(() => onPostgres('select n from kept').catch(() => 'away'), { timeout: 30_000, interval: 50 })
        .toEqual([{ n: 1 }])
      await expect.poll(() => postgres.pid !== killed).toBe(true)
    },
  )

  it('sorts by code point, lowers beyond ASCII and has the trigram index', async () => {
    await onPostgres('create extension if not exists pg_trgm')
    expect(
      await onPostgres(
        "select lower('ÄÖÉ') as low, 'Z' < 'a' as by_code, similarity('anna', 'anne') > 0 as alike",
      ),
    ).toEqual([{ low: 'äöé', by_code: true, alike: true }])
  })
})

describe('the embedded ClickHouse', () => {
  it('answers point reads and takes inserts while six long reports run', { timeout: 60_000 }, async () => {
    await clickhouse.command({ query: 'create table beside (n UInt64) engine = MergeTree order by n' })
    let ended = 0
    const reports = Array.from({ length: 6 }, async () => {
      await text(
        'select count() from (select number from numbers(1000000000) order by sipHash64(number) limit 10)',
        {},
        4,
      )
        .catch((error: unknown) => expect(error).toMatchObject({ type: 'TIMEOUT_EXCEEDED' }))
        .finally(() => ended++)
    })
    await expect
      .poll(() =>
        text(
          "select count() from system.processes where query like '%1000000000%' and query not like '%processes%'",
        ),
      )
      .toContain('6')
    await clickhouse.insert({ table: 'beside', values: [{ n: 7 }], format: 'JSONEachRow' })
    for (let n = 0; n < 20; n++)
      expect(await text('select {n:UInt8} + count() from beside', { n })).toBe(String(n + 1))
    expect(ended).toBe(0)
    await Promise.all(reports)
  })

  it('binds parameters of hostile text exactly, also when queries run side by side', async () => {
    const values = ["it's", '\\', '\\N', 'a\tb\nc', '{x:String}', "'; drop table beside; --", '☃\u0000', '']
    const answers = values.flatMap((value) =>
      Array.from({ length: 10 }, async () =>
        expect(await only('select {v:String} as v', { v: value })).toEqual({ v: value }),
      ),
    )
    await Promise.all(answers)
  })

  it('takes the ids of 20,000 leads as one parameter', async () => {
    const ids = Array.from(
      { length: 20_000 },
      (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    )
    expect(await text('select length({ids:Array(UUID)})', { ids })).toBe('20000')
  })

  it('forgets a parameter and a setting after the query they came with', async () => {
    await text('select {once:String}', { once: 'x' })
    for (let i = 0; i < 8; i++) {
      await expect(text('select {once:String}')).rejects.toMatchObject({ code: '456' })
      expect(await text("select getSetting('max_threads')")).toBe('2')
    }
  })

  it('answers many rows as one document where the format is one', async () => {
    const result = await clickhouse.query({ query: 'select number from numbers(200000)', format: 'JSON' })
    expect((await result.json()).data).toHaveLength(200_000)
  })

  it('gives nobody the rest of a result that was cut short', async () => {
    for (const from of ['numbers(4000000000)', '(select number from numbers(4000000000))']) {
      const giveUp = new AbortController()
      const report = clickhouse.query({
        query: `select max(sipHash64(number)) from ${from}`,
        format: 'JSON',
        abort_signal: giveUp.signal,
      })
      await expect
        .poll(() =>
          text(
            "select count() from system.processes where query like '%max(sip%' and query not like '%processes%'",
          ),
        )
        .toContain('1')
      giveUp.abort()
      await expect(report).rejects.toThrow('aborted')
      await expect
        .poll(() =>
          text(
            "select count() from system.processes where query like '%max(sip%' and query not like '%processes%'",
          ),
        )
        .toContain('0')
      expect(await Promise.all(Array.from({ length: 8 }, () => only('select 1 as one')))).toEqual(
        Array(8).fill({ one: 1 }),
      )
    }
  })

  it('takes a batch once per token, in the table and in the roll-up fed from it', async () => {
    const window = 'settings non_replicated_deduplication_window = 100'
    await clickhouse.command({
      query: `create table facts (n Int64) engine = MergeTree order by n ${window}`,
    })
    await clickhouse.command({
      query: `create table sums (k UInt8, s Int64) engine = SummingMergeTree order by k ${window}`,
    })
    await clickhouse.command({
      query: 'create materialized view feed to sums as select 1 as k, sum(n) as s from facts group by k',
    })
    const send = (token: string) =>
      clickhouse.insert({
        table: 'facts',
        values: [{ n: 1 }, { n: 2 }],
        format: 'JSONEachRow',
        clickhouse_settings: {
          insert_deduplication_token: token,
          deduplicate_blocks_in_dependent_materialized_views: 1,
        },
      })
    await send('a')
    await send('a')
    await send('b')
    expect(
      await only('select (select count() from facts) as facts, (select sum(s) from sums) as sums'),
    ).toEqual({ facts: 4, sums: 6 })
  })

  it('reads a dictionary over a local table and sees a new row after a reload', async () => {
    await clickhouse.command({
      query:
        'create table alias (lead UUID, target UUID, version UInt64) engine = ReplacingMergeTree(version) order by lead',
    })
    await clickhouse.command({
      query: `create dictionary lead_alias (lead UUID, target UUID) primary key lead
        source(clickhouse(query 'select lead, target from default.alias final')) layout(complex_key_hashed()) lifetime(0)`,
    })
    const [a, b] = ['00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000b']
    const read = () =>
      text("select dictGetOrDefault('lead_alias', 'target', tuple({a:UUID}), {a:UUID})", { a })
    expect(await read()).toBe(a)
    await clickhouse.insert({
      table: 'alias',
      values: [{ lead: a, target: b, version: 1 }],
      format: 'JSONEachRow',
    })
    await clickhouse.command({ query: 'system reload dictionary lead_alias' })
    expect(await read()).toBe(b)
  })

  it('streams a large result and tells an error in its middle', async () => {
    const count = async (query: string): Promise<number> => {
      const result = await clickhouse.query({ query, format: 'JSONEachRow' })
      let rows = 0
      for await (const some of result.stream()) rows += some.length
      return rows
    }
    expect(await count('select number from numbers(2000000)')).toBe(2_000_000)
    await expect(count('select throwIf(number = 1500000) from numbers(2000000)')).rejects.toMatchObject({
      code: '395',
    })
  })

  it('refuses a result that is too large to hold, and goes on', async () => {
    const huge = "select * from (select number, repeat('x', 1000) as x from numbers(4000000))"
    await expect(text(huge)).rejects.toMatchObject({ type: 'MEMORY_LIMIT_EXCEEDED' })
    expect(await text('select 1')).toBe('1')
  })

  it('refuses a wrong password and a session', async () => {
    const target = new URL(store.url)
    target.password = 'wrong'
    const stranger = openClickHouse(target.toString())
    await expect(stranger.command({ query: 'select 1' })).rejects.toMatchObject({
      type: 'AUTHENTICATION_FAILED',
    })
    await stranger.close()
    await expect(clickhouse.command({ query: 'select 1', session_id: 's' })).rejects.toThrow(
      'session_id is not supported',
    )
  })

  it(
    'keeps what it acknowledged when it is killed, and comes back at the same address',
    { timeout: 60_000 },
    async () => {
      await clickhouse.command({ query: 'create table kept (n UInt64) engine = MergeTree order by n' })
      await clickhouse.insert({ table: 'kept', values: [{ n: 1 }], format: 'JSONEachRow' })
      const killed = store.pid
      process.kill(killed, 'SIGKILL')
      await expect
        .poll(() => text('select n from kept').catch(() => 'away'), { timeout: 30_000, interval: 50 })
        .toBe('1')
      await expect.poll(() => store.pid !== killed).toBe(true)
    },
  )
})

async function onPostgres(query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(query)).rows
  } finally {
    await client.end()
  }
}

async function text(query: string, params: Record<string, unknown> = {}, maxSeconds = 5): Promise<string> {
  const result = await clickhouse.query({
    query,
    query_params: params,
    format: 'TabSeparated',
    clickhouse_settings: { max_execution_time: maxSeconds },
  })
  return (await result.text()).trim()
}

async function only(query: string, params: Record<string, unknown> = {}): Promise<unknown> {
  const result = await clickhouse.query({ query, query_params: params, format: 'JSONEachRow' })
  return (await result.json())[0]
}
