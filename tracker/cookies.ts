// Reads and words cookies.

/** The values of a `document.cookie` string by name; the first of a name counts, and bad percent-encoding stands as it is. */
export function parseCookies(header: string): Record<string, string> {
  const cookies: Record<string, string> = {}
  for (const pair of header.split('; ')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals)
    if (equals > 0 && !(name in cookies)) cookies[name] = decoded(pair.slice(equals + 1))
  }
  return cookies
}

/** The text to assign to `document.cookie`. Zero days deletes; a domain of '' keeps the cookie to this very host. */
export function cookieText(
  name: string,
  value: string,
  days: number,
  domain: string,
  secure: boolean,
): string {
  return (
    name +
    '=' +
    encodeURIComponent(value) +
    '; Path=/; SameSite=Lax; Max-Age=' +
    days * 86400 +
    (domain && '; Domain=' + domain) +
    (secure ? '; Secure' : '')
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
