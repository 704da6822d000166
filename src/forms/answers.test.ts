// How answers are read: what holds, what is told back, and what a box that was left alone means.
import { expect, test } from 'vitest'
import { readAnswers } from './answers.ts'
import { formDefinitionSchema } from './nouns.ts'
import { formWords } from './words.ts'

const definition = formDefinitionSchema.parse({
  fields: [
    { key: 'email', kind: 'email', label: 'E-mail', fills: 'email', isRequired: true },
    { key: 'phone', kind: 'phone', label: 'Phone', fills: 'phone' },
    { key: 'budget', kind: 'number', label: 'Budget', fills: 'custom.budget' },
    { key: 'start', kind: 'date', label: 'Start' },
    { key: 'plan', kind: 'choice', label: 'Plan', options: ['S', 'L'] },
    { key: 'topics', kind: 'choices', label: 'Topics', options: ['A', 'B', 'C'] },
    { key: 'news', kind: 'consent', label: 'News by mail, please', purpose: 'email_marketing' },
    { key: 'terms', kind: 'checkbox', label: 'Terms' },
    { key: 'utm_source', kind: 'hidden', parameter: 'utm_source' },
  ],
})
const words = formWords.en
const read = (posted: Record<string, string[]>) => readAnswers(definition, posted)

test('answers are read by the kind of their field, and those that fill the lead become its traits', () => {
  const found = read({
    f_email: [' Ada@Example.com '],
    f_phone: ['+44 20 7946 0000'],
    f_budget: ['1200,50'],
    f_start: ['2026-12-01'],
    f_plan: ['L'],
    f_topics: ['C', 'A', 'A'],
    f_news: ['yes'],
    f_utm_source: ['news'],
    f_unknown: ['x'],
  })
  expect(found).toEqual({
    answers: {
      fields: {
        email: 'ada@example.com',
        phone: '+44 20 7946 0000',
        budget: 1200.5,
        start: '2026-12-01',
        plan: 'L',
        topics: 'C, A',
        news: true,
        utm_source: 'news',
      },
      traits: { email: 'ada@example.com', phone: '+44 20 7946 0000', budget: 1200.5 },
      consents: [{ purpose: 'email_marketing', wording: 'News by mail, please' }],
      email: 'ada@example.com',
    },
  })
})

test('a consent that was not ticked is silence, neither a yes nor a no', () => {
  const found = read({ f_email: ['a@b.ch'] })
  expect(found).toMatchObject({ answers: { consents: [], fields: { email: 'a@b.ch' } } })
})

test.each([
  ['a required answer that is missing', {}, { email: words.missing }],
  ['no address', { f_email: ['ada'] }, { email: words.email }],
  ['no number', { f_email: ['a@b.ch'], f_budget: ['a lot'] }, { budget: words.number }],
  ['no day of any calendar', { f_email: ['a@b.ch'], f_start: ['2026-02-30'] }, { start: words.date }],
  ['an option that was not offered', { f_email: ['a@b.ch'], f_plan: ['XL'] }, { plan: words.option }],
  [
    'one of several that was not offered',
    { f_email: ['a@b.ch'], f_topics: ['A', 'Z'] },
    { topics: words.option },
  ],
  ['letters for a phone', { f_email: ['a@b.ch'], f_phone: ['call me'] }, { phone: words.phone }],
])('%s is told at its field', (_what, posted, problems) => {
  expect(read(posted as Record<string, string[]>)).toEqual({ problems })
})
