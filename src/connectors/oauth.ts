// OAuth 2 as data: where a vendor asks for consent and hands out tokens, and the requests and answers of it. Pure.
import { createHash } from 'node:crypto'
import type { Exchange } from './exchange.ts'
import { objectOf, outcomeOf, wordsOf } from './exchange.ts'

export interface OAuth<Settings> {
  /** the base whose address the browser is sent to; `api` unless told */
  authoriseBase?: string
  authorisePath: string
  tokenBase?: string
  tokenPath: string
  revokePath?: string
  /** where the vendor sends the browser back to, on our side; that of all connections unless told */
  callbackPath?: string
  scopes: readonly string[]
  /** between scopes; a space unless told */
  scopeSeparator?: string
  usesPkce: boolean
  /** how the client proves itself at the token endpoint */
  clientProof: 'body' | 'basic'
  /** more parameters of the browser's address, of the code exchange */
  authoriseMore?: Readonly<Record<string, string>>
  tokenMore?: Readonly<Record<string, string>>
  /** the app's own id and secret, out of the settings */
  client(settings: Settings): { id: string; secret: string }
  /** how a call carries the token; `Authorization: Bearer` unless told */
  tokenHeader?(token: string): Record<string, string>
  /** whether what came back from the vendor is the vendor's, where it signs that */
  admits?(query: Readonly<Record<string, string>>, settings: Settings, now: Date): boolean
}

/** What a vendor hands out; instants in ISO 8601. */
export interface Tokens {
  accessToken: string
  expiresAt: string | null
  refreshToken: string | null
  refreshExpiresAt: string | null
  scopes: string[]
}

/** Fresh tokens, or why there are none: `gone` where the rights are gone and a person has to connect again. */
export type Granted = { kind: 'granted'; tokens: Tokens } | { kind: 'gone' | 'failed'; words: string }

/** The address that the browser is sent to. */
export function authoriseUrl(
  oauth: OAuth<unknown>,
  asked: { base: string; clientId: string; redirectUri: string; state: string; verifier: string },
): string {
  const query = new URLSearchParams({
    client_id: asked.clientId,
    response_type: 'code',
    redirect_uri: asked.redirectUri,
    scope: oauth.scopes.join(oauth.scopeSeparator ?? ' '),
    state: asked.state,
    // https://www.rfc-editor.org/rfc/rfc7636#section-4.3
    ...(oauth.usesPkce && {
      code_challenge: createHash('sha256').update(asked.verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
    ...oauth.authoriseMore,
  })
  return `${asked.base}${oauth.authorisePath}?${query.toString()}`
}

/** Trades the code of the callback for tokens. */
export function* tradeCode(
  oauth: OAuth<unknown>,
  client: { id: string; secret: string },
  given: { code: string; redirectUri: string; verifier: string },
  now: Date,
): Exchange<Granted> {
  return yield* askForTokens(oauth, client, now, {
    grant_type: 'authorization_code',
    code: given.code,
    redirect_uri: given.redirectUri,
    ...(oauth.usesPkce && { code_verifier: given.verifier }),
    ...oauth.tokenMore,
  })
}

/** Trades a refresh token for a new pair; where the vendor hands out no new refresh token, the old one stays. */
export function* refreshTokens(
  oauth: OAuth<unknown>,
  client: { id: string; secret: string },
  before: Tokens,
  now: Date,
): Exchange<Granted> {
  const granted = yield* askForTokens(oauth, client, now, {
    grant_type: 'refresh_token',
    refresh_token: before.refreshToken ?? '',
  })
  if (granted.kind !== 'granted') return granted
  const { tokens } = granted
  return {
    kind: 'granted',
    tokens: {
      ...tokens,
      scopes: tokens.scopes.length > 0 ? tokens.scopes : before.scopes,
      ...(tokens.refreshToken === null && {
        refreshToken: before.refreshToken,
        refreshExpiresAt: before.refreshExpiresAt,
      }),
    },
  }
}

/** Gives a token back (https://www.rfc-editor.org/rfc/rfc7009). */
export function* revokeToken(
  oauth: OAuth<unknown>,
  client: { id: string; secret: string },
  token: string,
): Exchange<void> {
  if (!oauth.revokePath) return
  yield {
    method: 'POST',
    base: oauth.tokenBase,
    path: oauth.revokePath,
    body: { form: { token, client_id: client.id, client_secret: client.secret } },
  }
}

function* askForTokens(
  oauth: OAuth<unknown>,
  client: { id: string; secret: string },
  now: Date,
  parameters: Record<string, string>,
): Exchange<Granted> {
  const isBasic = oauth.clientProof === 'basic'
  const answer = yield {
    method: 'POST',
    base: oauth.tokenBase,
    path: oauth.tokenPath,
    headers: {
      accept: 'application/json',
      ...(isBasic && {
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`).toString('base64')}`,
      }),
    },
    body: {
      form: { ...parameters, ...(!isBasic && { client_id: client.id, client_secret: client.secret }) },
    },
  }
  const given = objectOf(answer)
  const outcome = outcomeOf(answer)
  if (outcome.kind !== 'sent') {
    // https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    const isGone = given?.error === 'invalid_grant' || outcome.kind === 'reauthorise'
    return { kind: isGone ? 'gone' : 'failed', words: wordsOf(answer) }
  }
  if (typeof given?.access_token !== 'string' || given.access_token === '')
    return { kind: 'failed', words: 'The vendor answered without an access token.' }
  const scope = typeof given.scope === 'string' ? given.scope.split(/[\s,]+/).filter(Boolean) : []
  return {
    kind: 'granted',
    tokens: {
      accessToken: given.access_token,
      expiresAt: after(now, given.expires_in),
      refreshToken: typeof given.refresh_token === 'string' ? given.refresh_token : null,
      refreshExpiresAt: after(now, given.refresh_token_expires_in),
      scopes: scope,
    },
  }
}

function after(now: Date, seconds: unknown): string | null {
  const count = Number(seconds)
  return Number.isFinite(count) && count > 0 ? new Date(now.getTime() + count * 1000).toISOString() : null
}
