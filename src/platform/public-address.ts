// Which addresses an outgoing call to a user's URL may reach: those of the public internet, and hosts that the operator names.
import { lookup } from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import { addressIn } from '../lib/address.ts'

// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
const RESERVED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Of version 6 only what is handed out to networks is public, without the parts that stand for something else. */
const GLOBAL_V6 = ['2000::/3']
const RESERVED_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (isIP(mapped) === 4) return !addressIn(mapped, RESERVED)
  return isIP(mapped) === 6 && addressIn(mapped, GLOBAL_V6) && !addressIn(mapped, RESERVED_V6)
}

/**
 * Why a URL that a user gave may not be called, as a sentence; null where it may as far as its text says. What its name
 * resolves to is looked at when it is connected to: see `publicLookup`.
 */
export function urlProblem(text: string, allowedHosts: readonly string[]): string | null {
  if (!URL.canParse(text)) return 'This is no URL: write it like https://example.com/path.'
  const { protocol, hostname, username, password } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:')
    return 'Only https:// and http:// addresses can be called.'
  if (username || password) return 'The URL must not carry a name or password.'
  const host = hostname.replace(/^\[|\]$/g, '')
  if (allowedHosts.includes(host)) return null
  if (protocol === 'http:') return 'The URL must begin with https://, so that nobody reads along.'
  if (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host.endsWith('.local') ||
    host.endsWith('.internal')
  )
    return PRIVATE
  return isIP(host) && !isPublicAddress(host) ? PRIVATE : null
}

export const PRIVATE =
  'The address lies in a private network, which calls to users’ URLs must not reach. Whoever runs the installation can allow a host in PRIVATE_HOSTS.'

/** A name lookup for sockets that refuses names which resolve to an address that is not public. */
export function publicLookup(allowedHosts: readonly string[]) {
  return (
    host: string,
    options: LookupOptions,
    done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      const isBlocked = !allowedHosts.includes(host) && found.some(({ address }) => !isPublicAddress(address))
      const first = found[0]
      if (isBlocked || !first) return done(new BlockedAddress(), [])
      if (options.all) done(null, found)
      else done(null, first.address, first.family)
    })
  }
}

/** Thrown into a connection that would reach a private address. */
export class BlockedAddress extends Error {
  readonly code = 'ADDRESS_BLOCKED'

  constructor() {
    super(PRIVATE)
  }
}
