// Hosts and registrable domains of URLs, fast enough for every event.
import { LRUCache } from 'lru-cache'
import { parse } from 'tldts'

/**
 * The host of an absolute URL (`https://`, `android-app://`, `//`), in lower case and without port or user; null where
 * there is none. It does not validate: what is no host is found in no list. Measured: 0.1 microseconds.
 */
export function hostOf(url: string): string | null {
  const scheme = url.indexOf('//')
  if (scheme < 0 || scheme > 20) return null
  let start = scheme + 2
  let end = start
  for (; end < url.length && end < scheme + 320; end++) {
    const code = url.charCodeAt(end)
    if (code === 0x2f || code === 0x3f || code === 0x23 || code === 0x5c) break
    if (code === 0x40) start = end + 1
  }
  const authority = url.slice(start, end).toLowerCase()
  const port = authority.indexOf(':')
  const host = port < 0 ? authority : authority.slice(0, port)
  return host.includes('.') || host === 'localhost' ? host : null
}

/** The public suffix of a host by the ICANN part of the list (https://publicsuffix.org): `co.uk`; null for an address. */
export function publicSuffixOf(host: string): string | null {
  return parse(host).publicSuffix
}

/**
 * The domain somebody registered, private suffixes counted: `shop.example.co.uk` is `example.co.uk`, and two customers
 * of a hosting domain on the list are two domains. The host itself where it has none (an address, localhost).
 */
export function registrableDomain(host: string): string {
  const seen = domains.get(host)
  if (seen !== undefined) return seen
  const domain = parse(host, { allowPrivateDomains: true }).domain ?? host
  domains.set(host, domain)
  return domain
}

const domains = new LRUCache<string, string>({ max: 5000 })
