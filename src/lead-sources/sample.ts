// A form as somebody could have filled it in, for previews: what was given, else what each question is likely to be answered with. Pure.
import type { FormLead, LeadForm, LeadSource } from '../connectors/index.ts'

const LIKELY: Record<string, string> = {
  email: 'ada.example@shop.example',
  phone: '+44 20 7946 0958',
  fullName: 'Ada Example',
  firstName: 'Ada',
  lastName: 'Example',
  company: 'Example Works',
  jobTitle: 'Head of marketing',
  city: 'London',
  country: 'GB',
  language: 'en',
}

export function sampleAnswers(
  { standard }: Pick<LeadSource, 'standard'>,
  { questions, consents }: Pick<LeadForm, 'questions' | 'consents'>,
  given: { answers?: Record<string, string>; ticked?: string[] },
): Pick<FormLead, 'answers' | 'consents'> {
  const answered = (key: string) => {
    const value = given.answers ? given.answers[key] : (LIKELY[standard[key] ?? ''] ?? 'An answer')
    return value === undefined || value === '' ? [] : [value]
  }
  const others = Object.keys(given.answers ?? {})
    .filter((key) => !questions.some((one) => one.key === key))
    .map((key) => ({ key, label: key }))
  return {
    answers: [...questions, ...others].map(({ key, label }) => ({ key, label, values: answered(key) })),
    consents: consents.map(({ key, words }) => ({
      key,
      words,
      isGiven: given.ticked === undefined || given.ticked.includes(key),
    })),
  }
}
