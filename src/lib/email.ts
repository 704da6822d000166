// Reads an e-mail address as people and exports write it, and says which address it is the same as.
import { domainToASCII } from 'node:url'

export type ReadEmail = { email: string; matchKey: string } | { problem: string }

/**
 * Normalises one address.
 *
 * Taken off: spaces, tabs, no-break and zero-width spaces around it, `mailto:` with its query, `Name <...>`.
 * `email` is in NFC and lower case, with the domain in ASCII (IDNA); writing it back loses nothing a mail server
 * in use distinguishes. `matchKey` is what two addresses of one mailbox share: for gmail.com and googlemail.com
 * without dots and without `+tag`, elsewhere the address itself. It is for comparing, never for sending.
 *
 * Accepted is `dot-atom@host.name` (RFC 5321 4.1.2, RFC 6531 for letters beyond ASCII in the local part), at most
 * 64 bytes before the @, 63 per label, 254 in all. Refused on purpose, though RFC 5322 allows them: comments and
 * folded white space, quoted local parts, address literals (`user@[192.0.2.1]`), hosts without a dot, a numeric
 * top level. In a marketing file they are typing errors far more often than addresses, and most senders refuse them.
 *
 * Errors: `problem` is one sentence for the person who sent the address. Normalising an `email` again changes nothing.
 */
export function normaliseEmail(raw: string): ReadEmail {
  if (raw.length > 2000) return { problem: 'The e-mail address is longer than 254 characters.' }
  let text = unwrap(trim(raw))
  if (text === '') return { problem: 'The e-mail address is empty.' }
  const ascii = isAscii(text)
  if (!ascii) text = text.normalize('NFC')
  text = text.toLowerCase()
  if (!ascii) text = text.normalize('NFC')

  const at = text.lastIndexOf('@')
  if (at < 0) return { problem: 'The e-mail address has no @.' }
  if (at === 0) return { problem: 'The e-mail address has nothing before the @.' }
  if (at === text.length - 1) return { problem: 'The e-mail address has nothing after the @.' }

  const local = text.slice(0, at)
  const localProblem = problemOfLocalPart(local, ascii)
  if (localProblem) return { problem: localProblem }

  const written = text.slice(at + 1)
  const domain = isAscii(written) ? written : domainInAscii(written)
  const domainProblem = problemOfDomain(domain)
  if (domainProblem) return { problem: domainProblem }
  if (byteLength(local) + 1 + domain.length > 254) {
    return { problem: 'The e-mail address is longer than 254 characters.' }
  }
  const email = domain === written ? text : `${local}@${domain}`
  return {
    email,
    matchKey: ignoresDots(domain) ? `${beforePlus(local).replaceAll('.', '')}@gmail.com` : email,
  }
}

/**
 * Says whether a normalised address stands for a desk or for nobody, so that two leads who share it are not
 * therefore one person: `role_account` (info@, sales@, after RFC 2142 and common use), `placeholder` (noemail@,
 * test@, the top level .invalid of RFC 2606), or null for a person's own address.
 */
export function sharedEmail(email: string): 'role_account' | 'placeholder' | null {
  const at = email.lastIndexOf('@')
  if (at < 0) return null
  const local = beforePlus(email.slice(0, at))
  const domain = email.slice(at + 1)
  if (placeholderMailboxes.has(local) || undeliverableEndings.has(domain.slice(domain.lastIndexOf('.') + 1)))
    return 'placeholder'
  if (placeholderDomains.has(domain)) return 'placeholder'
  if (roleMailboxes.has(local)) return 'role_account'
  return null
}

/** True where `sharedEmail` names a reason. */
export function isSharedEmail(email: string): boolean {
  return sharedEmail(email) !== null
}

export const roleMailboxes: ReadonlySet<string> = new Set(
  `abuse accounting accounts admin administrator all billing booking bookings careers contact contactus customercare
  customerservice customersupport enquiries enquiry events feedback finance frontdesk hello help helpdesk hostmaster hr
  info infos information inquiries inquiry invoice invoices jobs kontakt kundenservice kundservice legal
  mailer-daemon marketing media noc office orders postmaster press privacy purchasing reception recruiting recruitment
  reservations returns sales security service shop staff store support team webmaster`.split(/\s+/),
)

export const placeholderMailboxes: ReadonlySet<string> = new Set(
  `aaa anonymous asd asdf blank customer.noemail do-not-reply donotreply dummy email fake fakeemail guest invalid
  na nil no no-email no-mail no-reply no_email no_mail nobody noemail nomail none noreply not.available
  notavailable notprovided null placeholder qwerty sample test test1 test123 testemail tester testing testtest testuser
  undefined unknown user xxx xyz`.split(/\s+/),
)

export const placeholderDomains: ReadonlySet<string> = new Set(
  `email.invalid fake.com none.com noemail.com nomail.com no-email.com no.email test.com test.test`.split(
    /\s+/,
  ),
)

export const undeliverableEndings: ReadonlySet<string> = new Set(['invalid', 'localhost'])

