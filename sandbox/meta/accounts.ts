// Who may do what at Meta: datasets, pages, the app and its access tokens.
import type { World } from '../frame/world.ts'
import { graphError } from './errors.ts'
import type { Answer, Call, JsonObject } from '../frame/call.ts'
import { textOf } from '../frame/call.ts'

export const APP = { id: '1000000000000001', secret: 'sandbox-meta-app-secret' }
export const DATASET = '2000000000000001'
export const DATASET_TOKEN = 'EAASANDBOXDATASET0000000000000001'

export type Permission =
  'ads_management' | 'leads_retrieval' | 'pages_manage_metadata' | 'pages_show_list' | 'pages_read_engagement'

export interface Token {
  state: 'valid' | 'expired' | 'revoked'
  permissions: Permission[]
  /** the page that a page token speaks for */
  pageId?: string
  /** ms since 1970; undefined for never */
  expiresAt?: number
}

export interface Accounts {
  datasets: Set<string>
  tokens: Map<string, Token>
}

export function createAccounts(): Accounts {
  return {
    datasets: new Set([DATASET]),
    tokens: new Map([[DATASET_TOKEN, { state: 'valid', permissions: ['ads_management'] }]]),
  }
}

/** The token of a call: in the header, the query or the body. */
export function tokenIn(call: Call, fields: JsonObject): string {
  const header = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1]
  return header ?? call.query.get('access_token') ?? textOf(fields.access_token)
}

/** The token's rights, or the refusal that Meta would give. */
export function admit(
  world: World,
  accounts: Accounts,
  given: string,
  permission: Permission | null,
  traceId: string,
): Token | Answer {
  if (given === '')
    return graphError(
      400,
      { message: 'An access token is required to request this resource.', code: 104 },
      traceId,
    )
  const token = accounts.tokens.get(given)
  if (!token)
    return graphError(
      400,
      { message: 'Invalid OAuth access token - Cannot parse access token', code: 190 },
      traceId,
    )
  if (token.state === 'expired' || (token.expiresAt !== undefined && token.expiresAt <= world.now()))
    return graphError(
      401,
      {
        message: 'Error validating access token: Session has expired.',
        code: 190,
        error_subcode: 463,
      },
      traceId,
    )
  if (token.state === 'revoked')
    return graphError(
      401,
      {
        message: 'Error validating access token: The user has not authorized the application.',
        code: 190,
        error_subcode: 458,
      },
      traceId,
    )
  if (permission && !token.permissions.includes(permission))
    return graphError(
      403,
      { message: `(#200) Requires ${permission} permission to manage the object`, code: 200 },
      traceId,
    )
  return token
}
