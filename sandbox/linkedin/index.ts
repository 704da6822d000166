// LinkedIn: OAuth, the lead sync API, and its notifications.
import { fieldsOf, json, numberOf, text, textOf } from '../frame/call.ts'
import type { Answer, Call, JsonObject } from '../frame/call.ts'
import { askForConsent, createCodes } from '../frame/consent.ts'
import type { Action, Command, Vendor } from '../frame/vendor.ts'
import type { World } from '../frame/world.ts'
import { ACCOUNT, createLeads, FORMS } from './leads.ts'
import { createNotifications } from './notifications.ts'
import { answerRest, linkedinError } from './rest.ts'
import type { Account } from './rest.ts'

const CLIENT = { id: 'sandbox-linkedin-client', secret: 'sandbox-linkedin-secret' }
const DAY_MS = 86_400_000
const ACCESS_MS = 60 * DAY_MS
const REFRESH_MS = 365 * DAY_MS
const MAX_LEADS = 1000

export function openLinkedin(world: World): Vendor {
  const codes = createCodes(world)
  const refresh = new Map<string, { scopes: string[]; expiresAt: number }>()
  const account: Account = {
    world,
    leads: createLeads(world),
    notifications: createNotifications(world, CLIENT.secret, CLIENT.id),
    access: new Map(),
  }

  const handOut = (scopes: string[], kept?: { token: string; expiresAt: number }): Answer => {
    const token = `AQ${world.token(40)}`
    account.access.set(token, { scopes, expiresAt: world.now() + ACCESS_MS })
    const again = kept ?? { token: `AQR${world.token(40)}`, expiresAt: world.now() + REFRESH_MS }
    refresh.set(again.token, { scopes, expiresAt: again.expiresAt })
    return json(200, {
      access_token: token,
      expires_in: ACCESS_MS / 1000,
      refresh_token: again.token,
      refresh_token_expires_in: Math.floor((again.expiresAt - world.now()) / 1000),
      scope: scopes.join(','),
    })
  }

  const exchange = (call: Call): Answer => {
    const fields = fieldsOf(call)
    const refuse = (error: string, words: string): Answer => ({
      ...json(error === 'invalid_client' ? 401 : 400, { error, error_description: words }),
      note: words,
    })
    if (textOf(fields.client_id) !== CLIENT.id || textOf(fields.client_secret) !== CLIENT.secret)
      return refuse('invalid_client', 'Client authentication failed')
    if (textOf(fields.grant_type) === 'refresh_token') {
      const token = textOf(fields.refresh_token)
      const known = refresh.get(token)
      if (!known || world.now() >= known.expiresAt)
        return refuse(
          'invalid_grant',
          'The provided authorization grant or refresh token is invalid, expired or revoked',
        )
      return handOut(known.scopes, { token, expiresAt: known.expiresAt })
    }
    const granted = codes.take(textOf(fields.code))
    if (!granted || granted.redirectUri !== textOf(fields.redirect_uri))
      return refuse(
        'invalid_grant',
        'Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code, or authorization code expired',
      )
    return handOut(granted.scopes)
  }

  return {
    id: 'linkedin',
    name: 'LinkedIn',
    answer(call) {
      if (call.path === '/oauth/v2/authorization')
        return askForConsent(call, codes, {
          vendor: 'LinkedIn',
          clientId: CLIENT.id,
          scopes: (call.query.get('scope') ?? '').split(/[\s,]+/).filter(Boolean),
        })
      if (call.path === '/oauth/v2/accessToken' && call.method === 'POST') return exchange(call)
      if (call.path.startsWith('/rest/')) return answerRest(account, call)
      return text(404, 'Not Found')
    },
    tooMany: (_call, retryAfterS) => {
      const answer = linkedinError(
        429,
        'Resource level throttle limit for calls to this resource is reached.',
      )
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterS) } }
    },
    broken: (_call, status) => linkedinError(status, 'Internal server error'),
    books: () => ({
      leads: account.leads.list().length,
      notifications: account.notifications.list(),
    }),
    control: (command) => controlLinkedin(account, command),
    panel: () => ({
      tables: [
        {
          title: 'What to type into the product',
          rows: [
            ['Client id and secret', `${CLIENT.id}, ${CLIENT.secret}`],
            ['Ad account', ACCOUNT],
            ['Forms', FORMS.map(({ id, name }) => `${id} ${name}`).join(', ')],
          ],
        },
        {
          title: 'Webhooks',
          columns: ['Webhook', 'State', 'Challenges failed in a row'],
          rows: account.notifications
            .list()
            .map(({ webhook, state, failures }) => [webhook, state, failures]),
        },
        {
          title: 'Leads',
          columns: ['Id', 'Form', 'Answers'],
          rows: account.leads
            .list()
            .slice(0, 20)
            .map(({ id, formId, answers }) => [id, formId, Object.values(answers).join(', ')]),
        },
      ],
      actions: ACTIONS,
    }),
    reset() {
      account.leads = createLeads(world)
      account.notifications.clear()
      account.access.clear()
      refresh.clear()
    },
  }
}

