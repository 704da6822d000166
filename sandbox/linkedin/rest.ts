// The versioned API of LinkedIn: its headers, its finders with parentheses, its pages and its errors.
import { fieldsOf, isObject, json, textOf } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import type { World } from '../frame/world.ts'
import { ACCOUNT, formOf, FORMS, responseOf } from './leads.ts'
import type { Leads } from './leads.ts'
import type { Notifications } from './notifications.ts'

export interface Account {
  world: World
  leads: Leads
  notifications: Notifications
  /** access tokens and when they end, ms since 1970 */
  access: Map<string, { scopes: string[]; expiresAt: number }>
}

const SCOPE = 'r_marketing_leadgen_automation'
const MAX_PAGE = 100

/** Months that a version lives. */
const VERSION_MONTHS = 12

/** Answers a call below `/rest`. */
export function answerRest(account: Account, call: Call): Answer | Promise<Answer> {
  const refusal = versionRefusal(call, account.world.now()) ?? tokenRefusal(account, call)
  if (refusal) return refusal
  const [, , resource = '', id] = call.path.split('/')
  if (resource === 'leadForms' && call.method === 'GET') {
    const form = FORMS.find((each) => String(each.id) === id)
    if (id !== undefined) return form ? json(200, formOf(form)) : notFound(`leadForm ${id}`)
    return ownerRefusal(call) ?? pageOf(FORMS.map(formOf), call)
  }
  if (resource === 'leadFormResponses' && call.method === 'GET') {
    const lead = id === undefined ? undefined : account.leads.get(id)
    if (id !== undefined) return lead ? json(200, responseOf(lead)) : notFound(`leadFormResponse ${id}`)
    return ownerRefusal(call) ?? pageOf(found(account.leads, call), call)
  }
  if (resource === 'leadNotifications') return answerNotifications(account, call, id)
  return notFound(`resource ${resource}`)
}

export function linkedinError(status: number, message: string, code?: string): Answer {
  return { ...json(status, { status, message, ...(code !== undefined && { code }) }), note: message }
}

async function answerNotifications(
  { notifications }: Account,
  call: Call,
  id: string | undefined,
): Promise<Answer> {
  if (call.method === 'DELETE' && id !== undefined)
    return notifications.remove(Number(id)) ? { status: 204 } : notFound(`leadNotification ${id}`)
  if (call.method === 'GET') return pageOf(notifications.list().map(notificationOf), call)
  if (call.method !== 'POST') return linkedinError(405, 'Method not allowed')
  const { webhook, owner, leadType } = fieldsOf(call)
  if (!URL.canParse(textOf(webhook))) return linkedinError(400, 'The webhook is not a valid URL')
  if (!isObject(owner) || owner.sponsoredAccount !== ACCOUNT)
    return linkedinError(403, 'Not enough permissions to access the owner')
  if (leadType !== 'SPONSORED')
    return linkedinError(400, 'leadType must be SPONSORED for a sponsored account')
  const made = await notifications.add(textOf(webhook), 'SPONSORED')
  return { status: 201, headers: { 'x-restli-id': String(made.id) }, body: '' }
}

function notificationOf({ id, webhook, leadType, state }: ReturnType<Notifications['list']>[number]) {
  return { id, webhook, owner: { sponsoredAccount: ACCOUNT }, leadType, webhookValidationStatus: state }
}

function versionRefusal({ headers }: Call, now: number): Answer | undefined {
  const version = headers['linkedin-version']
  if (version === undefined)
    return linkedinError(
      400,
      'A version must be present. Please specify a version by adding the LinkedIn-Version header.',
      'VERSION_MISSING',
    )
  const [, year, month] = /^(\d{4})(\d{2})$/.exec(String(version)) ?? []
  const today = new Date(now)
  const age = (today.getUTCFullYear() - Number(year)) * 12 + today.getUTCMonth() + 1 - Number(month)
  if (age >= 0 && age < VERSION_MONTHS) return undefined
  return linkedinError(426, `Requested version ${String(version)} is not active`, 'NONEXISTENT_VERSION')
}

function tokenRefusal({ access, world }: Account, { headers }: Call): Answer | undefined {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  const token = access.get(given)
  const refuse = (status: number, serviceErrorCode: number, message: string) =>
    ({ ...json(status, { status, serviceErrorCode, message }), note: message }) satisfies Answer
  if (!token) return refuse(401, 65600, 'Invalid access token')
  if (world.now() >= token.expiresAt) return refuse(401, 65601, 'The token used in the request has expired')
  if (!token.scopes.includes(SCOPE))
    return refuse(403, 100, 'Not enough permissions to access: leadFormResponses')
  return undefined
}

function ownerRefusal({ query }: Call): Answer | undefined {
  if (query.get('q') !== 'owner') return linkedinError(400, "Query parameter 'q' must be owner")
  const owner = /^\(sponsoredAccount:(.+)\)$/.exec(query.get('owner') ?? '')?.[1]
  if (owner === undefined) return linkedinError(400, "Invalid value for parameter 'owner'")
  return owner === ACCOUNT ? undefined : linkedinError(403, 'Not enough permissions to access the owner')
}

function found(leads: Leads, { query }: Call) {
  const range = /^\(start:(\d+)(?:,end:(\d+))?\)$/.exec(query.get('submittedAtTimeRange') ?? '')
  const from = Number(range?.[1] ?? 0)
  const to = Number(range?.[2] ?? Infinity)
  const onlyTests = query.get('limitedToTestLeads') === 'true'
  return leads
    .list()
    .filter((lead) => lead.submittedAt >= from && lead.submittedAt <= to && lead.isTest === onlyTests)
    .map(responseOf)
}

function pageOf(all: object[], { query }: Call): Answer {
  const start = Number(query.get('start') ?? 0)
  const count = Math.min(MAX_PAGE, Number(query.get('count') ?? 10))
  return json(200, {
    elements: all.slice(start, start + count),
    paging: { start, count, total: all.length, links: [] },
  })
}

function notFound(what: string): Answer {
  return linkedinError(404, `Could not find ${what}`)
}
