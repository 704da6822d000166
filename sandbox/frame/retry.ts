// Sends a webhook until it is taken, as vendors do that try again: a few times, each after a longer while.
import type { Sent, Webhook, World } from './world.ts'

/** Hours of the real ones, pressed into a minute. */
export const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000, 16_000, 32_000]

/** @param isDone whether an answer ends the tries; a 2xx where not told */
export function sendUntilTaken(
  world: World,
  webhook: Webhook,
  {
    delaysMs = RETRY_DELAYS_MS,
    isDone = isTaken,
  }: { delaysMs?: number[]; isDone?: (sent: Sent) => boolean } = {},
): void {
  const attempt = async (turn: number): Promise<void> => {
    const sent = await world.send(webhook)
    const delayMs = delaysMs[turn]
    if (!isDone(sent) && delayMs !== undefined) world.later(delayMs, () => attempt(turn + 1))
  }
  void attempt(0)
}

export function isTaken({ status }: Sent): boolean {
  return status !== null && status >= 200 && status < 300
}
