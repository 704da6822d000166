// OAuth of Meta: a dialog, a token of an hour, and its exchange for one of sixty days.
import { fieldsOf, json, textOf } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import { askForConsent } from '../frame/consent.ts'
import type { Codes } from '../frame/consent.ts'
import type { World } from '../frame/world.ts'
import { APP, PERMISSIONS } from './accounts.ts'
import type { Accounts, Permission } from './accounts.ts'
import { graphError } from './errors.ts'

const HOUR_MS = 3_600_000
const LONG_MS = 60 * 24 * HOUR_MS

export function answerDialog(call: Call, codes: Codes): Answer {
  const scopes = (call.query.get('scope') ?? '').split(/[\s,]+/).filter(Boolean)
  return askForConsent(call, codes, { vendor: 'Meta', clientId: APP.id, scopes })
}

/** `/oauth/access_token`: a code, or a short token, for a token. */
export function exchangeToken(
  world: World,
  accounts: Accounts,
  codes: Codes,
  call: Call,
  traceId: string,
): Answer {
  const fields = { ...Object.fromEntries(call.query), ...fieldsOf(call) }
  const refuse = (message: string) => graphError(400, { message, code: 100 }, traceId)
  if (textOf(fields.client_id) !== APP.id || textOf(fields.client_secret) !== APP.secret)
    return refuse('Error validating client secret.')
  if (textOf(fields.grant_type) === 'fb_exchange_token') {
    const short = accounts.tokens.get(textOf(fields.fb_exchange_token))
    if (!short || short.state !== 'valid' || (short.expiresAt ?? Infinity) <= world.now())
      return graphError(400, { message: 'Invalid OAuth access token.', code: 190 }, traceId)
    return handOut(world, accounts, short.permissions, LONG_MS)
  }
  const granted = codes.take(textOf(fields.code))
  if (!granted) return refuse('This authorization code has been used or has expired.')
  if (granted.redirectUri !== textOf(fields.redirect_uri))
    return refuse(
      'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
    )
  return handOut(
    world,
    accounts,
    PERMISSIONS.filter((permission) => granted.scopes.includes(permission)),
    HOUR_MS,
  )
}

function handOut(
  world: World,
  accounts: Accounts,
  permissions: readonly Permission[],
  lifetimeMs: number,
): Answer {
  const token = `EAA${world.token(40)}`
  accounts.tokens.set(token, { state: 'valid', permissions, expiresAt: world.now() + lifetimeMs })
  return json(200, { access_token: token, token_type: 'bearer', expires_in: lifetimeMs / 1000 })
}
