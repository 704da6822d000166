// The screen on which a person lets the product in, and the codes that it is sent back with: alike at all vendors.
import { fieldsOf, redirect, text, textOf } from './call.ts'
import type { Answer, Call } from './call.ts'
import type { World } from './world.ts'
import { html, page } from '../page/html.ts'

const CODE_MS = 600_000

export interface Granted {
  scopes: string[]
  redirectUri: string
  /** of PKCE; empty without */
  challenge: string
}

export interface Codes {
  make(granted: Granted): string
  /** What a code stands for; good once, for ten minutes. */
  take(code: string): Granted | undefined
}

export function createCodes(world: World): Codes {
  const codes = new Map<string, Granted & { expiresAt: number }>()
  return {
    make(granted) {
      const code = world.token(40)
      codes.set(code, { ...granted, expiresAt: world.now() + CODE_MS })
      return code
    },
    take(code) {
      const granted = codes.get(code)
      codes.delete(code)
      return granted && world.now() <= granted.expiresAt ? granted : undefined
    },
  }
}

export interface Asked {
  vendor: string
  clientId: string
  scopes: string[]
}

/**
 * Answers the address that a browser is sent to: the screen, then the person's answer to it. Who says no is sent back
 * with `error=access_denied`; a scope that was unticked is not granted.
 */
export function askForConsent(call: Call, codes: Codes, { vendor, clientId, scopes }: Asked): Answer {
  const redirectUri = call.query.get('redirect_uri') ?? ''
  const state = call.query.get('state') ?? ''
  if (call.query.get('client_id') !== clientId) return text(400, 'There is no app with this client_id.')
  if (!URL.canParse(redirectUri)) return text(400, 'The redirect_uri is no address.')
  if (call.method === 'GET') return text(200, screen(vendor, call.url, scopes), 'text/html; charset=utf-8')
  const fields = fieldsOf(call)
  const back = new URL(redirectUri)
  back.searchParams.set('state', state)
  if (textOf(fields.answer) === 'allow') {
    const granted = scopes.filter((scope) => textOf(fields[`without ${scope}`]) === '')
    const challenge = call.query.get('code_challenge') ?? ''
    back.searchParams.set('code', codes.make({ scopes: granted, redirectUri, challenge }))
  } else back.searchParams.set('error', 'access_denied')
  return redirect(back.href)
}

function screen(vendor: string, url: string, scopes: string[]): string {
  return page(
    `Sign in with ${vendor}`,
    '',
    [],
    html`
      <h1>Throughline asks for access to your ${vendor} account</h1>
      <p class="quiet">This is the sandbox: no account is touched.</p>
      <form method="post" action="${url}">
        ${scopes.map(
          (scope) =>
            html`<label
              ><span>${scope}</span
              ><select name="without ${scope}">
                <option value="">allow</option>
                <option value="1">leave out</option>
              </select></label
            >`,
        )}
        <button name="answer" value="allow">Allow</button>
        <button name="answer" value="deny">Cancel</button>
      </form>
    `,
  )
}
