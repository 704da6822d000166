// Reads forms and responses of LinkedIn: responses answer by the numbers of questions, which the form puts in words. Pure.
import { asObject } from '../exchange.ts'
import type { FormLead, LeadAnswer, LeadConsent, LeadForm } from '../lead-source.ts'
import { formIdOf } from './webhook.ts'
import { objectsOf } from '../objects.ts'

/** A form with what the numbers in its responses mean. */
export interface ReadForm {
  form: LeadForm
  questions: Map<string, { key: string; label: string; options: Map<string, string> }>
  consents: Map<string, string>
}

/** A form as `leadForms` shows it; null where it is none. */
export function readForm(given: Record<string, unknown>): ReadForm | null {
  const id = idOf(given.id)
  if (id === '') return null
  const content = asObject(given.content)
  const questions: ReadForm['questions'] = new Map()
  for (const question of objectsOf(content?.questions)) {
    const number = idOf(question.questionId)
    const key = textOf(question.predefinedField) || textOf(question.name) || number
    if (number === '') continue
    const details = asObject(asObject(question.questionDetails)?.multipleChoiceQuestionDetails)
    questions.set(number, {
      key,
      label: localised(question.question) || textOf(question.name) || key,
      options: new Map(objectsOf(details?.options).map((one) => [idOf(one.id), localised(one.text)])),
    })
  }
  const consents = new Map(
    objectsOf(asObject(content?.legalInfo)?.consents).map((one) => [
      idOf(one.id) || idOf(one.consentId),
      localised(one.checkboxText) || localised(one.consent),
    ]),
  )
  const state = textOf(given.state)
  return {
    form: {
      id,
      name: textOf(given.name) || id,
      isOpen: state === '' || state === 'PUBLISHED',
      language: textOf(asObject(given.creationLocale)?.language) || null,
      leadCount: null,
      questions: [...questions.values()].map(({ key, label }) => ({ key, label })),
      consents: [...consents].map(([key, words]) => ({ key, words })),
    },
    questions,
    consents,
  }
}

/** A response as `leadFormResponses` shows it; null where it is none. */
export function readResponse(
  given: Record<string, unknown>,
  forms: ReadonlyMap<string, ReadForm>,
): FormLead | null {
  const leadId = textOf(given.id)
  const formResponse = asObject(given.formResponse)
  if (leadId === '' || !formResponse) return null
  const formId = formIdOf(textOf(given.versionedLeadGenFormUrn))
  const form = forms.get(formId)
  const metadata = Object.values(asObject(given.leadMetadata) ?? {}).map(asObject)
  const campaign = numberOf(textOf(metadata.find((one) => one?.campaign !== undefined)?.campaign))
  const creative = numberOf(textOf(asObject(given.associatedEntity)?.associatedCreative))
  const submittedAt = new Date(Number(given.submittedAt))
  return {
    leadId,
    formId,
    formName: form?.form.name ?? '',
    submittedAt: (Number.isNaN(submittedAt.getTime()) ? new Date(0) : submittedAt).toISOString(),
    isTest: given.testLead === true,
    answers: objectsOf(formResponse.answers).flatMap((answer) => answerOf(answer, form)),
    consents: objectsOf(formResponse.consentResponses).flatMap((one) => consentOf(one, form)),
    touch: {
      source: 'linkedin',
      medium: given.leadType === 'SPONSORED' ? 'paid_social' : 'social',
      ...(campaign !== '' && { campaign }),
      ...(creative !== '' && { content: creative }),
    },
    origin: {
      ...(campaign !== '' && { campaign_id: campaign }),
      ...(creative !== '' && { ad_id: creative }),
      lead_type: textOf(given.leadType),
    },
  }
}

function answerOf(answer: Record<string, unknown>, form: ReadForm | undefined): LeadAnswer[] {
  const number = idOf(answer.questionId)
  if (number === '') return []
  const question = form?.questions.get(number)
  const details = asObject(answer.answerDetails)
  const written = textOf(asObject(details?.textQuestionAnswer)?.answer)
  const chosen = asObject(details?.multipleChoiceAnswer)?.options
  const options = Array.isArray(chosen)
    ? chosen.map((one) => question?.options.get(idOf(one)) ?? idOf(one))
    : []
  const key = question?.key ?? number
  return [
    { key, label: question?.label ?? key, values: [written, ...options].filter((value) => value !== '') },
  ]
}

function consentOf(consent: Record<string, unknown>, form: ReadForm | undefined): LeadConsent[] {
  const key = idOf(consent.consentId)
  if (key === '') return []
  return [{ key, words: form?.consents.get(key) ?? '', isGiven: consent.accepted === true }]
}

// The words of the first language that there is.
function localised(value: unknown): string {
  const words = Object.values(asObject(asObject(value)?.localized) ?? {})
  return textOf(words[0])
}

/** `8001` of `urn:li:sponsoredCampaign:8001`. */
function numberOf(urn: string): string {
  return /:(\d+)$/.exec(urn)?.[1] ?? urn
}

function idOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
