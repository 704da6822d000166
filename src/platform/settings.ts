// What the environment says about this installation, checked once at start.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { LOG_LEVELS } from './log.ts'

/** A setting that cannot be used; the message is one sentence that names the variable and the remedy. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly variable: string

  constructor(variable: string, sentence: string) {
    super(sentence)
    this.variable = variable
  }
}

export type Role = 'api' | 'worker' | 'all'

/** The settings of one installation; `docs/operations.md` lists the variables behind them. */
export type Settings = Readonly<z.output<typeof SCHEMA>>

/**
 * Reads the settings from an environment such as `process.env`; pure. An empty value counts as not set.
 * Throws `SettingsError` for the first value that cannot be used.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name in VARIABLES && value !== undefined && value !== ''),
  )
  const parsed = SCHEMA.safeParse({
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [VARIABLES[name], value])),
    vendorUrls: vendorUrls(env),
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = String(issue?.path[0] ?? '')
  const variable = Object.keys(VARIABLES).find((name) => VARIABLES[name] === field) ?? field
  throw new SettingsError(variable, `${variable} ${issue?.message ?? 'cannot be used.'}`)
}

/**
 * The installation's 32-byte key, from `SECRET_KEY` or else from `DATA_DIR/secret.key`, which is made on first use
 * and readable by its owner only. Everything sealed is lost without it.
 */
export function readSecretKey(settings: Pick<Settings, 'secretKey' | 'dataDir'>): Buffer {
  if (settings.secretKey !== undefined) return settings.secretKey
  const path = join(settings.dataDir, 'secret.key')
  if (!existsSync(path)) {
    mkdirSync(settings.dataDir, { recursive: true, mode: 0o711 })
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  }
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
  const key = decodeKey(readFileSync(path, 'utf8').trim())
  if (key === undefined) {
    throw new SettingsError(
      'SECRET_KEY',
      `${path} does not hold a key of 32 bytes in base64: restore it from a backup, or set SECRET_KEY.`,
    )
  }
  return key
}

const VARIABLES: Record<string, string> = {
  PORT: 'port',
  HOST: 'host',
  DATA_DIR: 'dataDir',
  DATABASE_URL: 'databaseUrl',
  CLICKHOUSE_URL: 'clickhouseUrl',
  ROLE: 'role',
  SECRET_KEY: 'secretKey',
  PUBLIC_URL: 'publicUrl',
  TRUST_PROXY: 'trustProxy',
  SMTP_URL: 'smtpUrl',
  MAIL_FROM: 'mailFrom',
  GEOIP_FILE: 'geoipFile',
  LOG_LEVEL: 'logLevel',
  EXPORT_BEFORE_MIGRATION: 'exportBeforeMigration',
  SANDBOX_URL: 'sandboxUrl',
  PRIVATE_HOSTS: 'privateHosts',
}

const ADDRESS = /^[^\s@<>]+@[^\s@<>]+$/

const SCHEMA = z.object({
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number between 0 and 65535, such as 3000 (0 takes a free one).')
    .transform(Number)
    .refine(
      (port) => port <= 65535,
      'must be a port number between 0 and 65535, such as 3000 (0 takes a free one).',
    )
    .default(3000),
  host: z
    .string()
    .regex(
      /^[A-Za-z0-9.:_-]+$/,
      'must be an address or host name to listen on, such as 127.0.0.1 or 0.0.0.0, without scheme or port.',
    )
    .default('127.0.0.1'),
  dataDir: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  databaseUrl: url(['postgres', 'postgresql'], 'postgres://user:password@host:5432/throughline').optional(),
  clickhouseUrl: url(['http', 'https'], 'http://user:password@host:8123/throughline').optional(),
  role: z.enum(['api', 'worker', 'all'], 'must be api, worker or all.').default('all'),
  secretKey: z
    .string()
    .transform((text, context) => {
      const key = decodeKey(text)
      if (key !== undefined) return key
      context.addIssue({
        code: 'custom',
        message: 'must be 32 random bytes in base64 or hex: make one with `openssl rand -base64 32`.',
      })
      return z.NEVER
    })
    .optional(),
  publicUrl: url(['http', 'https'], 'https://leads.example.com')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  trustProxy: z
    .string()
    .transform((text, context) => {
      const trust = parseTrust(text)
      if (trust !== undefined) return trust
      context.addIssue({
        code: 'custom',
        message:
          'must be true, false, the number of proxies in front, or their addresses separated by commas (10.0.0.0/8 is one).',
      })
      return z.NEVER
    })
    .default(false),
  smtpUrl: url(['smtp', 'smtps'], 'smtps://user:password@host:465').optional(),
  mailFrom: z
    .string()
    .refine(
      (text) => ADDRESS.test(text) || ADDRESS.test(/^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? ''),
      'must be an e-mail address, such as hello@example.com or Example <hello@example.com>.',
    )
    .optional(),
  geoipFile: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}.`).default('info'),
  /** where archives go before migrations; `no` asks nobody */
  exportBeforeMigration: z
    .string()
    .transform((text) => (text === 'no' ? text : resolve(text)))
    .optional(),
  /** the program that plays the vendors, which connections of test workspaces talk to */
  sandboxUrl: url(['http', 'https'], 'http://127.0.0.1:4010')
    .transform((text) => text.replace(/\/+$/, ''))
    .default('http://127.0.0.1:4010'),
  /** hosts in private networks that calls to users' URLs may reach */
  privateHosts: z
    .string()
    .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
    .default([]),
  /** by name of the variable: where a vendor is reached instead of its own address */
  vendorUrls: z.record(z.string(), z.string()),
})

// Which vendors there are, connectors say: each names its variable, such as EXAMPLE_BASE_URL. Other programs have such variables, too,
// so that only those that a connector names are held to be addresses: see `checkVendorUrls` of connectors/.
function vendorUrls(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      /^[A-Z0-9_]+_BASE_URL$/.test(name) && value ? [[name, value.replace(/\/+$/, '')]] : [],
    ),
  )
}

/** Whether a text is an address of HTTP; `{name}` in it stands for what is filled in later. */
export function isWebAddress(text: string): boolean {
  return url(['http', 'https'], '').safeParse(text.replaceAll(/\{\w+\}/g, 'x')).success
}

function url(protocols: readonly string[], example: string) {
  return z.string().refine((text) => {
    if (!URL.canParse(text)) return false
    const parsed = new URL(text)
    return protocols.includes(parsed.protocol.slice(0, -1)) && parsed.hostname !== ''
  }, `must be a URL such as ${example}.`)
}

function decodeKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  return key.length === 32 ? key : undefined
}

function parseTrust(text: string): boolean | number | string[] | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^\d{1,2}$/.test(text)) return Number(text)
  const addresses = text.split(',').map((address) => address.trim())
  return addresses.every((address) => /^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(address)) ? addresses : undefined
}
