// Traits read into the words of the record: what is understood, what is kept as given, what is bounded.
import { describe, expect, it } from 'vitest'
import { fieldKey, readTraits } from './traits.ts'

describe('the traits of an identify call', () => {
  it('become the fields of the record, and what else is simple becomes custom fields', () => {
    const read = readTraits(
      {
        email: ' Ann.Moore+shop@GoogleMail.com ',
        phone: '030 1234567',
        name: 'Ann van der Moore',
        company: { name: 'Shop GmbH' },
        title: 'CTO',
        address: { city: 'Bonn', country: 'de' },
        timezone: 'Europe/Berlin',
        planName: 'gold',
        seats: 12,
        isPaying: true,
        nested: { not: 'kept' },
      },
      undefined,
    )
    expect(read.fields).toMatchObject({
      email: 'ann.moore+shop@googlemail.com',
      phone: '+49301234567',
      firstName: 'Ann',
      company: 'Shop GmbH',
      jobTitle: 'CTO',
      city: 'Bonn',
      country: 'DE',
      timeZone: 'Europe/Berlin',
    })
    expect(read.emailKey).toBe('annmoore@gmail.com')
    expect(read.custom).toEqual({ plan_name: 'gold', seats: 12, is_paying: true })
  })

  it('first and last name of their own go before the parts of the whole name', () => {
    expect(readTraits({ name: 'X Y', firstName: 'Ann', lastName: 'Moore' }, undefined).fields).toMatchObject({
      firstName: 'Ann',
      lastName: 'Moore',
    })
  })

  it.each([
    ['an e-mail', { email: 'not an address' }, { email_as_given: 'not an address' }],
    ['a phone', { phone: 'call me' }, { phone_as_given: 'call me' }],
    ['a country', { country: 'Atlantis' }, { country_as_given: 'Atlantis' }],
  ])('%s that cannot be read is kept as given and matches nobody', (_what, traits, custom) => {
    const read = readTraits(traits, 'US')
    expect(read.fields).toEqual({})
    expect(read.emailKey).toBeUndefined()
    expect(read.custom).toEqual(custom)
  })

  it('a country by another name than that of the call is never taken for the country of the call', () => {
    expect(readTraits({ country: 'Germany' }, 'US').fields.country).toBeUndefined()
    expect(readTraits({ country: 'uk' }, 'US').fields.country).toBe('GB')
  })

  it('at most 50 custom fields are read, and long texts are cut', () => {
    const traits = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`field ${n}`, 'x'.repeat(6_000)]))
    const { custom } = readTraits(traits, undefined)
    expect(Object.keys(custom)).toHaveLength(50)
    expect(custom.field_0).toHaveLength(5_000)
  })

  it.each([
    ['planName', 'plan_name'],
    ['Plan name (2024)', 'plan_name_2024'],
    ['__proto__', 'proto'],
    ['日本', ''],
  ])('the key %s is stored as "%s"', (name, key) => {
    expect(fieldKey(name)).toBe(key)
  })
})
