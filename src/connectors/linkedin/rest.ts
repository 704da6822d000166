// The lead sync API of LinkedIn: forms, responses one by one or page by page, and being told of them. Pure.
import type { CheckResult, Linked } from '../connector.ts'
import { objectOf, outcomeOf, wordsOf } from '../exchange.ts'
import type { Answer, Exchange, Outcome, VendorRequest } from '../exchange.ts'
import type { Asked, FormLead, LeadForm, LeadNotice } from '../lead-source.ts'
import type { LinkedinSettings } from './index.ts'
import { formIdOf, ownerUrn } from './webhook.ts'
import { readForm, readResponse } from './lead.ts'
import type { ReadForm } from './lead.ts'
import { objectsOf } from '../objects.ts'

const PAGE_SIZE = 100
/** Longer than leads can be read back, so that a stretch reaches beyond today. */
const STRETCH_MS = 180 * 86_400_000

/** Asks for one form, which takes the right to read leads. */
export function* checkAccount(linked: Linked<LinkedinSettings>): Exchange<CheckResult> {
  const answer = yield read(linked, `/rest/leadForms?q=owner&owner=${ownerParameter(linked)}&count=1&start=0`)
  const outcome = outcomeOf(answer)
  const urn = ownerUrn(linked.settings)
  if (outcome.kind === 'sent' && objectOf(answer)) return { ok: true, account: urn.replace('urn:li:', '') }
  const said = messageOf(answer)
  switch (outcome.kind) {
    case 'reauthorise':
      return {
        ok: false,
        isAuthorisation: true,
        problem: `LinkedIn no longer accepts this connection: connect again. It said: ${said}`,
      }
    case 'refused':
      return {
        ok: false,
        problem: `LinkedIn refused: ${said} Compare the ad account, the version, and whether whoever consented may read its leads.`,
      }
    default:
      return { ok: false, problem: `LinkedIn cannot be asked right now: ${said}` }
  }
}

/** Registers our address for the owner's leads, unless it is registered already; LinkedIn challenges it at once. */
export function* listenToOwner(
  linked: Linked<LinkedinSettings>,
  webhookUrl: string,
): Exchange<Asked<string>> {
  const urn = ownerUrn(linked.settings)
  const leadType = leadTypeOf(linked)
  const known = yield read(
    linked,
    `/rest/leadNotifications?q=criteria&owner=(value:${ownerParameter(linked)})&leadType=(leadType:${leadType})`,
  )
  const there = valueOf(known, ({ elements }) =>
    objectsOf(elements).some(({ webhook }) => webhook === webhookUrl),
  )
  if (there.kind !== 'answered') return there
  if (there.value) return { kind: 'answered', value: 'LinkedIn tells of leads at this address already.' }
  const answer = yield {
    method: 'POST',
    path: '/rest/leadNotifications',
    headers: headersOf(linked),
    body: { json: { webhook: webhookUrl, owner: { [ownerKind(linked)]: urn }, leadType } },
  }
  const outcome = outcomeOf(answer)
  return outcome.kind === 'sent'
    ? { kind: 'answered', value: 'LinkedIn tells of leads at this address from now on.' }
    : outcome
}

/** The forms of the owner, 500 at most. */
export function* listForms(linked: Linked<LinkedinSettings>): Exchange<Asked<LeadForm[]>> {
  const forms: LeadForm[] = []
  for (let start = 0; start < 500; start += PAGE_SIZE) {
    const answer: Answer = yield read(
      linked,
      `/rest/leadForms?q=owner&owner=${ownerParameter(linked)}&count=${PAGE_SIZE}&start=${start}`,
    )
    const page = valueOf(answer, ({ elements }) => objectsOf(elements))
    if (page.kind !== 'answered') return page
    forms.push(...page.value.flatMap((one) => readForm(one)?.form ?? []))
    if (page.value.length < PAGE_SIZE) break
  }
  return { kind: 'answered', value: forms }
}

