// Settings: defaults, and one helpful sentence for each value that cannot be used.
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readSecretKey, readSettings, SettingsError } from './settings.ts'

describe('settings', () => {
  it('need nothing: an empty environment gives a server on loopback port 3000 with embedded stores', () => {
    expect(readSettings({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      role: 'all',
      trustProxy: false,
      logLevel: 'info',
      sandboxUrl: 'http://127.0.0.1:4010',
      privateHosts: [],
      vendorUrls: {},
    })
  })

  it('read every variable into its own type', () => {
    const settings = readSettings({
      PORT: '0',
      HOST: '::1',
      DATA_DIR: '/srv/a b',
      DATABASE_URL: 'postgres://u:p@db/throughline',
      CLICKHOUSE_URL: 'https://u:p@ch:8443/throughline',
      ROLE: 'worker',
      SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      PUBLIC_URL: 'https://leads.example.com/',
      TRUST_PROXY: '10.0.0.0/8, ::1',
      SMTP_URL: 'smtps://u:p@mail:465',
      MAIL_FROM: 'Example <hello@example.com>',
      GEOIP_FILE: '/srv/geo.mmdb',
      LOG_LEVEL: 'debug',
      SANDBOX_URL: 'http://127.0.0.1:4999/',
      PRIVATE_HOSTS: 'tags.internal, 10.0.0.7',
      VENDOR_BASE_URL: 'http://{shop}.localhost:4999/',
      UNRELATED: 'x',
    })
    expect(settings).toEqual({
      port: 0,
      host: '::1',
      dataDir: '/srv/a b',
      databaseUrl: 'postgres://u:p@db/throughline',
      clickhouseUrl: 'https://u:p@ch:8443/throughline',
      role: 'worker',
      secretKey: Buffer.alloc(32, 7),
      publicUrl: 'https://leads.example.com',
      trustProxy: ['10.0.0.0/8', '::1'],
      smtpUrl: 'smtps://u:p@mail:465',
      mailFrom: 'Example <hello@example.com>',
      geoipFile: '/srv/geo.mmdb',
      logLevel: 'debug',
      sandboxUrl: 'http://127.0.0.1:4999',
      privateHosts: ['tags.internal', '10.0.0.7'],
      vendorUrls: { VENDOR_BASE_URL: 'http://{shop}.localhost:4999' },
    })
  })

  it('take an empty value for one that is not set', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' }).port).toBe(3000)
  })

  it.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['HOST', 'http://localhost'],
    ['DATABASE_URL', 'mysql://db/x'],
    ['DATABASE_URL', 'localhost:5432'],
    ['CLICKHOUSE_URL', 'clickhouse:8123'],
    ['ROLE', 'both'],
    ['SECRET_KEY', 'hunter2'],
    ['PUBLIC_URL', 'leads.shop.test'],
    ['TRUST_PROXY', 'yes please'],
    ['SMTP_URL', 'mail.example.com'],
    ['MAIL_FROM', 'Marketing'],
    ['LOG_LEVEL', 'loud'],
    ['SANDBOX_URL', 'sandbox'],
  ])('refuse %s=%s with a sentence that names the variable and never repeats the value', (name, value) => {
    let error: unknown
    try {
      readSettings({ [name]: value })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(SettingsError)
    const { message } = error as SettingsError
    expect(message.startsWith(`${name} must be `)).toBe(true)
    expect(message.endsWith('.')).toBe(true)
    expect(message).not.toContain(value)
  })
})

test('a base address of another program does not stop the start', () => {
  expect(readSettings({ OTHER_BASE_URL: 'somewhere' }).port).toBe(3000)
})

describe('the secret key', () => {
  it('is made once, kept for its owner only, and the same at the next start', () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), 'throughline-key-')), 'data')
    const first = readSecretKey({ dataDir, secretKey: undefined })
    expect(first).toHaveLength(32)
    expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
    expect(readSecretKey({ dataDir, secretKey: undefined })).toEqual(first)
  })

  it('comes from the environment where it is given there', () => {
    const { secretKey } = readSettings({ SECRET_KEY: 'ab'.repeat(32) })
    expect(readSecretKey({ dataDir: '/nowhere', secretKey })).toEqual(Buffer.from('ab'.repeat(32), 'hex'))
  })
})
