// The frame: faults strike as asked, the page shows what was received, resets forget.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox } from '../test/sandbox.ts'
import type { SandboxUnderTest } from '../test/sandbox.ts'

const PATH = '/meta/v26.0/2000000000000001?access_token=EAASANDBOXDATASET0000000000000001'

let sandbox: SandboxUnderTest
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.call('POST', '/control/reset', {}))

const fault = (changes: object) => sandbox.call('POST', '/control/faults', { vendor: 'meta', ...changes })
const last = async () => (await sandbox.call('GET', '/control/requests?vendor=meta&limit=1')).json

describe('faults on demand', () => {
  test('too many calls are answered 429 with Retry-After, in the words of the vendor', async () => {
    await fault({ kind: 'too_many', retryAfterS: 7 })
    const answer = await sandbox.call('GET', PATH)
    expect(answer).toMatchObject({ status: 429, json: { error: { code: 4, is_transient: true } } })
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  test('a server error has the status asked for', async () => {
    await fault({ kind: 'server_error', status: 503 })
    expect(await sandbox.call('GET', PATH)).toMatchObject({ status: 503, json: { error: { code: 2 } } })
  })

  test('a dropped connection is cut before the call is processed', async () => {
    await fault({ kind: 'dropped' })
    await expect(sandbox.call('GET', PATH)).rejects.toThrow()
    expect(await last()).toMatchObject([{ status: null, faults: ['dropped'] }])
  })

  test('a lost answer is processed and noted, and the caller learns nothing', async () => {
    await fault({ kind: 'lost_answer' })
    await expect(sandbox.call('GET', PATH)).rejects.toThrow()
    expect(await last()).toMatchObject([{ status: 200, faults: ['lost_answer'] }])
  })

  test('latency holds the answer up', async () => {
    await fault({ kind: 'latency', delayMs: 30 })
    await sandbox.call('GET', PATH)
    const [entry] = (await last()) as { tookMs: number }[]
    expect(entry?.tookMs).toBeGreaterThanOrEqual(29)
  })

  test('a fault strikes at its rate, on its vendor and its path alone, and as often as allowed', async () => {
    await fault({ kind: 'server_error', percent: 30 })
    const statuses: number[] = []
    for (let turn = 0; turn < 200; turn++) statuses.push((await sandbox.call('GET', PATH)).status)
    const struck = statuses.filter((status) => status === 500).length
    expect(struck).toBeGreaterThan(40)
    expect(struck).toBeLessThan(80)
    await sandbox.call('DELETE', '/control/faults')

    await fault({ vendor: 'shopify', kind: 'server_error' })
    await fault({ kind: 'server_error', path: '/events' })
    expect((await sandbox.call('GET', PATH)).status).toBe(200)

    await fault({ kind: 'server_error', times: 2 })
    const next = [1, 2, 3].map(() => sandbox.call('GET', PATH))
    expect((await Promise.all(next)).map(({ status }) => status).sort()).toEqual([200, 500, 500])
  })

  test('a fault that makes no sense is refused with a sentence', async () => {
    expect(await fault({ kind: 'mood' })).toMatchObject({ status: 400, json: { error: expect.any(String) } })
    expect((await fault({ kind: 'latency', percent: 101 })).status).toBe(400)
    expect((await fault({ kind: 'server_error', status: 200 })).status).toBe(400)
  })

  test('one fault can be removed by its id', async () => {
    const { json } = await fault({ kind: 'server_error' })
    await sandbox.call('DELETE', `/control/faults/${(json as { id: number }).id}`)
    expect((await sandbox.call('GET', PATH)).status).toBe(200)
  })
})

describe('the page', () => {
  test('the overview names every vendor with the base URL to set', async () => {
    const { text, headers } = await sandbox.call('GET', '/')
    expect(headers.get('content-type')).toContain('text/html')
    expect(text).toContain(`${sandbox.url}/meta`)
  })

  test('a vendor shows its calls with request and answer, made safe', async () => {
    await sandbox.call('POST', '/meta/v26.0/2000000000000001/events', { data: '<script>alert(1)</script>' })
    const { text } = await sandbox.call('GET', '/seen/meta')
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).not.toContain('<script>')
    expect(text).toContain('An access token is required')
  })

  test('a form of the page does what the control API does and leads back', async () => {
    const { status, headers } = await sandbox.call(
      'POST',
      '/control/faults',
      'vendor=meta&kind=dropped&percent=5',
      {
        'content-type': 'application/x-www-form-urlencoded',
        referer: `${sandbox.url}/seen/meta`,
      },
    )
    expect([status, headers.get('location')]).toEqual([303, `${sandbox.url}/seen/meta`])
    expect((await sandbox.call('GET', '/control/faults')).json).toMatchObject([
      { kind: 'dropped', percent: 5 },
    ])
  })

  test('another website cannot set faults through a browser', async () => {
    const { status } = await sandbox.call(
      'POST',
      '/control/faults',
      { kind: 'dropped' },
      {
        'sec-fetch-site': 'cross-site',
      },
    )
    expect(status).toBe(403)
  })
})

test('only the last 200 calls of a vendor are kept, and long bodies are cut', async () => {
  for (let turn = 0; turn < 205; turn++) await sandbox.call('GET', PATH)
  await sandbox.call('POST', PATH, 'x'.repeat(100_000))
  const { json } = await sandbox.call('GET', '/control/requests?vendor=meta&limit=1000')
  const entries = json as { requestBody: string }[]
  expect(entries).toHaveLength(200)
  expect(entries[0]?.requestBody.length).toBeLessThan(17_000)
  const { vendors } = (await sandbox.call('GET', '/control')).json as { vendors: object[] }
  expect(vendors).toContainEqual({ id: 'meta', name: 'Meta', received: 206, sent: 0 })
})

test('what is not there is said in words', async () => {
  expect(await sandbox.call('GET', '/nothing')).toMatchObject({
    status: 404,
    json: { error: expect.any(String) },
  })
  expect(await sandbox.call('GET', '/control/nothing')).toMatchObject({ status: 404 })
})