/** Reads one response, and the form that says what was asked: answers carry numbers alone. */
export function* retrieveLead(
  { leadId }: Pick<LeadNotice, 'leadId'>,
  linked: Linked<LinkedinSettings>,
): Exchange<Asked<FormLead>> {
  const answer = yield read(linked, `/rest/leadFormResponses/${encodeURIComponent(leadId)}`)
  const response = valueOf(answer, (given) => given)
  if (response.kind !== 'answered') return response
  const forms = yield* formsOf([response.value], linked)
  if (forms.kind !== 'answered') return forms
  const lead = readResponse(response.value, forms.value)
  return lead
    ? { kind: 'answered', value: lead }
    : { kind: 'refused', words: 'LinkedIn answered with something that is no lead.' }
}

/** A page of responses since an instant, test leads left out; `cursor` is where the page starts. */
export function* catchUpLeads(
  since: Date,
  cursor: string | null,
  linked: Linked<LinkedinSettings>,
): Exchange<Asked<{ leads: FormLead[]; cursor: string | null }>> {
  const start = Number(cursor ?? 0)
  const answer = yield read(
    linked,
    `/rest/leadFormResponses?q=owner&owner=${ownerParameter(linked)}&leadType=(leadType:${leadTypeOf(linked)})` +
      `&submittedAtTimeRange=(start:${since.getTime()},end:${since.getTime() + STRETCH_MS})&count=${PAGE_SIZE}&start=${start}`,
  )
  const page = valueOf(answer, ({ elements }) => objectsOf(elements))
  if (page.kind !== 'answered') return page
  const forms = yield* formsOf(page.value, linked)
  if (forms.kind !== 'answered') return forms
  return {
    kind: 'answered',
    value: {
      leads: page.value.flatMap((one) => readResponse(one, forms.value) ?? []),
      cursor: page.value.length < PAGE_SIZE ? null : String(start + page.value.length),
    },
  }
}

function* formsOf(
  responses: readonly Record<string, unknown>[],
  linked: Linked<LinkedinSettings>,
): Exchange<Asked<Map<string, ReadForm>>> {
  const ids = new Set(responses.map((one) => formIdOf(String(one.versionedLeadGenFormUrn ?? ''))))
  const forms = new Map<string, ReadForm>()
  for (const id of ids) {
    if (id === '') continue
    const answer: Answer = yield read(linked, `/rest/leadForms/${id}`)
    const form = valueOf(answer, readForm)
    if (form.kind !== 'answered') return form
    if (form.value) forms.set(id, form.value)
  }
  return { kind: 'answered', value: forms }
}

// Parentheses stand as they are, names within them are encoded: https://linkedin.github.io/rest.li/spec/protocol
function read(linked: Linked<LinkedinSettings>, path: string): VendorRequest {
  return { method: 'GET', path, headers: headersOf(linked), isRepeatable: true }
}

function headersOf({ settings }: Linked<LinkedinSettings>): Record<string, string> {
  return { 'linkedin-version': settings.version, 'x-restli-protocol-version': '2.0.0' }
}

function ownerKind({ settings }: Linked<LinkedinSettings>): 'organization' | 'sponsoredAccount' {
  return ownerUrn(settings).includes(':organization:') ? 'organization' : 'sponsoredAccount'
}

function leadTypeOf(linked: Linked<LinkedinSettings>): string {
  return ownerKind(linked) === 'organization' ? 'COMPANY' : 'SPONSORED'
}

function ownerParameter(linked: Linked<LinkedinSettings>): string {
  return `(${ownerKind(linked)}:${encodeURIComponent(ownerUrn(linked.settings))})`
}

function valueOf<T>(answer: Answer, readValue: (given: Record<string, unknown>) => T): Asked<T> {
  const outcome: Outcome = outcomeOf(answer)
  if (outcome.kind !== 'sent') return outcome
  const given = objectOf(answer)
  return given ? { kind: 'answered', value: readValue(given) } : { kind: 'unknown', words: outcome.words }
}

function messageOf(answer: Answer): string {
  const said = objectOf(answer)?.message
  return typeof said === 'string' ? said : wordsOf(answer)
}
