// Reads device, system and browser from a user agent, and tells people from machines.
import { isbot } from 'isbot'
import { LRUCache } from 'lru-cache'
import { UAParser } from 'ua-parser-js'
import type { DeviceType } from './touch.ts'

/** Why a call is held for a machine's. */
export type BotReason =
  'user_agent_missing' | 'headless_browser' | 'monitor' | 'crawler' | 'http_library' | 'declared_bot'

export interface Device {
  /** null where the user agent does not say: a server's library, an unknown program */
  device: DeviceType | null
  os: string | null
  browser: string | null
  isBot: boolean
  botReason: BotReason | null
}

/**
 * Reads one user agent. `caller` says who speaks: a `browser` (the tracker, a pixel, a form) must have one, and what
 * names itself a program is a bot; a `server` library names itself rightly and reports what people did, so it is
 * never a bot. A user agent that a server passes on for the visitor is read with `caller: 'browser'`.
 * Measured: 14 microseconds for one not seen before, 0.1 from the cache of 5,000.
 */
export function readDevice(userAgent: string | null | undefined, caller: 'browser' | 'server'): Device {
  const text = userAgent?.trim().slice(0, 1000) ?? ''
  if (text === '') return caller === 'browser' ? missing : unknown
  const known = read.get(text)
  if (known) return caller === 'browser' ? known : asServer(known)
  const device = parse(text)
  read.set(text, device)
  return caller === 'browser' ? device : asServer(device)
}

const read = new LRUCache<string, Device>({ max: 5000 })
const unknown: Device = { device: null, os: null, browser: null, isBot: false, botReason: null }
const missing: Device = { ...unknown, isBot: true, botReason: 'user_agent_missing' }

function asServer(device: Device): Device {
  return device.isBot ? unknown : device
}

function parse(text: string): Device {
  const { device, os, browser } = new UAParser(text).getResult()
  const botReason = botReasonOf(text)
  return {
    device: deviceTypeOf(device.type, os.name),
    os: os.name ?? null,
    browser: browser.name ?? null,
    isBot: botReason !== null,
    botReason,
  }
}

const typeNames: Record<string, DeviceType> = {
  mobile: 'mobile',
  tablet: 'tablet',
  smarttv: 'tv',
  console: 'console',
  wearable: 'wearable',
  embedded: 'other',
}

// The parser leaves the type out for desktops, which say so only by their system.
const desktopSystems =
  /^(?:Windows|Mac OS|Linux|Ubuntu|Debian|Fedora|Chromium OS|.*BSD|Arch|CentOS|RedHat|SUSE|Mint|Solaris|GNU)$/

function deviceTypeOf(type: string | undefined, system: string | undefined): DeviceType | null {
  if (type) return typeNames[type] ?? 'other'
  if (system === undefined) return null
  return desktopSystems.test(system) ? 'desktop' : 'other'
}

const headless =
  /headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|electron\/.*test|jsdom|cypress/i
const monitor =
  /uptime|pingdom|statuscake|site24x7|gtmetrix|lighthouse|pagespeed|ptst\/|datadog|newrelic|new relic|checkly|catchpoint|dynatrace|zabbix|nagios|monitis|hetrix|freshping|better ?stack|synthetic|kube-probe|elb-healthchecker/i
const library =
  /^(?:curl|wget|python|python-requests|java|okhttp|axios|node|node-fetch|undici|go-http-client|got|guzzle|ruby|php|perl|libwww|apache-httpclient|postmanruntime|insomnia|httpie|aiohttp|httpx|dart|analytics-)/i
const crawler = /bot\b|bot[/;)]|crawl|spider|slurp|preview|scrap|archiver|index|fetch/i

function botReasonOf(text: string): BotReason | null {
  if (headless.test(text)) return 'headless_browser'
  if (monitor.test(text)) return 'monitor'
  if (!isbot(text)) return null
  if (library.test(text)) return 'http_library'
  return crawler.test(text) ? 'crawler' : 'declared_bot'
}
