// What follows from what is known of a lead, case by case.
import { expect, test } from 'vitest'
import type { LeadFields } from './contract.ts'
import { emailKindOf, enrich } from './enrichment.ts'

const nobody: LeadFields = {
  email: null,
  phone: null,
  firstName: null,
  lastName: null,
  company: null,
  jobTitle: null,
  city: null,
  country: null,
  language: null,
  timeZone: null,
}
const valuesOf = (fields: Partial<LeadFields>) =>
  Object.fromEntries(enrich({ ...nobody, ...fields }).inferred.map(({ field, value }) => [field, value]))

test.each([
  ['ann@acme-tools.co.uk', 'business'],
  ['ann@gmail.com', 'free'],
  ['ann@yahoo.co.uk', 'free'],
  ['ann@mail.gmx.net', 'free'],
  ['ann@live.example-shop.com', 'business'],
  ['ann@mailinator.com', 'disposable'],
  ['ann@box.mailinator.com', 'disposable'],
  ['ann@yahoo.grr.la', 'disposable'],
  ['info@acme.com', 'role'],
  ['info@gmail.com', 'role'],
  ['noemail@acme.com', 'placeholder'],
  [null, null],
])('%s is an address of the kind %s', (email, kind) => {
  expect(emailKindOf(email)).toBe(kind)
})

test.each<[string, Partial<LeadFields>, Record<string, string>]>([
  ['a company from its domain', { email: 'x@acme-tools.com' }, { company: 'Acme Tools' }],
  ['no company from a mailbox for everybody', { email: 'x@gmail.com' }, {}],
  ['a company from a shared desk', { email: 'info@acme.com' }, { company: 'Acme' }],
  ['no company where one was told', { email: 'x@acme.com', company: 'Acme Holding' }, {}],
  [
    'company, country and zone under two labels',
    { email: 'x@shop.acme.co.uk' },
    { company: 'Acme', country: 'GB', timeZone: 'Europe/London' },
  ],
  ['no country from a domain that is sold as a word', { email: 'x@acme.io' }, { company: 'Acme' }],
  [
    'the country of a phone before that of a domain',
    { phone: '+4915112345678', email: 'x@acme.fr' },
    {
      company: 'Acme',
      country: 'DE',
      timeZone: 'Europe/Berlin',
    },
  ],
  ['no zone where a country has several', { country: 'US' }, {}],
  ['a zone where a country has one', { country: 'FR' }, { timeZone: 'Europe/Paris' }],
  [
    'both names from an address',
    { email: 'ann-marie.smith@gmail.com' },
    { firstName: 'Ann-Marie', lastName: 'Smith' },
  ],
  ['no name from initials, numbers or a desk', { email: 'a.smith1@gmail.com' }, {}],
  [
    'a surname with what belongs to it',
    { firstName: 'Anna Maria von der Heide' },
    { lastName: 'von der Heide' },
  ],
  ['nothing of nothing', {}, {}],
])('infers %s', (_what, fields, values) => {
  expect(valuesOf(fields)).toEqual(values)
})

test('every inferred value says what it follows from', () => {
  const { inferred, phoneCountry } = enrich({ ...nobody, email: 'ann.smith@acme.com', phone: '+33123456789' })
  expect(inferred.every(({ from }) => from.length > 5)).toBe(true)
  expect(phoneCountry).toBe('FR')
})
