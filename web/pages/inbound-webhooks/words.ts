// Inbound webhooks in words: ways of signing, what paths can fill, and drafts of mappings. Pure.
import type { Mapping, Signature } from '../../../src/inbound/contract.ts'

/** How tools sign, in words that their settings use; each a signature to begin with. */
export interface Way {
  label: string
  about: string
  signature: Partial<Signature> & Pick<Signature, 'scheme'>
}

export const ways: Record<string, Way> = {
  none: {
    label: 'Nothing but the URL',
    about: 'The key in the URL is the only secret. Choose it where the tool can do no more.',
    signature: { scheme: 'none' },
  },
  header_secret: {
    label: 'A secret in a header',
    about: 'The tool sends the secret itself, such as “Authorization: Bearer …”.',
    signature: { scheme: 'header_secret', header: 'authorization' },
  },
  hash: {
    label: 'A hash of the body',
    about: 'A header holds the hash of the body under the secret, often with “sha256=” before it.',
    signature: { scheme: 'hmac', header: 'x-signature', time: 'none', signs: '{body}' },
  },
  timed_hash: {
    label: 'A hash of time and body',
    about: 'The time of signing stands in a header of its own, so that old calls cannot be sent again.',
    signature: { scheme: 'hmac', header: 'x-signature', time: 'header', signs: '{time}.{body}' },
  },
  time_beside: {
    label: 'Time and hash in one header',
    about: 'A header such as “t=1700000000,v1=…”.',
    signature: { scheme: 'hmac', header: 'x-signature', time: 'beside', signs: '{time}.{body}' },
  },
  standard_webhooks: {
    label: 'Standard Webhooks',
    about: 'Headers webhook-id, webhook-timestamp and webhook-signature; the secret begins with whsec_.',
    signature: { scheme: 'standard_webhooks' },
  },
}

export function wayOf({ scheme, time }: Signature): string {
  if (scheme !== 'hmac') return scheme
  return time === 'none' ? 'hash' : time === 'header' ? 'timed_hash' : 'time_beside'
}

/** What a path may fill, in the order in which it is looked for. */
export const targetLabels: Record<string, string> = {
  email: 'E-mail',
  phone: 'Phone',
  name: 'Whole name',
  firstName: 'First name',
  lastName: 'Last name',
  company: 'Company',
  jobTitle: 'Job title',
  city: 'City',
  country: 'Country',
  language: 'Language',
  timeZone: 'Time zone',
  userId: 'User id',
  anonymousId: 'Visitor id of the tracker',
  'campaign.source': 'utm_source',
  'campaign.medium': 'utm_medium',
  'campaign.name': 'utm_campaign',
  'campaign.term': 'utm_term',
  'campaign.content': 'utm_content',
  'page.url': 'Address of the page',
}

export const emptyMapping: Mapping = {
  each: null,
  fields: [],
  event: { name: 'form_submitted', path: null },
  properties: [],
  occurredAt: null,
  consents: [],
  dedupe: null,
}

// What tools call these things; the end of a path decides.
const GUESSES: [fills: string, pattern: RegExp][] = [
  ['email', /e-?mail(_?address)?$/i],
  ['phone', /(phone|mobile|tel)(_?number)?$/i],
  ['firstName', /(first|given)_?name$|forename$/i],
  ['lastName', /(last|family)_?name$|surname$/i],
  ['name', /(^|[._])(full_?name|name)$/i],
  ['company', /(company|organi[sz]ation)(_?name)?$/i],
  ['jobTitle', /job_?title$|position$/i],
  ['city', /city$/i],
  ['country', /country(_?code)?$/i],
  ['campaign.source', /utm_?source$/i],
  ['campaign.medium', /utm_?medium$/i],
  ['campaign.name', /utm_?campaign$/i],
]

/** A first mapping for an example: fields by what their paths are called, and what tells calls apart. */
export function guessMapping(
  mapping: Mapping,
  paths: readonly { path: string; entries: number | null; example: unknown }[],
): Mapping {
  const values = paths.filter(({ entries }) => entries === null)
  const taken = new Set(mapping.fields.map(({ fills }) => fills))
  const fields = GUESSES.flatMap(([fills, pattern]) => {
    if (taken.has(fills)) return []
    const found = values.find(({ path }) => pattern.test(path))
    return found ? [{ fills, path: found.path }] : []
  })
  const hasParts = fields.some(({ fills }) => fills === 'firstName')
  const id = values.find(({ path }) =>
    /(^|[._])(event_?|webhook_?|delivery_?|submission_?|lead_?)?id$/i.test(path),
  )
  return {
    ...mapping,
    fields: [...mapping.fields, ...fields.filter(({ fills }) => !(hasParts && fills === 'name'))],
    dedupe: mapping.dedupe ?? id?.path ?? null,
  }
}

/** A body as people read it: JSON over several lines, anything else as it came. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
