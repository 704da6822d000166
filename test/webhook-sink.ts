// A small server that takes webhooks for a test, and answers as it is told.
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Taken {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface WebhookSink {
  url: string
  taken: Taken[]
  /** What every next call is answered. */
  answerWith(answer: (taken: Taken) => { status: number; body?: string }): void
  /** Resolves when so many calls came since the start. */
  until(count: number): Promise<Taken[]>
  close(): Promise<void>
}

/** Answers 200 until told otherwise; close it when done. */
export async function openWebhookSink(): Promise<WebhookSink> {
  const taken: Taken[] = []
  let answer: (taken: Taken) => { status: number; body?: string } = () => ({ status: 200 })
  let waiting: { count: number; resolve: () => void }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const call = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts),
      }
      taken.push(call)
      const { status, body = '' } = answer(call)
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
      for (const { count, resolve } of waiting) if (taken.length >= count) resolve()
      waiting = waiting.filter(({ count }) => taken.length < count)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    taken,
    answerWith: (wanted) => void (answer = wanted),
    async until(count) {
      if (taken.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }))
      return taken
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
