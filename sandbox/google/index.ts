// Google: its consent screen, its token endpoint, and the sender of lead forms.
import { createHash } from 'node:crypto'
import { fieldsOf, json, numberOf, text, textOf } from '../frame/call.ts'
import type { Answer, Call, JsonObject } from '../frame/call.ts'
import { askForConsent, createCodes } from '../frame/consent.ts'
import type { Vendor } from '../frame/vendor.ts'
import type { World } from '../frame/world.ts'
import { sendLead } from './lead-form.ts'

const CLIENT = { id: 'sandbox-google-client.apps.googleusercontent.com', secret: 'sandbox-google-secret' }
const ACCESS_S = 3599
const MAX_LEADS = 1000

interface Refresh {
  scopes: string[]
  isRevoked: boolean
}

export function openGoogle(world: World): Vendor {
  const codes = createCodes(world)
  const refresh = new Map<string, Refresh>()
  const access = new Map<string, string>()
  const offline = new Map<string, boolean>()
  let sent = 0
  let hasConsented = false

  const authorise = (call: Call): Answer => {
    const answer = askForConsent(call, codes, {
      vendor: 'Google',
      clientId: CLIENT.id,
      scopes: (call.query.get('scope') ?? '').split(' ').filter(Boolean),
    })
    // A refresh token is for who asks for offline access, at the first consent or where consent is asked again.
    const code = answer.headers?.location ? new URL(answer.headers.location).searchParams.get('code') : null
    if (code !== null) {
      const isFirst = !hasConsented || (call.query.get('prompt') ?? '').includes('consent')
      offline.set(code, call.query.get('access_type') === 'offline' && isFirst)
      hasConsented = true
    }
    return answer
  }

  const exchange = (call: Call): Answer => {
    const fields = fieldsOf(call)
    if (textOf(fields.client_id) !== CLIENT.id || textOf(fields.client_secret) !== CLIENT.secret)
      return refused(401, 'invalid_client', 'The OAuth client was not found.')
    if (textOf(fields.grant_type) === 'refresh_token') {
      const token = textOf(fields.refresh_token)
      const known = refresh.get(token)
      if (!known || known.isRevoked)
        return refused(400, 'invalid_grant', 'Token has been expired or revoked.')
      return json(200, accessOf(known.scopes, token))
    }
    const code = textOf(fields.code)
    const granted = codes.take(code)
    if (!granted || granted.redirectUri !== textOf(fields.redirect_uri))
      return refused(400, 'invalid_grant', 'Malformed auth code.')
    const verifier = textOf(fields.code_verifier)
    if (
      granted.challenge !== '' &&
      createHash('sha256').update(verifier).digest('base64url') !== granted.challenge
    )
      return refused(400, 'invalid_grant', 'Invalid code verifier.')
    const refreshToken = offline.get(code) ? `1//${world.token(40)}` : undefined
    offline.delete(code)
    if (refreshToken !== undefined) refresh.set(refreshToken, { scopes: granted.scopes, isRevoked: false })
    return json(200, {
      ...accessOf(granted.scopes, refreshToken),
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    })
  }

  const accessOf = (scopes: string[], refreshToken: string | undefined) => {
    const token = `ya29.${world.token(40)}`
    if (refreshToken !== undefined) access.set(token, refreshToken)
    return { access_token: token, expires_in: ACCESS_S, scope: scopes.join(' '), token_type: 'Bearer' }
  }

  const revoke = (call: Call): Answer => {
    const given = call.query.get('token') ?? textOf(fieldsOf(call).token)
    const known = refresh.get(access.get(given) ?? given)
    if (!known || known.isRevoked) return refused(400, 'invalid_token', 'Token expired or revoked')
    known.isRevoked = true
    return json(200, {})
  }

  const leave = (fields: JsonObject): Answer => {
    const url = textOf(fields.url)
    const [formId, campaignId] = [
      textOf(fields.formId) || '40000000001',
      textOf(fields.campaignId) || '10000000001',
    ]
    if (!URL.canParse(url))
      return json(400, { error: 'Say where the lead goes: url is the address of the webhook.' })
    if (!/^\d+$/.test(formId) || !/^\d+$/.test(campaignId))
      return json(400, { error: 'formId and campaignId are numbers.' })
    const count = Math.min(MAX_LEADS, Math.max(1, numberOf(fields.count, 1)))
    const leadIds = Array.from({ length: count }, (_, place) =>
      sendLead(world, {
        url,
        key: textOf(fields.key),
        formId,
        campaignId,
        isTest: textOf(fields.test) === 'yes',
        columns: {
          FULL_NAME: textOf(fields.fullName) || 'Tomáš Novák',
          EMAIL: textOf(fields.email) || `searcher.${world.token(6)}.${place}@example.com`,
          PHONE_NUMBER: textOf(fields.phone) || '+436601234567',
        },
      }),
    )
    sent += count
    return json(201, { leadIds })
  }

  return {
    id: 'google',
    name: 'Google',
    answer(call) {
      if (call.path === '/o/oauth2/v2/auth') return authorise(call)
      if (call.path === '/token' && call.method === 'POST') return exchange(call)
      if (call.path === '/revoke' && call.method === 'POST') return revoke(call)
      return text(404, 'Not Found')
    },
    tooMany: (_call, retryAfterS) =>
      json(429, { error: 'rate_limit_exceeded' }, { 'retry-after': String(retryAfterS) }),
    broken: (_call, status) => json(status, { error: 'internal_failure' }),
    books: () => ({ leadsSent: sent, refreshTokens: refresh.size }),
    control(command) {
      if (command.method !== 'POST') return undefined
      if (command.path === '/leads') return leave(command.fields)
      if (command.path !== '/tokens/revoke') return undefined
      for (const token of refresh.values()) token.isRevoked = true
      return json(200, {})
    },
    panel: () => ({
      tables: [
        {
          title: 'What to type into the product',
          rows: [
            ['Client id', CLIENT.id],
            ['Client secret', CLIENT.secret],
          ],
        },
      ],
      actions: [
        {
          title: 'Somebody fills in a lead form of an ad',
          path: '/google/leads',
          button: 'Leave',
          fields: [
            { name: 'url', label: 'Webhook URL' },
            { name: 'key', label: 'Key' },
            { name: 'fullName', label: 'Full name', value: 'Tomáš Novák' },
            { name: 'email', label: 'Email' },
            { name: 'test', label: 'Test data', options: ['no', 'yes'] },
            { name: 'count', label: 'How many', value: '1' },
          ],
        },
        {
          title: 'The person takes the rights back',
          path: '/google/tokens/revoke',
          button: 'Revoke',
          fields: [],
        },
      ],
    }),
    reset() {
      refresh.clear()
      access.clear()
      offline.clear()
      hasConsented = false
      sent = 0
    },
  }
}

function refused(status: number, error: string, words: string): Answer {
  return { ...json(status, { error, error_description: words }), note: words }
}
