// Text that stores can hold: NUL characters and halves of surrogate pairs found, cuts that make none, bounded nesting.

/**
 * Looks at the raw text of a JSON document.
 * @param json nested no deeper than the stack is: see `isDeeperThan`
 * @returns a sentence where a string in it holds a NUL or half a surrogate pair, else undefined
 */
export function textProblem(json: string): string | undefined {
  if (json.includes('\u0000') || hasEscape(json, NUL_ESCAPE)) {
    return 'A string contains a NUL character (\\u0000), which no field can hold. Remove it and send again.'
  }
  if (LONE_SURROGATE.test(json) || hasLoneSurrogateEscape(json)) {
    return 'A string contains half of a surrogate pair, which is no character. Send well-formed Unicode.'
  }
  return undefined
}

/** The first `max` UTF-16 units of a text, one less where the cut would leave half a surrogate pair. */
export function clipText(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}

/** Whether JSON nests objects and lists deeper than `limit`; looks no deeper than that itself. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  if (value === null || typeof value !== 'object') return false
  if (limit === 0) return true
  for (const inner of Object.values(value)) {
    if (inner !== null && typeof inner === 'object' && isDeeperThan(inner, limit - 1)) return true
  }
  return false
}

const NUL_ESCAPE = /(\\*)\\u0000/g
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/
const LONE_SURROGATE = /\p{Surrogate}/u

// `\\u0000` (an escaped backslash, then plain text) is harmless; an odd number of backslashes before u makes it an escape.
function hasEscape(json: string, pattern: RegExp): boolean {
  if (!json.includes('\\u0000')) return false
  for (const match of json.matchAll(pattern))
    if (match[1] !== undefined && match[1].length % 2 === 0) return true
  return false
}

function hasLoneSurrogateEscape(json: string): boolean {
  if (!SURROGATE_ESCAPE.test(json)) return false
  try {
    return holdsLoneSurrogate(JSON.parse(json))
  } catch {
    return false
  }
}

function holdsLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return LONE_SURROGATE.test(value)
  if (Array.isArray(value)) return value.some(holdsLoneSurrogate)
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).some(([key, inner]) => LONE_SURROGATE.test(key) || holdsLoneSurrogate(inner))
  }
  return false
}