async function controlLinkedin(account: Account, command: Command): Promise<Answer | undefined> {
  const { fields } = command
  switch (`${command.method} ${command.path}`) {
    case 'POST /leads':
      return leaveLeads(account, fields)
    case 'POST /leads/delete': {
      const lead = account.leads.get(textOf(fields.id))
      if (!lead) return json(404, { error: 'There is no such lead.' })
      account.leads.remove(lead.id)
      await account.notifications.tell(lead, 'DELETED')
      return json(200, {})
    }
    case 'POST /challenge':
      await account.notifications.challengeAll()
      return json(200, account.notifications.list())
    case 'POST /tokens/expire':
      for (const token of account.access.values()) token.expiresAt = account.world.now()
      return json(200, {})
    default:
      return undefined
  }
}

async function leaveLeads(account: Account, fields: JsonObject): Promise<Answer> {
  const formId = numberOf(fields.formId, FORMS[0]?.id ?? 0)
  if (!FORMS.some((form) => form.id === formId)) return json(404, { error: 'There is no such form.' })
  const count = Math.min(MAX_LEADS, Math.max(1, numberOf(fields.count, 1)))
  const made = Array.from({ length: count }, (_, place) =>
    account.leads.add({
      formId,
      isTest: textOf(fields.test) === 'yes',
      hasConsent: textOf(fields.consent) !== 'no',
      answers: {
        firstName: textOf(fields.firstName) || 'Élodie',
        lastName: textOf(fields.lastName) || 'Lefèvre',
        email: textOf(fields.email) || `person.${account.world.token(6)}.${place}@example.com`,
        companyName: 'Sandbox Works',
        teamSize: '11-50',
      },
    }),
  )
  for (const lead of made) await account.notifications.tell(lead, 'CREATED', textOf(fields.seconds) === 'yes')
  return json(201, { leadIds: made.map(({ id }) => id) })
}

const ACTIONS: Action[] = [
  {
    title: 'Somebody fills in a lead form',
    path: '/linkedin/leads',
    button: 'Leave',
    fields: [
      { name: 'formId', label: 'Form', value: '7001' },
      { name: 'firstName', label: 'First name', value: 'Élodie' },
      { name: 'lastName', label: 'Last name', value: 'Lefèvre' },
      { name: 'email', label: 'Email' },
      { name: 'consent', label: 'Agrees to news', options: ['yes', 'no'] },
      { name: 'test', label: 'A test lead', options: ['no', 'yes'] },
      { name: 'count', label: 'How many', value: '1' },
    ],
  },
  {
    title: 'A person withdraws a lead: it must be erased',
    path: '/linkedin/leads/delete',
    button: 'Delete',
    fields: [{ name: 'id', label: 'Lead id' }],
  },
  {
    title: 'Challenge all webhooks, as every two hours',
    path: '/linkedin/challenge',
    button: 'Challenge',
    fields: [],
  },
  { title: 'Expire access tokens', path: '/linkedin/tokens/expire', button: 'Expire', fields: [] },
]
