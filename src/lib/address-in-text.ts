// Takes e-mail addresses out of texts that leave for somebody who must not read them: page addresses above all. Pure.

const EMAIL = /[^\s@/?#&=<>"',;:%]+(?:@|%40)[^\s@/?#&=<>"',;:%]+\.[a-z]{2,}/gi

/**
 * A text without e-mail addresses. Of a URL the parameters go whose value holds one, and what its path and fragment hold of one
 * is replaced by `-`; in any other text each address is.
 */
export function withoutEmails(text: string): string {
  if (!/@|%(?:25)*40/i.test(text)) return text
  const [, before = '', query, fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text) ?? []
  const isUrl = /^(?:https?:)?\/\/|^\//.test(text)
  if (!isUrl || query === undefined) return text.replaceAll(EMAIL, '-')
  const kept = query
    .slice(1)
    .split('&')
    .filter((pair) => !holdsEmail(pair))
  return (
    before.replaceAll(EMAIL, '-') +
    (kept.length > 0 ? `?${kept.join('&')}` : '') +
    fragment.replaceAll(EMAIL, '-')
  )
}

// As it stands, and where it was written for a query, once or twice.
function holdsEmail(pair: string): boolean {
  let read = pair
  for (let depth = 0; depth < 3; depth++) {
    if (read.search(EMAIL) >= 0) return true
    const next = decoded(read)
    if (next === read) return false
    read = next
  }
  return false
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
