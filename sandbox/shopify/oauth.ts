// OAuth of a shop: the screen on which its owner installs the app, and the endpoint that hands out tokens.
import { createHmac } from 'node:crypto'
import { fieldsOf, json, redirect, text, textOf } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import type { World } from '../frame/world.ts'
import { html, page } from '../page/html.ts'
import type { AppSettings } from './app.ts'
import { LIFETIMES_S } from './tokens.ts'
import type { Pair, Tokens } from './tokens.ts'

const CODE_MS = 600_000

export interface OAuth {
  /** `GET /admin/oauth/authorize`: asks the owner; `POST` is the owner's answer. */
  authorize(call: Call): Answer
  /** `POST /admin/oauth/access_token` */
  exchange(call: Call): Answer
}

export function createOAuth(world: World, app: () => AppSettings, domain: string, tokens: Tokens): OAuth {
  const codes = new Map<string, { scopes: string[]; expiresAt: number }>()

  return {
    authorize(call) {
      const asked = call.query
      const scopes = (asked.get('scope') ?? '').split(',').filter(Boolean)
      const redirectUri = asked.get('redirect_uri') ?? ''
      if (asked.get('client_id') !== app().clientId)
        return text(400, 'Oauth error invalid_request: Could not find Shopify API application with api_key')
      if (!URL.canParse(redirectUri))
        return text(400, 'Oauth error invalid_request: The redirect_uri is not whitelisted')
      const stranger = scopes.find((scope) => !isScope(scope))
      if (stranger) return text(400, `Oauth error invalid_scope: The access scope is invalid: ${stranger}`)
      if (call.method === 'GET')
        return text(200, screen(domain, call.url, scopes), 'text/html; charset=utf-8')
      if (textOf(fieldsOf(call).answer) !== 'install') return redirect(`https://${domain}/admin`)
      const code = world.token(32)
      codes.set(code, { scopes, expiresAt: world.now() + CODE_MS })
      const query: Record<string, string> = {
        code,
        host: Buffer.from(`${domain}/admin`).toString('base64url'),
        shop: domain,
        state: asked.get('state') ?? '',
        timestamp: String(Math.floor(world.now() / 1000)),
      }
      const target = new URL(redirectUri)
      const signed = { ...query, hmac: signQuery(app().clientSecret, query) }
      for (const [name, value] of Object.entries(signed)) target.searchParams.set(name, value)
      return redirect(target.href)
    },
    exchange(call) {
      const fields = fieldsOf(call)
      if (textOf(fields.client_id) !== app().clientId || textOf(fields.client_secret) !== app().clientSecret)
        return refused('application_cannot_be_found', 'The application credentials are wrong.')
      if (textOf(fields.grant_type) === 'refresh_token') {
        const pair = tokens.refresh(textOf(fields.refresh_token))
        return pair
          ? handOut(pair)
          : refused('invalid_grant', 'This request requires an active refresh_token')
      }
      const code = codes.get(textOf(fields.code))
      codes.delete(textOf(fields.code))
      if (!code || world.now() > code.expiresAt)
        return refused('invalid_request', 'The authorization code was not found or was already used')
      return handOut(tokens.grant(code.scopes, textOf(fields.expiring) === '1'))
    },
  }
}

/** `hex(HMAC-SHA256(client secret, the parameters sorted and joined))`, the hmac itself left out. */
export function signQuery(secret: string, query: Record<string, string>): string {
  const message = Object.keys(query)
    .filter((name) => name !== 'hmac' && name !== 'signature')
    .sort()
    .map((name) => `${name}=${query[name]}`)
    .join('&')
  return createHmac('sha256', secret).update(message).digest('hex')
}

function handOut({ accessToken, scopes, refreshToken }: Pair): Answer {
  return json(200, {
    access_token: accessToken,
    scope: scopes.join(','),
    ...(refreshToken !== undefined && {
      expires_in: LIFETIMES_S.access,
      refresh_token: refreshToken,
      refresh_token_expires_in: LIFETIMES_S.refresh,
    }),
  })
}

function refused(error: string, description: string): Answer {
  return { ...json(400, { error, error_description: description }), note: description }
}

function isScope(scope: string): boolean {
  return /^(read|write)_[a-z_]+$/.test(scope)
}

function screen(domain: string, url: string, scopes: string[]): string {
  return page(
    'Install app',
    '',
    [],
    html`
      <h1>Install Throughline on ${domain}</h1>
      <p class="quiet">This is the sandbox: no shop is touched. The app asks to:</p>
      <ul>
        ${scopes.map((scope) => html`<li>${scope.replaceAll('_', ' ')}</li>`)}
      </ul>
      <form method="post" action="${url}">
        <button name="answer" value="install">Install app</button>
        <button name="answer" value="cancel">Cancel</button>
      </form>
    `,
  )
}
