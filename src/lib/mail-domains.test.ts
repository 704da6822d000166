// Domains of mailboxes for everybody, by their last labels.
import { expect, test } from 'vitest'
import { disposableDomains, domainOwners, freeDomains, mailDomainKind } from './mail-domains.ts'

test('no known domain has more than three labels, as those who look a domain up take for granted', () => {
  for (const domain of [...disposableDomains, ...freeDomains])
    expect([2, 3]).toContain(domain.split('.').length)
  for (const owner of domainOwners) expect(owner).toMatch(/^[a-z]+$/)
})

test('a domain is what its last labels say, however much stands before', () => {
  expect(mailDomainKind('mx.eu.mail.gmail.com')).toBe('free')
  expect(mailDomainKind('mail.bigpond.net.au')).toBe('free')
  expect(mailDomainKind('yahoo.co.uk')).toBe('free')
  expect(mailDomainKind('yahoo.works.example')).toBe('own')
  expect(mailDomainKind('gmail.com.works.example')).toBe('own')
  expect(mailDomainKind('yahoo')).toBe('own')
})
