// Outgoing calls against a server on loopback that misbehaves.
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOf, call } from './http.ts'
import type { OutgoingRequest } from './http.ts'

let server: Server
let url: string
let atOnce = 0
let mostAtOnce = 0

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? ''
  if (path.startsWith('/silent')) return
  if (path.startsWith('/dropped')) return void request.socket.destroy()
  if (path.startsWith('/moved')) return void response.writeHead(302, { location: '/elsewhere' }).end('moved')
  if (path.startsWith('/slow')) {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce)
    await new Promise((resolve) => setTimeout(resolve, 20))
    atOnce--
    return void response.end('slow')
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({ path, type: request.headers['content-type'], body: Buffer.concat(chunks).toString() }),
  )
}

const pace = { key: 'test', concurrency: 8 }
const get = (path: string, more: Partial<OutgoingRequest> = {}) =>
  call({ method: 'GET', url: url + path, timeoutMs: 2_000, ...more }, pace)

test('a body goes out as JSON, as a form or as it is', async () => {
  for (const [body, type, text] of [
    [{ json: { a: 'ä' } }, 'application/json', '{"a":"ä"}'],
    [{ form: { a: 'b c' } }, 'application/x-www-form-urlencoded', 'a=b+c'],
    [{ text: '<x/>', type: 'text/xml' }, 'text/xml', '<x/>'],
  ] as const) {
    const answered = await get('/echo', { method: 'POST', body, query: { q: '1&2' } })
    expect(answered.kind === 'answered' && JSON.parse(answered.text)).toEqual({
      path: '/echo?q=1%262',
      type,
      body: text,
    })
  }
})

test('a redirect is an answer and is not followed', async () => {
  expect(await get('/moved')).toMatchObject({ kind: 'answered', status: 302, text: 'moved' })
})

test('an answer that does not come, or breaks off, is lost: nobody knows whether the call was processed', async () => {
  expect(await get('/silent', { timeoutMs: 100 })).toMatchObject({ kind: 'lost' })
  expect(await get('/dropped')).toMatchObject({ kind: 'lost' })
})

test('a port where nobody listens is unreached: nothing was sent', async () => {
  const nobody = createServer()
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
  const { port } = nobody.address() as AddressInfo
  await new Promise((resolve) => nobody.close(resolve))
  expect(
    await call({ method: 'GET', url: `http://127.0.0.1:${port}/`, timeoutMs: 2_000 }, pace),
  ).toMatchObject({ kind: 'unreached' })
})

test('a guarded call does not reach a private address, unless its host is allowed', async () => {
  expect(await get('/echo', { isGuarded: true })).toMatchObject({ kind: 'blocked' })
  const allowed = await call({ method: 'GET', url: `${url}/echo`, timeoutMs: 2_000, isGuarded: true }, pace, [
    '127.0.0.1',
  ])
  expect(allowed).toMatchObject({ kind: 'answered', status: 200 })
})

test('what shares a pace waits for its turn', async () => {
  const slow = { key: 'slow', concurrency: 2 }
  await Promise.all(
    Array.from({ length: 8 }, () => call({ method: 'GET', url: `${url}/slow`, timeoutMs: 2_000 }, slow)),
  )
  expect(mostAtOnce).toBe(2)
})

test('an answer longer than its limit is cut', async () => {
  const cut = await get('/echo', {
    method: 'POST',
    body: { text: 'x'.repeat(5_000), type: 'a/b' },
    answerLimitBytes: 100,
  })
  expect(cut.kind === 'answered' && cut.text.length).toBe(100)
})

test('a query is appended to what the address has already', () => {
  expect(addressOf({ url: 'https://a.example/x?b=1', query: { c: '2' } })).toBe('https://a.example/x?b=1&c=2')
})
