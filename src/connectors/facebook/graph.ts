// Lead ads on Meta's Graph: the page, its forms, and leads one by one or page by page. Pure.
import type { CheckResult, Linked } from '../connector.ts'
import { asObject, objectOf } from '../exchange.ts'
import type { Answer, Exchange, VendorRequest } from '../exchange.ts'
import type { Asked, FormLead, LeadForm, LeadNotice } from '../lead-source.ts'
import { VERSION, meaningOf, messageOf } from '../meta/send.ts'
import type { FacebookSettings } from './index.ts'
import { readForm, readLead, TEST_ANSWERS } from './lead.ts'
import { verifyToken } from './webhook.ts'
import { objectsOf } from '../objects.ts'

const LEAD_FIELDS =
  'created_time,id,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,field_data,is_organic,platform,partner_name,custom_disclaimer_responses'
const FORM_FIELDS = 'id,name,status,locale,questions,leads_count,created_time'
const PAGE_SIZE = 100

/** Reads the page's name, which takes the same token. */
export function* checkPage(linked: Linked<FacebookSettings>): Exchange<CheckResult> {
  const { pageId } = linked.settings
  const answer = yield read(linked, `/${pageId}`, { fields: 'id,name' })
  const outcome = meaningOf(answer)
  if (outcome.kind === 'sent') {
    const name = objectOf(answer)?.name
    return { ok: true, account: typeof name === 'string' ? name : pageId }
  }
  if (outcome.kind === 'reauthorise') {
    return {
      ok: false,
      isAuthorisation: true,
      problem: `Meta does not accept the page access token: make a new one and enter it here. It said: ${messageOf(answer)}`,
    }
  }
  return {
    ok: false,
    problem:
      outcome.kind === 'refused'
        ? `Meta refused: ${messageOf(answer)} Compare the page id, and whether the token is of this page.`
        : `Meta cannot be asked right now: ${messageOf(answer)}`,
  }
}

/** Names our address to the app, which Meta challenges at once, and subscribes the app to the leads of the page. */
export function* listenToPage(
  { settings }: Linked<FacebookSettings>,
  webhookUrl: string,
): Exchange<Asked<string>> {
  const { appId, appSecret, pageId, accessToken } = settings
  const set = yield {
    method: 'POST',
    path: `/${VERSION}/${appId}/subscriptions`,
    headers: { authorization: `Bearer ${appId}|${appSecret}` },
    body: {
      form: {
        object: 'page',
        fields: 'leadgen',
        callback_url: webhookUrl,
        verify_token: verifyToken(settings),
      },
    },
  }
  const named = valueOf(set, () => '')
  if (named.kind !== 'answered') return named
  const answer = yield {
    method: 'POST',
    path: `/${VERSION}/${pageId}/subscribed_apps`,
    query: { subscribed_fields: 'leadgen' },
    headers: { authorization: `Bearer ${accessToken}` },
  }
  return valueOf(answer, () => 'Meta tells of leads at this address from now on.')
}

/** The forms of the page, 500 at most. */
export function* listForms(linked: Linked<FacebookSettings>): Exchange<Asked<LeadForm[]>> {
  const forms: LeadForm[] = []
  let after: string | null = null
  for (let turn = 0; turn < 5; turn++) {
    const answer: Answer = yield read(linked, `/${linked.settings.pageId}/leadgen_forms`, {
      fields: FORM_FIELDS,
      limit: String(PAGE_SIZE),
      ...pageAfter(after),
    })
    const page: Asked<{ forms: LeadForm[]; after: string | null }> = valueOf(answer, (given) => ({
      forms: objectsOf(given.data).flatMap(readForm),
      after: nextOf(given),
    }))
    if (page.kind !== 'answered') return page
    forms.push(...page.value.forms)
    after = page.value.after
    if (after === null) break
  }
  return { kind: 'answered', value: forms }
}