function beforePlus(local: string): string {
  const plus = local.indexOf('+')
  return plus > 0 ? local.slice(0, plus) : local
}

// Line breaks are not trimmed: an address with one inside a field is a damaged field or a header injection.
function trim(raw: string): string {
  let start = 0
  let end = raw.length
  while (start < end && isBlank(raw.charCodeAt(start))) start++
  while (end > start && isBlank(raw.charCodeAt(end - 1))) end--
  return start === 0 && end === raw.length ? raw : raw.slice(start, end)
}

function isBlank(code: number): boolean {
  return (
    code === 0x20 || code === 0x09 || code === 0xa0 || code === 0x200b || code === 0x202f || code === 0xfeff
  )
}

function unwrap(text: string): string {
  if (text.endsWith('>')) {
    const open = text.lastIndexOf('<')
    if (open >= 0) text = trim(text.slice(open + 1, -1))
  }
  if (text.length > 7 && text.slice(0, 7).toLowerCase() === 'mailto:') {
    const query = text.indexOf('?')
    text = trim(query < 0 ? text.slice(7) : text.slice(7, query))
  }
  return text
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

function byteLength(text: string): number {
  return isAscii(text) ? text.length : Buffer.byteLength(text)
}

// RFC 5322 atext: letters, digits and these.
const atext = new Set([..."!#$%&'*+-/=?^_`{|}~"].map((c) => c.charCodeAt(0)))
const letterOrDigit = /^[\p{L}\p{N}\p{M}]+$/u

function problemOfLocalPart(local: string, ascii: boolean): string | null {
  if (local.length > 64 || (!ascii && byteLength(local) > 64)) {
    return 'The part before the @ is longer than 64 characters.'
  }
  let previousWasDot = true
  let beyondAscii = ''
  for (let i = 0; i < local.length; i++) {
    const code = local.charCodeAt(i)
    if (code === 0x2e) {
      if (previousWasDot) return 'The part before the @ starts with a dot or has two dots in a row.'
      previousWasDot = true
      continue
    }
    previousWasDot = false
    if (code > 0x7f) beyondAscii += local.charAt(i)
    else if (!isAsciiLetterOrDigit(code) && !atext.has(code)) return unusual(code)
  }
  if (previousWasDot) return 'The part before the @ ends with a dot.'
  if (beyondAscii !== '' && !letterOrDigit.test(beyondAscii)) {
    return 'The part before the @ has a character that is neither a letter nor a digit.'
  }
  return null
}

function unusual(code: number): string {
  if (code < 0x20 || code === 0x7f)
    return 'The e-mail address contains a line break or another control character.'
  if (code === 0x20) return 'The e-mail address contains a space.'
  if (code === 0x40) return 'The e-mail address has more than one @.'
  return `The part before the @ contains ${String.fromCharCode(code)}, which only a quoted or commented address may have; give a plain one.`
}

function isAsciiLetterOrDigit(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a)
}

// domainToASCII would quietly percent-decode and drop control characters, so only letters may come this far.
const domainCharacters = /^[\p{L}\p{N}\p{M}.\-\u00b7\u200c\u200d\u30fb\u3002]+$/u

function domainInAscii(written: string): string {
  return domainCharacters.test(written) ? domainToASCII(written) : ''
}

function problemOfDomain(domain: string): string | null {
  if (domain === '') return 'The domain after the @ contains a character that no domain name may have.'
  if (domain.length > 253) return 'The domain after the @ is longer than 253 characters.'
  let labelStart = 0
  let labels = 0
  let lastIsNumeric = true
  for (let i = 0; i <= domain.length; i++) {
    const code = i === domain.length ? 0x2e : domain.charCodeAt(i)
    if (code === 0x2e) {
      const length = i - labelStart
      if (length === 0) return 'The domain after the @ starts or ends with a dot, or has two dots in a row.'
      if (length > 63) return 'A part of the domain after the @ is longer than 63 characters.'
      if (domain.charCodeAt(labelStart) === 0x2d || domain.charCodeAt(i - 1) === 0x2d) {
        return 'A part of the domain after the @ starts or ends with a hyphen.'
      }
      labels++
      labelStart = i + 1
      if (i < domain.length) lastIsNumeric = true
    } else if (code < 0x20 || code === 0x7f) {
      return 'The e-mail address contains a line break or another control character.'
    } else if (code === 0x2d || isAsciiLetterOrDigit(code)) {
      if (code < 0x30 || code > 0x39) lastIsNumeric = false
    } else if (code === 0x20) {
      return 'The e-mail address contains a space.'
    } else {
      return 'The domain after the @ contains a character that no domain name may have.'
    }
  }
  if (labels < 2) return 'The domain after the @ has no dot; a top level such as .com is missing.'
  if (lastIsNumeric) return 'The domain after the @ is a number, not a domain name.'
  return null
}

function ignoresDots(domain: string): boolean {
  return domain === 'gmail.com' || domain === 'googlemail.com'
}
