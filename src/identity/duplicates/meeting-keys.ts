// A few keys of a lead under which it meets those it may be the same as, for looking up in a store.
import { fold } from '../../lib/names.ts'
import { textHash } from './draw.ts'
import { soundKey } from './sound.ts'
import { companyWords, saysNothing } from './text-terms.ts'

export interface Met {
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  company: string | null
}

/** The keys of a lead: numbers of 53 bits at most, each once. None for who says nothing to compare. */
export function meetingKeys({ firstName, lastName, email, phone, company }: Met): number[] {
  const first = plain(firstName)
  const last = plain(lastName)
  const mailbox = (email?.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/\+.*$/, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
  const digits = phone?.replace(/\D/g, '') ?? ''
  const [firm = ''] = company && !saysNothing(company) ? companyWords(company) : []
  const sounds = [soundKey(first), soundKey(last)]
  const keys = [
    email && !saysNothing(email) && mailbox.length >= 4 ? `mailbox ${mailbox}` : null,
    digits.length >= 7 ? `phone ${digits.slice(-7)}` : null,
    first && last ? `names ${[...sounds].sort().join(' ')}` : null,
    last && first ? `surname ${last} ${first.slice(0, 1)}` : null,
    last && firm ? `firm ${sounds[1]} ${firm}` : null,
    first && firm ? `firm first ${sounds[0]} ${firm}` : null,
  ]
  return [...new Set(keys.flatMap((key) => (key === null ? [] : [numberOf(key)])))]
}

function plain(name: string | null): string {
  return name && !saysNothing(name) ? fold(name) : ''
}

function numberOf(text: string): number {
  return textHash(text) * 0x20_0000 + (textHash(text, 0x1234567) >>> 11)
}
