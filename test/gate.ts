// A gate before a store: what passes through it can be cut off and let through again, as when a server goes and comes.
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface Gate {
  /** the store's URL with the gate's port */
  url: string
  /** ends every connection; new ones are refused at once */
  shut(): Promise<void>
  /** connections are taken and nothing is ever answered, as by a machine that hangs */
  mute(): void
  open(): Promise<void>
  close(): Promise<void>
}

/** Opens a gate before the server that a URL names. */
export async function openGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<Socket>()
  let isMute = false
  const server = createServer((from) => {
    pairs.add(from)
    from.on('error', () => undefined).on('close', () => pairs.delete(from))
    if (isMute) return
    const to = connect(Number(port), hostname)
    pairs.add(to)
    to.on('error', () => from.destroy()).on('close', () => {
      pairs.delete(to)
      from.destroy()
    })
    from.on('close', () => to.destroy())
    from.pipe(to).pipe(from)
  })
  let listening = 0
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(listening, '127.0.0.1', () => resolve())
    })
  await listen()
  listening = (server.address() as AddressInfo).port
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(listening)
  const cut = () => {
    for (const socket of pairs) socket.destroy()
  }
  const shut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      cut()
    })
  return {
    url: url.toString(),
    shut,
    mute() {
      isMute = true
      cut()
    },
    async open() {
      if (isMute) cut()
      isMute = false
      if (!server.listening) await listen()
    },
    close: () => (server.listening ? shut() : Promise.resolve()),
  }
}
