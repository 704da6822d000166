// Secrets are taken out of texts, however they are written there.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, bodyText } from '../platform/http.ts'
import { hiding } from './address.ts'

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
