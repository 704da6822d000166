// Secrets are taken out of texts, however they are written there.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, bodyText } from '../platform/http.ts'
import { checkVendorUrls, hiding } from './address.ts'
import { connectors } from './registry.ts'

test('a secret stands in no address, form or JSON that is shown or kept, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4, maxLength: 40 }), (secret) => {
      const hide = hiding([secret])
      const given = { key: secret }
      const texts = [
        secret,
        addressOf({ url: 'https://vendor.example/', query: given }),
        `https://vendor.example/${encodeURIComponent(secret)}`,
        bodyText({ form: given })!.text,
        bodyText({ json: given })!.text,
      ]
      for (const text of texts) expect(hide(text)).toContain('[hidden]')
    }),
    { examples: [['it’s (my) ~secret!'], ['say "yes"\\now']] },
  )
})

test('a variable of a connector must hold an address, and the start says which does not', () => {
  const [variable] = connectors.flatMap(({ bases }) =>
    Object.values(bases).flatMap((base) => base.variable ?? []),
  )
  expect(() => checkVendorUrls(connectors, { vendorUrls: { [variable!]: 'somewhere' } })).toThrow(
    `${variable!} must be a URL`,
  )
  const known = { [variable!]: 'http://{shop}.localhost:4999', OTHER_BASE_URL: 'somewhere' }
  expect(() => checkVendorUrls(connectors, { vendorUrls: known })).not.toThrow()
})
