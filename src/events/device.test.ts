// What a user agent tells about the device, and who is a machine.
import { describe, expect, it } from 'vitest'
import { readDevice } from './device.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const iphone = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

describe('a person is read with device, system and browser', () => {
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/126.0.0.0 Safari/537.36`,
      'desktop',
      'Windows',
      'Chrome',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`,
      'desktop',
      'Windows',
      'Edge',
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${iphone} Version/17.5 Safari/605.1.15`,
      'desktop',
      'Mac OS',
      'Safari',
    ],
    [
      'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0',
      'desktop',
      'Ubuntu',
      'Firefox',
    ],
    [
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/126.0.0.0 Safari/537.36`,
      'desktop',
      'Chromium OS',
      'Chrome',
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${iphone} Version/17.5 Mobile/15E148 Safari/604.1`,
      'mobile',
      'iOS',
      'Mobile Safari',
    ],
    [
      `Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) ${iphone} Version/17.5 Mobile/15E148 Safari/604.1`,
      'tablet',
      'iOS',
      'Mobile Safari',
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webkit} Chrome/126.0.0.0 Mobile Safari/537.36`,
      'mobile',
      'Android',
      'Chrome',
    ],
    [
      `Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) ${webkit} SamsungBrowser/4.0 Chrome/76.0.3809.146 TV Safari/537.36`,
      'tv',
      'Tizen',
      'Samsung Internet',
    ],
  ])('%s', (userAgent, device, os, browser) =>
    expect(readDevice(userAgent, 'browser')).toEqual({ device, os, browser, isBot: false, botReason: null }),
  )
})

describe('a machine in a browser is flagged with its reason', () => {
  it.each([
    ['', 'user_agent_missing'],
    [null, 'user_agent_missing'],
    [`Mozilla/5.0 (X11; Linux x64) ${webkit} HeadlessChrome/126.0.0.0 Safari/537.36`, 'headless_browser'],
    ['Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)', 'monitor'],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/126.0.0.0 Safari/537.36 Chrome-Lighthouse`,
      'monitor',
    ],
    ['Mozilla/5.0 (compatible; ExampleBot/2.1; +https://example.com/bot.html)', 'crawler'],
    ['Example-Spider/1.1', 'crawler'],
    ['curl/8.0', 'http_library'],
    ['python-requests/2.32', 'http_library'],
    ['Mozilla/5.0', 'declared_bot'],
  ])('%s', (userAgent, botReason) => {
    const { isBot, botReason: reason } = readDevice(userAgent, 'browser')
    expect({ isBot, reason }).toEqual({ isBot: true, reason: botReason })
  })
})

it('a server library is no bot, with or without a name', () => {
  for (const userAgent of ['analytics-node/3.1', 'python-requests/2.32', '', null, undefined]) {
    expect(readDevice(userAgent, 'server')).toEqual({
      device: null,
      os: null,
      browser: null,
      isBot: false,
      botReason: null,
    })
  }
})

it('a hostile user agent is read in bounded time', () => {
  expect(readDevice(`Mozilla/5.0 (${'a('.repeat(500_000)}`, 'browser').device).toBeNull()
})
