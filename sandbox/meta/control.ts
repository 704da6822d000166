// Commands to Meta: tokens, datasets, the webhook of the app, and leads that people leave.
import { json, numberOf, textOf } from '../frame/call.ts'
import type { Answer, JsonObject } from '../frame/call.ts'
import type { Action, Command } from '../frame/vendor.ts'
import { DATASET, DATASET_TOKEN, PERMISSIONS } from './accounts.ts'
import { tellLeads } from './pages.ts'
import type { Pages } from './pages.ts'

const MAX_LEADS = 1000

export function controlMeta(pages: Pages, command: Command): Answer | undefined | Promise<Answer> {
  const { fields } = command
  switch (`${command.method} ${command.path}`) {
    case 'POST /datasets': {
      const id = textOf(fields.id)
      if (!/^\d{5,20}$/.test(id))
        return json(400, { error: 'The id of a dataset is a number of 5 to 20 digits.' })
      pages.accounts.datasets.add(id)
      return json(201, { id })
    }
    case 'POST /tokens':
      return setToken(pages, fields)
    case 'POST /webhook':
      return pages.hook
        .set(textOf(fields.callbackUrl), textOf(fields.verifyToken))
        .then((problem) => (problem === undefined ? json(200, {}) : json(400, { error: problem })))
    case 'POST /leads':
      return leaveLeads(pages, fields)
    default:
      return undefined
  }
}

function setToken({ accounts }: Pages, fields: JsonObject): Answer {
  const given = textOf(fields.token)
  const state = (['valid', 'expired', 'revoked'] as const).find((known) => known === fields.state)
  if (given === '' || !state) return json(400, { error: 'A token has a state: valid, expired or revoked.' })
  const wanted = textOf(fields.permissions).split(/[\s,]+/)
  const before = accounts.tokens.get(given)
  const permissions =
    textOf(fields.permissions) === ''
      ? (before?.permissions ?? ['ads_management' as const])
      : PERMISSIONS.filter((permission) => wanted.includes(permission))
  accounts.tokens.set(given, { ...before, state, permissions })
  return json(200, { token: given, state, permissions })
}

function leaveLeads(pages: Pages, fields: JsonObject): Answer {
  const formId = textOf(fields.formId) || (pages.leads.forms[0]?.id ?? '')
  if (!pages.leads.forms.some((form) => form.id === formId))
    return json(404, { error: 'There is no such form.' })
  const count = Math.min(MAX_LEADS, Math.max(1, numberOf(fields.count, 1)))
  const name = textOf(fields.fullName) || 'Jörg Müller'
  const made = Array.from({ length: count }, (_, place) =>
    pages.leads.add({
      formId,
      isTest: false,
      fields: {
        full_name: name,
        email: textOf(fields.email) || `lead.${pages.world.token(6)}.${place}@example.com`,
        phone_number: textOf(fields.phone) || '+436601234567',
        'how_many_people_work_with_you?': '2-10',
        newsletter: textOf(fields.newsletter) === 'no' ? '' : '1',
      },
    }),
  )
  const note = textOf(fields.note)
  tellLeads(pages, made, {
    hasNumbers: textOf(fields.numbers) === 'yes',
    ...(note !== '' && { note }),
  })
  return json(201, { leadIds: made.map(({ id }) => id), told: pages.isSubscribed && pages.hook.url() !== '' })
}

export const ACTIONS: Action[] = [
  {
    title: 'An access token',
    path: '/meta/tokens',
    button: 'Set',
    fields: [
      { name: 'token', label: 'Token', value: DATASET_TOKEN },
      { name: 'state', label: 'State', options: ['valid', 'expired', 'revoked'] },
      { name: 'permissions', label: 'Permissions', value: 'ads_management' },
    ],
  },
  {
    title: 'Another dataset',
    path: '/meta/datasets',
    button: 'Add',
    fields: [{ name: 'id', label: 'Id', value: `${DATASET.slice(0, -1)}2` }],
  },
  {
    title: 'The webhook of the app: it is challenged first',
    path: '/meta/webhook',
    button: 'Verify and set',
    fields: [
      { name: 'callbackUrl', label: 'Callback URL' },
      { name: 'verifyToken', label: 'Verify token' },
    ],
  },
  {
    title: 'Somebody fills in a lead form',
    path: '/meta/leads',
    button: 'Leave',
    fields: [
      { name: 'formId', label: 'Form', value: '4000000000000001' },
      { name: 'fullName', label: 'Full name', value: 'Jörg Müller' },
      { name: 'email', label: 'Email' },
      { name: 'newsletter', label: 'Newsletter', options: ['yes', 'no'] },
      { name: 'count', label: 'How many, in one delivery', value: '1' },
      { name: 'numbers', label: 'Ids as bare numbers', options: ['no', 'yes'] },
    ],
  },
]
