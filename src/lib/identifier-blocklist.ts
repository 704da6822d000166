// Values that stand where an identifier should be but name nobody, so that they never join two people.
import { sharedEmail } from './email.ts'

export type IdentifierKind = 'user_id' | 'vendor_customer_id' | 'email' | 'anonymous_id' | 'phone'
export type BlockReason = 'placeholder' | 'role_account' | 'too_short' | 'repeated_digits'

/**
 * Says why a value is no evidence that two records are one person, or null where it may be evidence.
 *
 * `value` is normalised for its kind (`normaliseEmail`, `normalisePhone`); ids are compared without case and blanks.
 * Blocked are: words that programs write for nothing (`null`, `undefined`, `[object Object]`, `N/A`), unfilled
 * template tokens (`{{customer.id}}`), ids of zeros only or of one character six times or more (`000000`, all-zero
 * UUIDs; 7 and 22 are ids like any other), role and placeholder addresses, and phones of fewer than five digits, with
 * seven equal digits last, or that end in 123456789.
 */
export function blockedIdentifier(kind: IdentifierKind, value: string): BlockReason | null {
  if (kind === 'email') return sharedEmail(value)
  const text = value.trim().toLowerCase()
  if (text === '') return 'placeholder'
  if (kind === 'phone') return blockedPhone(text)
  if (emptyWords.has(text) || isTemplateToken(text)) return 'placeholder'
  if (isOneCharacter(text, 6)) return 'repeated_digits'
  const at = text.indexOf('@')
  return at > 0 ? sharedEmail(text) : null
}

const emptyWords = new Set([
  ...`-1 anon anonymous anonymous_user anonymoususer default demo dummy empty error example false guest id infinity
  invalid n/a na nan nil no none not_available not_set notset nobody null object placeholder sample string test test123
  testuser true undef undefined unidentified unknown unset user user_id userid username uuid void xxx`.split(
    /\s+/,
  ),
  '(not set)',
  '(null)',
  '(none)',
  'not set',
  'not available',
  '[object object]',
  '[object undefined]',
  'function',
  '""',
  "''",
  '{}',
  '[]',
  '?',
  '--',
])

function isTemplateToken(text: string): boolean {
  return (
    text.startsWith('{{') ||
    text.startsWith('{%') ||
    text.startsWith('${') ||
    text.startsWith('*|') ||
    text.startsWith('%%')
  )
}

// True for "0", "000", and for any other character that is repeated at least `times`; separators do not count.
function isOneCharacter(text: string, times: number): boolean {
  let only = 0
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2d || code === 0x5f || code === 0x2e || code === 0x20) continue
    if (count > 0 && code !== only) return false
    only = code
    count++
  }
  return count === 0 || only === 0x30 || count >= times
}

function blockedPhone(text: string): BlockReason | null {
  const digits = text.replace(/\D/g, '')
  if (digits.length < 5) return 'too_short'
  const tail = digits.slice(-7)
  if (isOneCharacter(tail, 1)) return 'repeated_digits'
  return digits.endsWith('123456789') || digits.endsWith('987654321') ? 'placeholder' : null
}
