// Pages on the Graph: who manages them, whether they tell of leads, their forms, and the leads themselves.
import { fieldsOf, isObject, json, parseJson, textOf } from '../frame/call.ts'
import type { Answer, Call, Json } from '../frame/call.ts'
import type { World } from '../frame/world.ts'
import { admit, PAGE, PAGE_TOKEN, tokenIn, USER } from './accounts.ts'
import type { Accounts, Permission, Token } from './accounts.ts'
import { unknownObject } from './conversions.ts'
import { graphError } from './errors.ts'
import { formFields, leadFields, pick } from './leads.ts'
import type { Lead, Leads } from './leads.ts'
import type { Hook } from './webhook.ts'

export interface Pages {
  world: World
  accounts: Accounts
  leads: Leads
  hook: Hook
  /** whether the app is subscribed to the page's leads */
  isSubscribed: boolean
}

const MAX_PAGE = 100

/** Answers an edge of a user, a page, a form or a lead; undefined where it is none of these. */
export function answerPages(
  pages: Pages,
  id: string,
  edge: string,
  call: Call,
  traceId: string,
): Answer | undefined {
  const fields = fieldsOf(call)
  const admitted = (permission: Permission | null) =>
    admit(pages.world, pages.accounts, tokenIn(call, fields), permission, traceId)
  const withRight = (permission: Permission | null, work: (token: Token) => Answer): Answer => {
    const token = admitted(permission)
    return 'status' in token ? token : work(token)
  }
  const asked = call.query.get('fields')
  const form = pages.leads.forms.find((each) => each.id === id)
  const lead = pages.leads.get(id)

  switch (`${call.method} ${kindOf(id, form !== undefined, lead !== undefined)}/${edge}`) {
    case 'GET me/':
      return withRight(null, ({ pageId }) => json(200, pick(pageId ? PAGE : USER, asked, 'name')))
    case 'GET me/accounts':
      return withRight('pages_show_list', () =>
        json(200, {
          data: [{ access_token: PAGE_TOKEN, ...PAGE, tasks: ['ADVERTISE', 'MANAGE'] }],
          paging: {},
        }),
      )
    case 'GET page/':
      return withRight(null, () => json(200, pick(PAGE, asked, 'name')))
    case 'POST page/subscribed_apps':
      return withRight('pages_manage_metadata', (token) => {
        if (token.pageId === undefined)
          return graphError(
            400,
            { message: '(#210) A page access token is required to request this resource.', code: 210 },
            traceId,
          )
        const wanted = call.query.get('subscribed_fields') ?? textOf(fields.subscribed_fields)
        pages.isSubscribed = wanted.split(',').includes('leadgen')
        return json(200, { success: true })
      })
    case 'GET page/subscribed_apps':
      return withRight('pages_manage_metadata', () =>
        json(200, {
          data: pages.isSubscribed ? [{ id: '1000000000000001', subscribed_fields: ['leadgen'] }] : [],
        }),
      )
    case 'DELETE page/subscribed_apps':
      return withRight('pages_manage_metadata', () => {
        pages.isSubscribed = false
        return json(200, { success: true })
      })
    case 'GET page/leadgen_forms':
      return withRight('leads_retrieval', () =>
        json(200, {
          data: pages.leads.forms.map((each) =>
            pick(formFields(each, pages.leads.of(each.id).length), asked, 'id,name,status,locale'),
          ),
          paging: {},
        }),
      )
    case 'GET form/':
      return withRight('leads_retrieval', () =>
        json(
          200,
          form ? pick(formFields(form, pages.leads.of(id).length), asked, 'id,name,status,locale') : {},
        ),
      )
    case 'GET form/leads':
      return withRight('leads_retrieval', () =>
        listLeads(
          pages.leads.of(id).filter(({ isTest }) => !isTest),
          call,
        ),
      )
    case 'GET form/test_leads':
      return withRight('leads_retrieval', () =>
        listLeads(
          pages.leads.of(id).filter(({ isTest }) => isTest),
          call,
        ),
      )
    case 'POST form/test_leads':
      return withRight('leads_retrieval', () => {
        const made = pages.leads.add({ formId: id, isTest: true, fields: answersIn(fields.field_data) })
        tellLeads(pages, [made])
        return json(200, { id: made.id })
      })
    case 'GET lead/':
      return withRight('leads_retrieval', () =>
        lead
          ? json(200, pick(leadFields(lead), asked, 'created_time,id,field_data'))
          : unknownObject(id, traceId),
      )
    case 'DELETE lead/':
      return withRight('leads_retrieval', () => {
        pages.leads.remove(id)
        return json(200, { success: true })
      })
    default:
      return undefined
  }
}

/** Tells the app of leads, where its page told Meta to. */
export function tellLeads(pages: Pages, leads: Lead[], more: { note?: string; hasNumbers?: boolean } = {}) {
  if (pages.isSubscribed) pages.hook.tell(leads, more)
}

function kindOf(id: string, isForm: boolean, isLead: boolean): string {
  if (id === 'me') return 'me'
  if (id === PAGE.id) return 'page'
  return isForm ? 'form' : isLead ? 'lead' : 'other'
}

function listLeads(leads: Lead[], call: Call): Answer {
  const since = sinceIn(call.query.get('filtering'))
  const found = leads.filter((lead) => Math.floor(lead.createdAt / 1000) > since)
  const limit = Math.min(MAX_PAGE, Number(call.query.get('limit') ?? 25))
  const start = Number(Buffer.from(call.query.get('after') ?? '', 'base64').toString() || 0)
  const data = found.slice(start, start + limit)
  const end = start + data.length
  const after = Buffer.from(String(end)).toString('base64')
  const next = new URL(`${call.origin}${call.url}`)
  next.searchParams.set('after', after)
  return json(200, {
    data: data.map((lead) => pick(leadFields(lead), call.query.get('fields'), 'created_time,id,field_data')),
    paging:
      data.length === 0
        ? {}
        : {
            cursors: { before: Buffer.from(String(start)).toString('base64'), after },
            ...(end < found.length && { next: next.href }),
          },
  })
}

function sinceIn(filtering: string | null): number {
  const filters = filtering === null ? [] : parseJson(filtering)
  const filter = Array.isArray(filters)
    ? filters.find((each) => isObject(each) && each.field === 'time_created')
    : undefined
  return isObject(filter) && filter.operator === 'GREATER_THAN' ? Number(filter.value) : -Infinity
}

function answersIn(given: Json | undefined): Record<string, string> {
  const list = typeof given === 'string' ? parseJson(given) : given
  if (!Array.isArray(list)) return {}
  return Object.fromEntries(
    list
      .filter(isObject)
      .map(({ name, values }) => [textOf(name), Array.isArray(values) ? textOf(values[0]) : '']),
  )
}
