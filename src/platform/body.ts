// Reads a request's body whole, bounded in size and in time, so that a slow or endless sender costs next to nothing.
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../lib/refusal.ts'

/** Within this time a body that is held in memory must be in; 500 kB need a line of 17 kB/s. */
export const BODY_SECONDS = 30

/**
 * The bytes of a body. Refuses with 413 (`body_too_large`) one that is longer than `limitBytes`, or says so, and with 408
 * (`body_slow`) one that is not in after `seconds`.
 */
export function readBytes(payload: IncomingMessage, limitBytes: number, seconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const late = setTimeout(
      () =>
        end(
          new Refusal(
            'body_slow',
            408,
            `The body was not in after ${seconds} s. Send it again, or in smaller parts.`,
          ),
        ),
      seconds * 1000,
    )
    const end = (error?: Error) => {
      clearTimeout(late)
      payload.off('data', onData).off('end', onEnd).off('error', end).off('close', onClose)
      if (error) {
        chunks.length = 0
        reject(error)
      } else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size))
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > limitBytes) end(tooLarge(limitBytes))
      else chunks.push(chunk)
    }
    const onEnd = () => end()
    const onClose = () =>
      end(new Refusal('body_incomplete', 400, 'The connection ended before the body was in.'))
    if (Number(payload.headers['content-length']) > limitBytes) end(tooLarge(limitBytes))
    else payload.on('data', onData).once('end', onEnd).once('error', end).once('close', onClose)
  })
}

function tooLarge(limitBytes: number): Refusal {
  return new Refusal(
    'body_too_large',
    413,
    `A request may have at most ${Math.floor(limitBytes / 1024)} kB. Send it in several.`,
  )
}
