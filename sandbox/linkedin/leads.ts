// The lead forms of an ad account at LinkedIn, and the answers that people gave.
import type { World } from '../frame/world.ts'

export const ACCOUNT = 'urn:li:sponsoredAccount:500000001'

export interface Response {
  id: string
  formId: number
  submittedAt: number
  answers: Record<string, string>
  isTest: boolean
  hasConsent: boolean
}

export interface Leads {
  add(lead: Omit<Response, 'id' | 'submittedAt'>): Response
  get(id: string): Response | undefined
  remove(id: string): boolean
  /** The newest first. */
  list(): Response[]
}

const KEPT = 100_000

const QUESTIONS = [
  { questionId: 1, name: 'firstName', predefinedField: 'FIRST_NAME', label: 'First name' },
  { questionId: 2, name: 'lastName', predefinedField: 'LAST_NAME', label: 'Last name' },
  { questionId: 3, name: 'email', predefinedField: 'EMAIL', label: 'Email address' },
  { questionId: 4, name: 'companyName', predefinedField: 'COMPANY_NAME', label: 'Company name' },
  { questionId: 5, name: 'teamSize', predefinedField: undefined, label: 'How large is your team?' },
]

const SIZES = ['1', '2-10', '11-50', 'more']

export const FORMS = [
  { id: 7001, name: 'Book a demo' },
  { id: 7002, name: 'Download the guide' },
]

export function createLeads(world: World): Leads {
  const leads = new Map<string, Response>()
  return {
    add(lead) {
      const token = world.token(16)
      const id = `${token.slice(0, 8)}-${token.slice(8, 12)}-${token.slice(12)}-3`
      const made = { ...lead, id, submittedAt: world.now() }
      leads.set(id, made)
      const [oldest] = leads.keys()
      if (leads.size > KEPT && oldest !== undefined) leads.delete(oldest)
      return made
    },
    get: (id) => leads.get(id),
    remove: (id) => leads.delete(id),
    list: () => [...leads.values()].reverse(),
  }
}

/** As `leadForms` shows it: what was asked, by the ids that answers carry. */
export function formOf({ id, name }: (typeof FORMS)[number]) {
  return {
    id,
    name,
    owner: { sponsoredAccount: ACCOUNT },
    state: 'PUBLISHED',
    versionId: 1,
    content: {
      headline: { localized: { en_US: name } },
      questions: QUESTIONS.map(({ questionId, name: question, predefinedField, label }) => ({
        questionId,
        name: question,
        ...(predefinedField !== undefined && { predefinedField }),
        question: { localized: { en_US: label } },
        questionDetails:
          predefinedField === undefined
            ? {
                multipleChoiceQuestionDetails: {
                  options: SIZES.map((text, place) => ({
                    id: place + 1,
                    text: { localized: { en_US: text } },
                  })),
                },
              }
            : { textQuestionDetails: {} },
      })),
      legalInfo: { consents: [{ id: 1, checkboxText: { localized: { en_US: 'Send me news by e-mail.' } } }] },
    },
  }
}

/** As `leadFormResponses` shows it: answers by question id alone. */
export function responseOf(lead: Response) {
  return {
    id: lead.id,
    submitter: `urn:li:person:${lead.id.slice(0, 10)}`,
    submittedAt: lead.submittedAt,
    owner: { sponsoredAccount: ACCOUNT },
    ownerInfo: { sponsoredAccountInfo: { name: 'Sandbox ads' } },
    leadType: 'SPONSORED',
    leadMetadata: { sponsoredLeadMetadata: { campaign: 'urn:li:sponsoredCampaign:8001' } },
    associatedEntity: { associatedCreative: 'urn:li:sponsoredCreative:8101' },
    versionedLeadGenFormUrn: formUrn(lead.formId),
    testLead: lead.isTest,
    formResponse: {
      answers: QUESTIONS.filter(({ name }) => name in lead.answers).map(
        ({ questionId, name, predefinedField }) => ({
          questionId,
          answerDetails:
            predefinedField === undefined
              ? {
                  multipleChoiceAnswer: {
                    options: [1 + Math.max(0, SIZES.indexOf(lead.answers[name] ?? ''))],
                  },
                }
              : { textQuestionAnswer: { answer: lead.answers[name] } },
        }),
      ),
      consentResponses: [{ consentId: 1, accepted: lead.hasConsent }],
    },
  }
}

export function formUrn(formId: number): string {
  return `urn:li:versionedLeadGenForm:(urn:li:leadGenForm:${formId},1)`
}
