// Who may do what at Meta: datasets, pages, the app and its access tokens.
import type { World } from '../frame/world.ts'
import { graphError } from './errors.ts'
import type { Answer, Call, JsonObject } from '../frame/call.ts'
import { textOf } from '../frame/call.ts'

export const APP = { id: '1000000000000001', secret: 'sandbox-meta-app-secret' }
export const DATASET = '2000000000000001'
export const DATASET_TOKEN = 'EAASANDBOXDATASET0000000000000001'
export const PAGE = { id: '3000000000000001', name: 'Sandbox Shop' }
export const PAGE_TOKEN = 'EAASANDBOXPAGE00000000000000000001'
export const USER = { id: '5000000000000001', name: 'Sandbox Owner' }

export const PERMISSIONS = [
  'ads_management',
  'ads_read',
  'business_management',
  'leads_retrieval',
  'pages_manage_ads',
  'pages_manage_metadata',
  'pages_read_engagement',
  'pages_show_list',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export interface Token {
  state: 'valid' | 'expired' | 'revoked'
  permissions: readonly Permission[]
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
    tokens: new Map<string, Token>([
      [DATASET_TOKEN, { state: 'valid', permissions: ['ads_management'] }],
      [PAGE_TOKEN, { state: 'valid', permissions: PERMISSIONS, pageId: PAGE.id }],
    ]),
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
  const refuse = (status: number, message: string, code: number, subcode?: number) =>
    graphError(status, { message, code, ...(subcode !== undefined && { error_subcode: subcode }) }, traceId)
  if (given === '') return refuse(400, 'An access token is required to request this resource.', 104)
  const token = accounts.tokens.get(given)
  if (!token) return refuse(400, 'Invalid OAuth access token - Cannot parse access token', 190)
  if (token.state === 'expired' || (token.expiresAt !== undefined && token.expiresAt <= world.now()))
    return refuse(401, 'Error validating access token: Session has expired.', 190, 463)
  if (token.state === 'revoked')
    return refuse(
      401,
      'Error validating access token: The user has not authorized the application.',
      190,
      458,
    )
  if (permission && !token.permissions.includes(permission))
    return refuse(403, `(#200) Requires ${permission} permission to manage the object`, 200)
  return token
}
