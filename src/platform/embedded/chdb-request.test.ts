// The reading of ClickHouse's HTTP requests.
import { describe, expect, it } from 'vitest'
import { isStreamable, kindOf, paramsAskedBy, quote, readEngineRequest, statusOf } from './chdb-request.ts'

const none = Buffer.alloc(0)

describe('a request to the engine', () => {
  it('takes the statement from the body and parameters, settings and database from the URL', () => {
    const request = readEngineRequest(
      '/?query_id=q1&param_lead=a%27b&max_execution_time=20&enable_http_compression=1&database=t',
      { 'accept-encoding': 'gzip' },
      Buffer.from('select {lead:String};'),
    )
    expect(request).toMatchObject({
      sql: 'select {lead:String}',
      params: { lead: "a'b" },
      settings: { max_execution_time: '20' },
      database: 't',
      queryId: 'q1',
      limitSeconds: 20,
      wantsCompression: true,
      insert: undefined,
    })
  })

  it('takes an insert apart and leaves its rows as they came', () => {
    const rows = Buffer.from('{"a":1}\n')
    const request = readEngineRequest(
      `/?query=${encodeURIComponent('insert into `d`.events (a, b) format JSONEachRow')}&insert_deduplication_token=x`,
      {},
      rows,
    )
    expect(request.insert).toEqual({
      table: 'd.events',
      columns: ['a', 'b'],
      format: 'JSONEachRow',
      settings: {},
      rows,
    })
    expect(request.insert?.rows).toBe(rows)
    expect(request.settings).toEqual({ insert_deduplication_token: 'x' })
  })

  it('reads long parameters from a form', () => {
    const body = ['--B', 'Content-Disposition: form-data; name="query"', '', 'select {x:String}', '--B']
      .concat('Content-Disposition: form-data; name="param_x"', '', 'two\r\nlines', '--B--', '')
      .join('\r\n')
    const request = readEngineRequest(
      '/?query_id=q',
      { 'content-type': 'multipart/form-data; boundary=B' },
      Buffer.from(body),
    )
    expect(request).toMatchObject({ sql: 'select {x:String}', params: { x: 'two\r\nlines' } })
  })

  it.each([
    ['/?query=select+1&session_id=s', 'session_id is not supported'],
    ['/?query=select+1&role=r', 'role is not supported'],
    ['/?query=insert+into+t+format+Native', 'takes rows in JSONEachRow'],
    ['/?query=select+1&bad-name=1', 'Unknown setting'],
    ['/', 'Empty query'],
  ])('refuses %s in words', (target, words) => {
    expect(() => readEngineRequest(target, {}, none)).toThrow(words)
  })
})

it('tells a read from a write past comments', () => {
  expect(kindOf('-- note\n /* x */ SELECT 1')).toBe('read')
  expect(kindOf('with 1 as x select x')).toBe('read')
  expect(kindOf('create table t (a Int8) engine = Memory as select 1')).toBe('write')
  expect(kindOf('selection')).toBe('write')
})

it('streams a plain select only, since a sub-select runs before the stream begins', () => {
  expect(isStreamable("select 'select' from t where a in (1, 2)", 'TSV')).toBe(true)
  expect(isStreamable('select (select max(a) from t)', 'TSV')).toBe(false)
  expect(isStreamable('with (select 1) as x select x', 'TSV')).toBe(false)
  expect(isStreamable('show tables', 'TSV')).toBe(false)
  expect(isStreamable('select a from t\nFORMAT JSONEachRow', 'JSON')).toBe(true)
  expect(isStreamable('select a from t\nFORMAT JSON', 'TSV')).toBe(false)
  expect(isStreamable('select a from t', 'JSON')).toBe(false)
})

it('finds the parameters a statement asks for and writes text as a literal', () => {
  expect(paramsAskedBy('select {a:UInt8}, { b : Array(String)}')).toEqual(['a', 'b'])
  expect(quote("it's \\ all")).toBe("'it\\'s \\\\ all'")
})

it('answers with the status that the interface gives an error code', () => {
  expect([62, 60, 516, 497, 159, 241].map(statusOf)).toEqual([400, 404, 401, 403, 408, 500])
})