/** Reads one lead, and what its form is called. */
export function* retrieveLead(
  { leadId }: Pick<LeadNotice, 'leadId'>,
  linked: Linked<FacebookSettings>,
): Exchange<Asked<FormLead>> {
  const answer = yield read(linked, `/${leadId}`, { fields: LEAD_FIELDS })
  const lead = valueOf(answer, readLead)
  if (lead.kind !== 'answered') return lead
  if (lead.value === null) return { kind: 'refused', words: 'Meta answered with something that is no lead.' }
  return { kind: 'answered', value: yield* named(lead.value, linked) }
}

interface Place {
  /** forms still to be read, the first of them at `after` */
  forms: { id: string; name: string; after: string | null }[]
}

/** A page of one form's leads since an instant; the forms are listed first. */
export function* catchUpLeads(
  since: Date,
  cursor: string | null,
  linked: Linked<FacebookSettings>,
): Exchange<Asked<{ leads: FormLead[]; cursor: string | null }>> {
  let place = cursor === null ? null : (JSON.parse(cursor) as Place)
  if (place === null) {
    const forms = yield* listForms(linked)
    if (forms.kind !== 'answered') return forms
    place = { forms: forms.value.map(({ id, name }) => ({ id, name, after: null })) }
  }
  const [form, ...others] = place.forms
  if (!form) return { kind: 'answered', value: { leads: [], cursor: null } }
  const answer = yield read(linked, `/${form.id}/leads`, {
    fields: LEAD_FIELDS,
    limit: String(PAGE_SIZE),
    filtering: JSON.stringify([
      { field: 'time_created', operator: 'GREATER_THAN', value: Math.floor(since.getTime() / 1000) },
    ]),
    ...pageAfter(form.after),
  })
  return valueOf(answer, (given) => {
    const after = nextOf(given)
    const rest = after === null ? others : [{ ...form, after }, ...others]
    return {
      leads: objectsOf(given.data)
        .flatMap((one) => readLead(one) ?? [])
        .map((lead) => ({ ...lead, formId: lead.formId || form.id, formName: form.name })),
      cursor: rest.length === 0 ? null : JSON.stringify({ forms: rest } satisfies Place),
    }
  })
}

/** Has Meta make a test lead in a form; it tells of it as of any other. */
export function* leaveTestLead(
  formId: string,
  { settings }: Linked<FacebookSettings>,
): Exchange<Asked<string>> {
  const answer = yield {
    method: 'POST',
    path: `/${VERSION}/${formId}/test_leads`,
    headers: { authorization: `Bearer ${settings.accessToken}` },
    body: { json: { field_data: TEST_ANSWERS.map(([name, value]) => ({ name, values: [value] })) } },
  }
  return valueOf(answer, ({ id }) => (typeof id === 'string' ? id : ''))
}

// A form's name is what a person knows it by; where it cannot be read, the lead comes without.
function* named(lead: FormLead, linked: Linked<FacebookSettings>): Exchange<FormLead> {
  if (lead.formId === '') return lead
  const answer = yield read(linked, `/${lead.formId}`, { fields: 'id,name' })
  const name = meaningOf(answer).kind === 'sent' ? objectOf(answer)?.name : undefined
  return typeof name === 'string' ? { ...lead, formName: name } : lead
}

function read(
  { settings }: Linked<FacebookSettings>,
  path: string,
  query: Record<string, string>,
): VendorRequest {
  return {
    method: 'GET',
    path: `/${VERSION}${path}`,
    query,
    headers: { authorization: `Bearer ${settings.accessToken}` },
    isRepeatable: true,
  }
}

function valueOf<T>(answer: Answer, readValue: (given: Record<string, unknown>) => T): Asked<T> {
  const outcome = meaningOf(answer)
  if (outcome.kind !== 'sent') return outcome
  const given = objectOf(answer)
  return given ? { kind: 'answered', value: readValue(given) } : { kind: 'unknown', words: outcome.words }
}

function pageAfter(after: string | null): Record<string, string> {
  return after === null ? {} : { after }
}

function nextOf({ paging }: Record<string, unknown>): string | null {
  const { next, cursors } = asObject(paging) ?? {}
  const after = asObject(cursors)?.after
  return next !== undefined && typeof after === 'string' ? after : null
}
