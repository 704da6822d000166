// Reads what may be read of a submitted form, and whom it names.

/** A form control as far as it matters here; the browser's elements have this shape. */
export interface Field {
  type: string
  name: string
  autocomplete: string
  value: string
  checked: boolean
}

export interface Submission {
  fields: Record<string, string>
  /** Traits of the person, if the form has exactly one valid e-mail address; else undefined. */
  traits?: Record<string, string>
}

const unreadTypes = /^(password|hidden|file|submit|button|reset|image)$/
const secretHints = /passw|pwd|secret|token|captcha|card|cc.?num|cvc|cvv|iban|ssn|\bpin\b|\botp\b/i
const secretAutocomplete = /\bcc-|password|one-time/
/** As many digits as payment cards have (ISO/IEC 7812-1). Without the check digit rule, so that a mistyped card is no exception. */
const cardShape = /^(\d[ -]?){13,19}$/
const emailShape = /^[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[a-z\d-]{2,}$/i
const traitNames: Record<string, string> = {
  name: 'name',
  'given-name': 'firstName',
  'family-name': 'lastName',
  tel: 'phone',
}
const mostFields = 50
const longest = 500

/** Up to 50 non-sensitive fields by name, values cut at 500 characters; unticked boxes and nameless or empty fields are left out. */
export function readSubmission(controls: Iterable<Field>): Submission {
  const fields: Record<string, string> = Object.create(null)
  const traits: Record<string, string> = {}
  let several = false
  let count = 0
  for (const field of controls) {
    const value = field.value.trim().slice(0, longest)
    if (!value || !isReadable(field, value) || count++ >= mostFields) continue
    const { name, type, autocomplete } = field
    fields[name] = fields[name] ? fields[name] + ', ' + value : value
    const token = autocomplete.split(' ').pop() || ''
    const trait = traitNames[token]
    if (trait) traits[trait] = value
    if (/e-?mail/i.test(type + token + name) && emailShape.test(value)) {
      several = several || (traits.email || value) !== value
      traits.email = value
    }
  }
  return { fields, traits: traits.email && !several ? traits : undefined }
}

function isReadable(field: Field, value: string): boolean {
  if (!field.name || unreadTypes.test(field.type)) return false
  if (/^(checkbox|radio)$/.test(field.type) && !field.checked) return false
  return (
    !secretHints.test(field.name) && !secretAutocomplete.test(field.autocomplete) && !cardShape.test(value)
  )
}
