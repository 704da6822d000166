// What is read of a form, and above all what is not.
import { expect, test } from 'vitest'
import { readSubmission, type Field } from './fields.ts'

function field(name: string, value: string, more: Partial<Field> = {}): Field {
  return { type: 'text', autocomplete: '', checked: false, name, value, ...more }
}

test('ordinary fields are read by name, trimmed; empty and nameless ones and unticked boxes are left out', () => {
  const { fields } = readSubmission([
    field('city', ' Bern '),
    field('empty', '  '),
    field('', 'x'),
    field('topic', 'a', { type: 'checkbox', checked: true }),
    field('topic', 'b', { type: 'checkbox', checked: true }),
    field('topic', 'c', { type: 'checkbox' }),
    field('plan', 'pro', { type: 'radio', checked: true }),
    field('toString', 'fine'),
  ])
  expect({ ...fields }).toEqual({ city: 'Bern', topic: 'a, b', plan: 'pro', toString: 'fine' })
})

test.each<[string, Field]>([
  ['a password', field('x', 'v', { type: 'password' })],
  ['a hidden field', field('x', 'v', { type: 'hidden' })],
  ['a file', field('x', 'C:\\fakepath\\cv.pdf', { type: 'file' })],
  ['a button', field('x', 'Send', { type: 'submit' })],
  ['a card number by autocomplete', field('x', 'v', { autocomplete: 'cc-number' })],
  ['a card expiry in a section', field('x', '12/30', { autocomplete: 'section-a billing cc-exp' })],
  ['a password shown as text', field('x', 'v', { autocomplete: 'new-password' })],
  ['a one-time code', field('x', '123456', { autocomplete: 'one-time-code' })],
  ['a card number by name', field('cardNumber', 'v')],
  ['a security code by name', field('payment[cvc]', '123')],
  ['a bank account by name', field('IBAN', 'CH93')],
  ['a token by name', field('csrf_token', 'abc')],
  ['a card number by its digits', field('note', '4242 4242 4242 4242')],
  ['a mistyped card number', field('note', '4242-4242-4242-4241')],
])('%s is never read', (_what, secret) => {
  expect(readSubmission([secret])).toEqual({ fields: {}, traits: undefined })
})

test('a valid e-mail address names the person, with name and phone where the form marks them', () => {
  const { traits } = readSubmission([
    field('f', 'Ada', { autocomplete: 'given-name' }),
    field('l', 'Lovelace', { autocomplete: 'shipping family-name' }),
    field('p', '+41 44 668 18 00', { type: 'tel', autocomplete: 'tel' }),
    field('contact', 'ada@example.com', { type: 'email' }),
  ])
  expect(traits).toEqual({
    firstName: 'Ada',
    lastName: 'Lovelace',
    phone: '+41 44 668 18 00',
    email: 'ada@example.com',
  })
})

test('an e-mail field is known by type, autocomplete or name', () => {
  const value = 'a@b.ch'
  for (const email of [
    field('x', value, { type: 'email' }),
    field('x', value, { autocomplete: 'email' }),
    field('your_Email', value),
  ]) {
    expect(readSubmission([email]).traits).toEqual({ email: value })
  }
  expect(readSubmission([field('x', value)]).traits).toBeUndefined()
})

test('a malformed address names nobody, and neither do two different ones; the same one typed twice does', () => {
  for (const bad of ['ada', 'ada@', 'ada@host', 'a b@c.de', 'a@b.c', 'a@b,c.de']) {
    expect(readSubmission([field('email', bad)]).traits, bad).toBeUndefined()
  }
  expect(readSubmission([field('email', 'a@b.ch'), field('friend_email', 'c@d.ch')]).traits).toBeUndefined()
  expect(readSubmission([field('email', 'a@b.ch'), field('email_again', 'a@b.ch')]).traits).toEqual({
    email: 'a@b.ch',
  })
})

test('a form of any size stays small: 50 fields, 500 characters each', () => {
  const { fields } = readSubmission(
    Array.from({ length: 80 }, (_, index) => field('f' + index, 'x'.repeat(2000))),
  )
  expect(Object.keys(fields)).toHaveLength(50)
  expect(fields.f0).toHaveLength(500)
})
