// Sessions, kept by better-auth: a signed cookie that names a row in PostgreSQL. Its own routes are not served.
import { createHmac } from 'node:crypto'
import { betterAuth } from 'better-auth'
import type { BetterAuthOptions } from 'better-auth'
import { isAPIError } from 'better-auth/api'
import { newId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { memoryOf } from './cache.ts'

/** What a browser sent along that a session is made from or found by. */
export interface BrowserHeaders {
  cookie: string | undefined
  userAgent: string | undefined
  /** the client's address, proxies already taken off */
  address: string
}

export interface Sessions {
  /** Checks e-mail and password; gives the `Set-Cookie` values of a new session, undefined where they do not fit. */
  open(
    email: string,
    password: string,
    from: BrowserHeaders,
  ): Promise<{ userId: string; cookies: string[] } | undefined>
  /** Who the cookie belongs to; remembered for some seconds. */
  read(cookie: string | undefined): Promise<{ userId: string } | undefined>
  /** As `read`, asked afresh; prolongs the session once a day, for which it gives `Set-Cookie` values. */
  prolong(from: BrowserHeaders): Promise<{ userId: string; sessionId: string; cookies: string[] } | undefined>
  /** Ends the session of the cookie; gives the `Set-Cookie` values that remove it. */
  close(from: BrowserHeaders): Promise<string[]>
}

export interface SessionOptions {
  /** the installation's key; what signs the cookies is derived from it */
  secretKey: Buffer
  /** https makes the cookies `Secure` */
  publicUrl: string | undefined
}

const DAY_SECONDS = 86_400

/** How better-auth's tables and columns are named here; db/postgres/0002_accounts.sql makes them. */
export const sessionTables = {
  session: {
    modelName: 'sessions',
    expiresIn: 30 * DAY_SECONDS,
    updateAge: DAY_SECONDS,
    fields: {
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  user: {
    modelName: 'users',
    fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  account: {
    modelName: 'credentials',
    fields: {
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'verifications',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
} satisfies BetterAuthOptions

/** Opens the sessions of a database. A session lasts 30 days from the day of its last use. */
export function openSessions(db: Db, options: SessionOptions): Sessions {
  const auth = configure(db, options)
  const cookieName = auth.$context.then((context) => context.authCookies.sessionToken.name)
  return {
    async open(email, password, from) {
      try {
        const { headers, response } = await bare(
          auth.api.signInEmail({ body: { email, password }, headers: headersOf(from), returnHeaders: true }),
        )
        return { userId: response.user.id, cookies: headers.getSetCookie() }
      } catch (error) {
        if (isAPIError(error) && error.statusCode === 401) return undefined
        throw error
      }
    },
    async read(cookie) {
      const value = cookie && cookieValue(cookie, await cookieName)
      if (!value) return undefined
      return memoryOf(db).sessions.get(value, async () => {
        const found = await bare(
          auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } }),
        )
        return found ? { userId: found.user.id } : undefined
      })
    },
    async prolong(from) {
      const { headers, response } = await bare(
        auth.api.getSession({ headers: headersOf(from), returnHeaders: true }),
      )
      if (!response) return undefined
      return { userId: response.user.id, sessionId: response.session.id, cookies: headers.getSetCookie() }
    },
    async close(from) {
      const { headers } = await bare(auth.api.signOut({ headers: headersOf(from), returnHeaders: true }))
      memoryOf(db).sessions.forget()
      return headers.getSetCookie()
    },
  }
}

const ADDRESS_HEADER = 'x-client-address'

function configure(db: Db, options: SessionOptions) {
  return betterAuth({
    appName: 'Throughline',
    baseURL: options.publicUrl ?? 'http://localhost',
    secret: createHmac('sha256', options.secretKey).update('accounts.sessions').digest('base64'),
    database: { db, type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    // Its messages are about wrong passwords and the like, which the caller learns anyway.
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    ...sessionTables,
    // Limits are counted in PostgreSQL (sign-in.ts), so that several processes share them.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'throughline',
      useSecureCookies: options.publicUrl?.startsWith('https://') ?? false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: () => newId(), validateSchema: false },
    },
  })
}

// better-auth hides a database that is away behind an error of its own; the server tells it by the original (503).
async function bare<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw isAPIError(error) && error.cause instanceof Error ? error.cause : error
  }
}

function headersOf(from: BrowserHeaders): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: from.address })
  if (from.cookie) headers.set('cookie', from.cookie)
  if (from.userAgent) headers.set('user-agent', from.userAgent)
  return headers
}

function cookieValue(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const cut = part.indexOf('=')
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim()
  }
  return undefined
}
