// Signing in, with two-factor where it is on, and the limits on tries per address and per account.
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { hashSecret } from './secrets.ts'
import { isDigits } from './sessions.ts'
import type { BrowserHeaders, Opened, Sessions } from './sessions.ts'
import { countTry, forgiveTries } from './store/people.ts'
import { deleteUsedCode, insertUsedCode } from './store/sessions.ts'

export type World = Pick<Services, 'db' | 'clock'>

/** Tries that fail within a quarter of an hour before the next is refused. */
export const TRIES = { account: 10, address: 30, accountEverywhere: 100, code: 10 } as const
const WINDOW_MS = 15 * 60_000

/** Checks e-mail and password and opens a session or asks for a code; refuses wrong ones (401) and too many tries (429). */
export async function signIn(
  world: World,
  sessions: Sessions,
  credentials: { email: string; password: string },
  from: BrowserHeaders,
): Promise<Opened> {
  const email = credentials.email.toLowerCase()
  const client = clientOf(from.address)
  const limits = [...accountLimits(email, client), { name: `address ${client}`, limit: TRIES.address }]
  const opened = await limited(world, limits, () => sessions.open(email, credentials.password, from))
  if (opened) return opened
  throw new Refusal('credentials_wrong', 401, 'E-mail or password is wrong. Check both and try again.')
}

/** The limits that belong to an account, from one client and from everywhere. */
export function accountLimits(email: string, client: string): { name: string; limit: number }[] {
  return [
    { name: `account ${email} from ${client}`, limit: TRIES.account },
    { name: `account ${email}`, limit: TRIES.accountEverywhere },
  ]
}

/**
 * Checks the code that follows the password: of an authenticator, where it has not opened a session before, or of the list
 * of recovery codes. Refuses a wrong one (401), too many tries (429), and a question that is over (401).
 */
export async function answerWithCode(
  world: World,
  sessions: Sessions,
  typed: string,
  from: BrowserHeaders,
): Promise<{ userId: string; cookies: string[] }> {
  const userId = await sessions.challenged(from.cookie)
  if (userId === undefined) throw signInOver()
  const code = typed.replaceAll(/\s/g, '')
  const limits = [
    { name: `code of ${userId}`, limit: TRIES.code },
    { name: `address ${clientOf(from.address)}`, limit: TRIES.address },
  ]
  const answered = await limited(world, limits, async () => {
    const given = isDigits(code)
      ? await onlyOnce(world, userId, code, () => sessions.answer(code, from))
      : await sessions.answer(code, from)
    return given === 'wrong' ? undefined : given
  })
  if (answered === 'over') throw signInOver()
  if (answered) return answered
  throw new Refusal(
    'code_wrong',
    401,
    'This code is wrong or was used before. Enter the one that your app shows now, or a recovery code.',
  )
}

/**
 * Runs a check of six digits that may succeed once (https://www.rfc-editor.org/rfc/rfc6238#section-5.2). They are noted
 * before they are checked, so that of two who send the same at one moment one is refused.
 */
export async function onlyOnce<T>(
  world: World,
  userId: string,
  code: string,
  check: () => Promise<T | 'wrong'>,
): Promise<T | 'wrong'> {
  const hash = hashSecret(code)
  if (!(await insertUsedCode(world.db, userId, hash, world.clock()))) return 'wrong'
  const result = await check()
  if (result === 'wrong') await deleteUsedCode(world.db, userId, hash)
  return result
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

function signInOver(): Refusal {
  return new Refusal('sign_in_over', 401, 'This sign-in took too long. Begin again with e-mail and password.')
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
