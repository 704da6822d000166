// Sessions, kept by better-auth: a signed cookie that names a row in PostgreSQL; with two-factor, a code before it.
import type { Db } from '../platform/postgres.ts'
import { bare, configureAuth, cookieValue, derivedKey, headersOf, refusalCode } from './auth.ts'
import type { Auth, BrowserHeaders, SessionOptions } from './auth.ts'
import { memoryOf } from './cache.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import { noteSessionUse } from './store/sessions.ts'

export type { BrowserHeaders, SessionOptions } from './auth.ts'

export interface Session {
  userId: string
  sessionId: string
}

/** What right credentials open: a session, or with two-factor the question for a code. `cookies` are `Set-Cookie` values. */
export type Opened =
  { needsCode: false; userId: string; cookies: string[] } | { needsCode: true; cookies: string[] }

/** What a code that was typed after the password opens; `over` where the question was asked too long ago or too often. */
export type Answered = { userId: string; cookies: string[] } | 'wrong' | 'over'

export interface Sessions {
  /** Checks e-mail and password; undefined where they do not fit. */
  open(email: string, password: string, from: BrowserHeaders): Promise<Opened | undefined>
  /** Whom a question for a code was put to, by its cookie; not proven before `answer` takes it. */
  challenged(cookie: string | undefined): Promise<string | undefined>
  /** Checks six digits of an authenticator, or else a recovery code, which is then used up. */
  answer(code: string, from: BrowserHeaders): Promise<Answered>
  /** Who the cookie belongs to; remembered for some seconds. */
  read(from: BrowserHeaders): Promise<Session | undefined>
  /** As `read`, asked afresh; prolongs the session once a day, for which it gives `Set-Cookie` values. */
  prolong(from: BrowserHeaders): Promise<(Session & { cookies: string[] }) | undefined>
  /** Ends the session of the cookie; gives the `Set-Cookie` values that remove it. */
  close(from: BrowserHeaders): Promise<string[]>
  /** Makes a secret for an authenticator, and recovery codes; neither counts before `confirmTwoFactor`. */
  startTwoFactor(password: string, from: BrowserHeaders): Promise<{ uri: string; recoveryCodes: string[] }>
  /** Turns two-factor on where the code fits; the session goes on under another cookie. */
  confirmTwoFactor(code: string, from: BrowserHeaders): Promise<{ cookies: string[] } | undefined>
  /** A recovery code as the database keeps it. */
  hashCode(code: string): string
}

/** Opens the sessions of a database. A session lasts 30 days from the day of its last use. */
export function openSessions(db: Db, options: SessionOptions, clock: () => Date): Sessions {
  const auth = configureAuth(db, options)
  const codeKey = derivedKey(options.secretKey, 'accounts.recovery_codes')
  const names = cookieNames(auth)
  return {
    async open(email, password, from) {
      try {
        const { headers, response } = await bare(
          auth.api.signInEmail({ body: { email, password }, headers: headersOf(from), returnHeaders: true }),
        )
        const cookies = headers.getSetCookie()
        // Two-factor's hook answers in place of the session, which the library's types do not know.
        if (!('user' in response)) return { needsCode: true, cookies }
        return { needsCode: false, userId: response.user.id, cookies }
      } catch (error) {
        if (refusalCode(error) === 'INVALID_EMAIL_OR_PASSWORD') return undefined
        throw error
      }
    },
    async challenged(cookie) {
      const signed = cookieValue(cookie, (await names).challenge)
      if (!signed) return undefined
      // The identifier comes before the signature, and is of letters and digits: nothing in it was written otherwise.
      const [identifier = ''] = signed.split('.')
      const found = await (await auth.$context).internalAdapter.findVerificationValue(identifier)
      return found?.value
    },
    async answer(code, from) {
      // A session that the browser still has would be asked instead of the question.
      const asked = cookieValue(from.cookie, (await names).challenge)
      const cookie = asked && `${(await names).challenge}=${asked}`
      const headers = headersOf({ ...from, cookie })
      try {
        const { headers: replied, response } = await bare(
          isDigits(code)
            ? auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true })
            : auth.api.verifyBackupCode({
                body: { code: hashRecoveryCode(codeKey, code) },
                headers,
                returnHeaders: true,
              }),
        )
        return { userId: response.user.id, cookies: replied.getSetCookie() }
      } catch (error) {
        const refused = refusalCode(error)
        if (refused === undefined) throw error
        return refused === 'INVALID_CODE' || refused === 'INVALID_BACKUP_CODE' ? 'wrong' : 'over'
      }
    },
    async read(from) {
      const value = cookieValue(from.cookie, (await names).session)
      if (!value) return undefined
      return memoryOf(db).sessions.get(value, async () => {
        const found = await bare(
          auth.api.getSession({ headers: headersOf(from), query: { disableRefresh: true } }),
        )
        if (!found) return undefined
        await noteSessionUse(db, found.session.id, from.address, clock())
        return { userId: found.user.id, sessionId: found.session.id }
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
    async startTwoFactor(password, from) {
      const made = await bare(
        auth.api.enableTwoFactor({ body: { password, method: 'totp' }, headers: headersOf(from) }),
      )
      if (made.method !== 'totp') throw new Error('two-factor was begun without an authenticator')
      return { uri: made.totpURI, recoveryCodes: made.backupCodes }
    },
    async confirmTwoFactor(code, from) {
      try {
        const { headers } = await bare(
          auth.api.verifyTOTP({ body: { code }, headers: headersOf(from), returnHeaders: true }),
        )
        memoryOf(db).sessions.forget()
        return { cookies: headers.getSetCookie() }
      } catch (error) {
        if (['INVALID_CODE', 'TOTP_NOT_ENABLED'].includes(refusalCode(error) ?? '')) return undefined
        throw error
      }
    },
    hashCode: (code) => hashRecoveryCode(codeKey, code),
  }
}

/** Whether a typed code comes from an authenticator rather than from the list of recovery codes. */
export function isDigits(code: string): boolean {
  return /^\d{6}$/.test(code)
}

async function cookieNames(auth: Auth): Promise<{ session: string; challenge: string }> {
  const context = await auth.$context
  return {
    session: context.authCookies.sessionToken.name,
    challenge: context.createAuthCookie('two_factor').name,
  }
}
