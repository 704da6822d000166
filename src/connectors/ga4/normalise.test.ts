// Google's normalisation, by its own recorded cases where they are at hand.
import { expect, test } from 'vitest'
import { contractTest } from '../../../test/contracts.ts'
import { googleEmail, googleFirstName, googleLastName, googlePhone, hashOf } from './normalise.ts'

test('dots and tags of Gmail addresses go, those of others stay', () => {
  expect(googleEmail(' Cloudy.SanFrancisco+Shop@GoogleMail.com ')).toBe('cloudysanfrancisco@googlemail.com')
  expect(googleEmail('Jane.Doe+Shop@shop.example')).toBe('jane.doe+shop@shop.example')
  expect(googleEmail('+x@gmail.com')).toBeNull()
})

const READERS: Record<string, (text: string) => string | null> = {
  formatEmailAddress: googleEmail,
  formatPhoneNumber: googlePhone,
  formatGivenName: googleFirstName,
  formatFamilyName: googleLastName,
}

contractTest('all of Google’s own cases pass', 'google-ads/vectors/user-data-formatting.json', (text) => {
  const { vectors } = JSON.parse(text) as {
    vectors: { fn: string; input: string; output?: string; throws?: string; sha256_hex?: string }[]
  }
  const cases = vectors.filter(({ fn }) => fn in READERS)
  for (const { fn, input, output, sha256_hex: hash } of cases) {
    expect(READERS[fn]!(input), `${fn} ${input}`).toBe(output ?? null)
    if (hash) expect(hashOf(READERS[fn]!(input))).toBe(hash)
  }
  expect(cases.length).toBeGreaterThan(18)
})
