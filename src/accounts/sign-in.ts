// Signing in, with a limit on tries per address, per account from one address, and per account from everywhere.
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { hashSecret } from './secrets.ts'
import type { BrowserHeaders, Sessions } from './sessions.ts'
import { countTry, forgiveTries } from './store/people.ts'

export type World = Pick<Services, 'db' | 'clock'>

/** Tries that fail within a quarter of an hour before the next is refused. */
export const TRIES = { account: 10, address: 30, accountEverywhere: 100 } as const
const WINDOW_MS = 15 * 60_000

/** Checks e-mail and password and opens a session; refuses wrong ones (401) and too many tries (429). */
export async function signIn(
  world: World,
  sessions: Sessions,
  credentials: { email: string; password: string },
  from: BrowserHeaders,
): Promise<{ userId: string; cookies: string[] }> {
  const email = credentials.email.toLowerCase()
  const client = clientOf(from.address)
  const opened = await limited(
    world,
    [
      { name: `account ${email} from ${client}`, limit: TRIES.account },
      { name: `address ${client}`, limit: TRIES.address },
      { name: `account ${email}`, limit: TRIES.accountEverywhere },
    ],
    () => sessions.open(email, credentials.password, from),
  )
  if (opened) return opened
  throw new Refusal('credentials_wrong', 401, 'E-mail or password is wrong. Check both and try again.')
}

/**
 * Runs a check that may be tried only so often. A try counts before it is checked, so that simultaneous ones cannot pass
 * the limit together; where the check succeeds, it is taken back.
 * @param work gives undefined where the check fails
 */
export async function limited<T>(
  world: World,
  limits: { name: string; limit: number }[],
  work: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const now = world.clock()
  const windowStart = new Date(now.getTime() - WINDOW_MS)
  const keys: Buffer[] = []
  for (const { name, limit } of limits) {
    const key = hashSecret(name)
    const { tries, windowStartedAt } = await countTry(world.db, key, now, windowStart)
    if (tries > limit) throw tooManyTries(windowStartedAt.getTime() + WINDOW_MS - now.getTime())
    keys.push(key)
  }
  const result = await work()
  if (result !== undefined) await forgiveTries(world.db, keys, windowStart)
  return result
}

/** One client: an IPv4 address, or the /64 network that one subscriber has under IPv6. */
export function clientOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const start = head === '' ? [] : head.split(':')
  const end = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? [] : Array<string>(Math.max(0, 8 - start.length - end.length)).fill('0')
  return [...start, ...gap, ...end]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

function tooManyTries(waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const minutes = Math.ceil(seconds / 60)
  return new Refusal(
    'attempts_exceeded',
    429,
    `Too many tries. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`,
    { retryAfterSeconds: seconds },
  )
}
