// A free port on the loopback address.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** A port that was free a moment ago on 127.0.0.1; `preferred` is returned where it is free. */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await tryPort(preferred)) !== undefined) return preferred
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = await tryPort(randomInt(LOWEST, HIGHEST + 1))
    if (port !== undefined) return port
  }
  const port = await tryPort(0)
  if (port === undefined) throw new Error('No port is free on 127.0.0.1.')
  return port
}

// Below the ports that systems give to outgoing connections (Linux from 32768, macOS and IANA from 49152), so that no such
// connection holds the port of a server that is just being started again. A client that calls a dead port of that range may
// even be connected to itself.
const LOWEST = 20_000
const HIGHEST = 32_000

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
