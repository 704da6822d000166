// better-auth as it is set up here: our tables, our cookies, two-factor, and none of its routes.
import { createHmac } from 'node:crypto'
import { betterAuth } from 'better-auth'
import type { BetterAuthOptions } from 'better-auth'
import { isAPIError } from 'better-auth/api'
import { twoFactor } from 'better-auth/plugins'
import { newId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { keepRecoveryCodes, newRecoveryCodes } from './recovery-codes.ts'

/** What a browser sent along that a session is made from or found by. */
export interface BrowserHeaders {
  cookie: string | undefined
  userAgent: string | undefined
  /** the client's address, proxies already taken off */
  address: string
}

export interface SessionOptions {
  /** the installation's key; what signs the cookies and seals secrets is derived from it */
  secretKey: Buffer
  /** https makes the cookies `Secure` */
  publicUrl: string | undefined
}

const DAY_SECONDS = 86_400

/** How better-auth's tables and columns are named here; db/postgres/0002_accounts.sql and 0011 make them. */
export const authTables = {
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
    storeIdentifier: 'hashed',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
} satisfies BetterAuthOptions

/** The plugin with its tables; recovery codes are kept as hashes under `key`. */
export function twoFactorOf(key: Buffer) {
  return twoFactor({
    issuer: APP_NAME,
    twoFactorCookieMaxAge: CHALLENGE_SECONDS,
    // Limits are counted in PostgreSQL (sign-in.ts), in our words, for codes as for passwords.
    accountLockout: { enabled: false },
    backupCodeOptions: {
      customBackupCodesGenerate: newRecoveryCodes,
      storeBackupCodes: keepRecoveryCodes(key),
    },
    schema: {
      user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
      twoFactor: {
        modelName: 'two_factors',
        fields: {
          userId: 'user_id',
          backupCodes: 'backup_codes',
          failedVerificationCount: 'failed_verification_count',
          lockedUntil: 'locked_until',
        },
      },
    },
  })
}

/** Sets the library up over a database. */
export function configureAuth(db: Db, options: SessionOptions) {
  return betterAuth({
    appName: APP_NAME,
    baseURL: options.publicUrl ?? 'http://localhost',
    secret: derivedKey(options.secretKey, 'accounts.sessions').toString('base64'),
    database: { db, type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    // Its messages are about wrong passwords and the like, which the caller learns anyway.
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    ...authTables,
    plugins: [twoFactorOf(derivedKey(options.secretKey, 'accounts.recovery_codes'))],
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

export type Auth = ReturnType<typeof configureAuth>

/** A key for one purpose, so that no two purposes share one. */
export function derivedKey(secretKey: Buffer, purpose: string): Buffer {
  return createHmac('sha256', secretKey).update(purpose).digest()
}

/** What the library is handed of a request. */
export function headersOf(from: BrowserHeaders): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: from.address })
  if (from.cookie) headers.set('cookie', from.cookie)
  if (from.userAgent) headers.set('user-agent', from.userAgent)
  return headers
}

/** One cookie of a `Cookie` header, as it was sent. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const cut = part.indexOf('=')
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim()
  }
  return undefined
}

/** better-auth hides a database that is away behind an error of its own; the server tells it by the original (503). */
export async function bare<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw isAPIError(error) && error.cause instanceof Error ? error.cause : error
  }
}

/** The code of the library's refusal, such as `INVALID_CODE`; undefined for any other error. */
export function refusalCode(error: unknown): string | undefined {
  if (!isAPIError(error)) return undefined
  return String(error.body?.code ?? error.statusCode)
}

const APP_NAME = 'Throughline'
const ADDRESS_HEADER = 'x-client-address'
/** From the password to the second factor. */
const CHALLENGE_SECONDS = 600
