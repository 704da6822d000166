// Where a request of a vendor's code goes: the vendor, another address of the installation, the sandbox, or the user's own server. Pure.
import { SettingsError, isWebAddress } from '../platform/settings.ts'
import type { Settings } from '../platform/settings.ts'
import type { Connector } from './connector.ts'

/** A base address; `isGuarded` where a user gave it. */
export interface BaseAddress {
  url: string
  isGuarded: boolean
}

/**
 * The base address of a name. Connections of a test workspace talk to the sandbox alone.
 * @param given the connection's settings, which fill `{name}` in addresses
 */
export function baseAddress(
  connector: Connector,
  name: string,
  given: Readonly<Record<string, unknown>>,
  isTest: boolean,
  installation: Pick<Settings, 'sandboxUrl' | 'vendorUrls'>,
): BaseAddress {
  const base = connector.bases[name]
  if (!base) throw new Error(`${connector.id} has no base address ${name}`)
  if (base.isOwn) return { url: String(given[base.setting ?? ''] ?? ''), isGuarded: true }
  if (isTest)
    return {
      url: fill(installation.sandboxUrl + (base.sandboxPath ?? `/${connector.id}`), given),
      isGuarded: false,
    }
  const set = base.variable && installation.vendorUrls[base.variable]
  if (set !== undefined) return { url: fill(set, given), isGuarded: false }
  if (base.url !== undefined) return { url: fill(base.url, given), isGuarded: false }
  return { url: String(given[base.setting ?? ''] ?? '').replace(/\/+$/, ''), isGuarded: true }
}

// A setting becomes part of a host name, so that it must be able to be nothing else.
function fill(template: string, given: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name]
    if (typeof value !== 'string' || !/^[A-Za-z0-9.-]+$/.test(value))
      throw new Error(`the setting ${name} cannot stand in an address`)
    return value
  })
}

/** Throws a `SettingsError` for a variable of a connector that holds no address. */
export function checkVendorUrls(
  connectors: readonly Connector[],
  { vendorUrls }: Pick<Settings, 'vendorUrls'>,
): void {
  for (const { variable } of connectors.flatMap(({ bases }) => Object.values(bases))) {
    const set = variable && vendorUrls[variable]
    if (set && !isWebAddress(set))
      throw new SettingsError(variable, `${variable} must be a URL such as https://vendor.example.com.`)
  }
}

/** Takes secrets out of a text: as they are, as a URL, its query or a form writes them, and as JSON does. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= 4)
  const all = [...new Set(known.flatMap(spellings))].sort((a, b) => b.length - a.length)
  return (text) => all.reduce((hidden, secret) => hidden.replaceAll(secret, '[hidden]'), text)
}

function spellings(secret: string): string[] {
  const inQuery = new URLSearchParams([['', secret]]).toString().slice(1)
  return [secret, encodeURIComponent(secret), inQuery, JSON.stringify(secret).slice(1, -1)]
}
