// Installs the app in a shop of the sandbox, as its owner would, and asks its Admin API.
import type { SandboxUnderTest, Spoken } from './sandbox.ts'

export const SHOP = 'sandbox-shop.myshopify.com'
export const CLIENT = { client_id: 'sandbox-shopify-client', client_secret: 'sandbox-shopify-secret' }
export const ALL_SCOPES =
  'read_customers,write_customers,read_orders,write_orders,read_products,write_products'

export interface Pair {
  access_token: string
  scope: string
  expires_in?: number
  refresh_token?: string
}

/** Presses "Install app"; answers where the owner's browser is sent. */
export async function install(sandbox: SandboxUnderTest, scope = ALL_SCOPES): Promise<URL> {
  const query = new URLSearchParams({
    client_id: CLIENT.client_id,
    scope,
    redirect_uri: 'https://app.example/callback',
    state: 'nonce-1',
  })
  const { headers } = await sandbox.call(
    'POST',
    `/shopify/${SHOP}/admin/oauth/authorize?${query.toString()}`,
    'answer=install',
    { 'content-type': 'application/x-www-form-urlencoded' },
  )
  return new URL(headers.get('location') ?? '')
}

export function exchange(sandbox: SandboxUnderTest, fields: Record<string, unknown>): Promise<Spoken> {
  return sandbox.call('POST', `/shopify/${SHOP}/admin/oauth/access_token`, { ...CLIENT, ...fields })
}

/** A fresh pair of tokens. */
export async function connect(sandbox: SandboxUnderTest, scope = ALL_SCOPES): Promise<Pair> {
  const code = (await install(sandbox, scope)).searchParams.get('code')
  return (await exchange(sandbox, { code, expiring: 1 })).json as Pair
}

export function ask(
  sandbox: SandboxUnderTest,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Spoken> {
  return sandbox.call(
    'POST',
    `/shopify/${SHOP}/admin/api/2026-10/graphql.json`,
    { query, variables },
    { 'x-shopify-access-token': token },
  )
}
