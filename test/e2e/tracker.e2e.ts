// The tracker in a real browser, against a server of the test's own that records what arrives.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { bundleTracker } from '../../tracker/bundle.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

interface Received {
  type: string
  event?: string
  messageId: string
  anonymousId: string
  userId?: string
  timestamp: string
  previousId?: string
  groupId?: string
  traits?: Record<string, unknown>
  properties?: Record<string, unknown>
  context: {
    page: { url: string; path: string; search: string; title: string; referrer: string }
    consent?: { categoryPreferences: Record<string, boolean> }
    throughline: Record<string, unknown> & {
      sessionId: string
      clickIds: Record<string, { value: string; at: string }>
    }
    [key: string]: unknown
  }
}

let browser: Browser
let server: Server
let script: Uint8Array
let context: BrowserContext
let page: Page
/** The shop's origin, and the tracker's: the same server under another name, so that calls go across origins. */
let shop = ''
let host = ''
let attributes = ''
let html = ''
/** What arrived, each message once, as the product counts it: a page left before its answer came sends again from the next. */
let calls: Received[] = []
/** What the collector does: an answer's status, 'down' to hang up, 'hold' to take the calls and answer on `release`. */
let mood: number | 'down' | 'hold' = 200
let release = (): void => {}
let retryAfter: string | undefined
let requests: { method: string; mode?: string; contentType?: string; bytes: number; ids: string[] }[] = []
let arrived = (): void => {}

beforeAll(async () => {
  script = await bundleTracker()
  server = createServer((request, response) => {
    if (request.url === '/t.js') return response.setHeader('content-type', 'text/javascript').end(script)
    if (!request.url?.startsWith('/v1/')) {
      const tag = `<script async src="${host}/t.js" data-write-key="KEY" ${attributes}></script>`
      return response
        .setHeader('content-type', 'text/html')
        .end(
          `<!doctype html><html><head><title>Shop ${request.url}</title>${html}${tag}</head><body></body></html>`,
        )
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const batch = text
        ? (JSON.parse(text) as { writeKey: string; sentAt: string; batch: Received[] })
        : undefined
      const contentType = request.headers['content-type']
      const ids = batch?.batch.map((call) => call.messageId) ?? []
      const mode = request.headers['sec-fetch-mode']?.toString()
      requests.push({ method: request.method ?? '', mode, contentType, bytes: text.length, ids })
      if ((mood === 200 || mood === 'hold') && batch) {
        expect(batch).toMatchObject({ writeKey: 'KEY', sentAt: expect.stringMatching(/Z$/) })
        const known = new Set(calls.map((call) => call.messageId))
        calls.push(...batch.batch.filter((call) => !known.has(call.messageId)))
      }
      if (mood === 'down') request.socket.destroy()
      else {
        response.setHeader('access-control-allow-origin', '*')
        response.setHeader('access-control-expose-headers', 'retry-after')
        if (retryAfter) response.setHeader('retry-after', retryAfter)
        if (mood === 'hold') release = () => response.end('{"success":true}')
        else response.writeHead(mood).end('{"success":true}')
      }
      arrived()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  shop = `http://localhost:${port}`
  host = `http://127.0.0.1:${port}`
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP localhost 127.0.0.1',
    ],
  })
})

afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
})

beforeEach(async () => {
  attributes = ''
  html = ''
  mood = 200
  retryAfter = undefined
  calls = []
  requests = []
  context = await browser.newContext()
  page = await context.newPage()
})

afterEach(() => context.close())

/** Waits until the condition holds, looking again at whatever the collector receives. */
async function received(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => (arrived = resolve))
}

/** Waits until the page knows that everything arrived: what it does not know it sends again from the next page. */
async function answered(): Promise<void> {
  await page.waitForFunction(`!(JSON.parse(localStorage.getItem('tl_queue') ?? '{}').calls?.length > 0)`)
}

const named = (name: string): Received[] => calls.filter((call) => (call.event ?? call.type) === name)
const run = (code: string): Promise<unknown> => page.evaluate(code)
const loaded = (): Promise<unknown> => page.waitForFunction('window.throughline && throughline.user')
const cookieNames = async (): Promise<string[]> =>
  (await context.cookies()).map((cookie) => cookie.name).sort()
const diskLength = (): Promise<unknown> => run('localStorage.length')

test('a page view arrives as a Segment call with its page, browser and session, and no preflight', async () => {
  await page.goto(shop + '/pricing?plan=pro#top', { referer: 'https://search.example/' })
  await received(() => calls.length > 0)
  const [view] = calls
  expect(view?.context).not.toHaveProperty('campaign')
  const pageOfView = {
    url: shop + '/pricing?plan=pro',
    path: '/pricing',
    search: '?plan=pro',
    title: 'Shop /pricing?plan=pro',
    referrer: 'https://search.example/',
  }
  expect(view).toMatchObject({
    type: 'page',
    messageId: expect.stringMatching(/^[\da-f-]{36}$/),
    anonymousId: expect.stringMatching(/^[\da-f-]{36}$/),
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    properties: pageOfView,
    context: {
      page: pageOfView,
      library: { name: 'throughline.js' },
      locale: 'en-US',
      timezone: await run('Intl.DateTimeFormat().resolvedOptions().timeZone'),
      screen: { width: 1280, height: 720 },
      userAgent: await run('navigator.userAgent'),
      referrer: { url: 'https://search.example/' },
      throughline: { sessionId: expect.stringMatching(/^[\da-f-]{36}$/), sessionStart: true },
    },
  })
  expect(requests).toHaveLength(1)
  expect(requests[0]).toMatchObject({ method: 'POST', contentType: 'text/plain;charset=UTF-8' })
  const anonymous = (await context.cookies()).find((cookie) => cookie.name === 'tl_anon')
  expect(anonymous).toMatchObject({ value: view?.anonymousId, sameSite: 'Lax', path: '/' })
  expect(anonymous!.expires - Date.now() / 1000).toBeGreaterThan(399 * 86_400)
})

test('a single-page app’s navigation is a page view when path or query changed, and only then', async () => {
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  await run(`history.replaceState({}, '', '/#details'); history.pushState({}, '', '/redirect')
    history.replaceState({}, '', '/cart?step=1'); document.title = 'Cart'`)
  await received(() => calls.length === 2)
  await run('history.back()')
  await received(() => calls.length === 3)
  expect(calls.map((call) => call.context.page.path + call.context.page.search)).toEqual([
    '/',
    '/cart?step=1',
    '/',
  ])
  expect(calls[1]?.context.page).toMatchObject({ title: 'Cart', referrer: shop + '/' })
  expect(new Set(calls.map((call) => call.context.throughline.sessionId)).size).toBe(1)
  expect(calls.map((call) => call.context.throughline.sessionStart)).toEqual([true, undefined, undefined])
})

test('with data-spa="off" history is left alone', async () => {
  attributes = 'data-spa="off"'
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  expect(await run('history.pushState.toString().includes("native code")')).toBe(true)
})

test('campaign, click ids and outside referrer stay with the session’s later events and pages', async () => {
  await page.goto(shop + '/?utm_source=news&utm_medium=email&utm_campaign=spring&gclid=GcL&fbclid=IwAr', {
    referer: 'https://mail.example/',
  })
  await received(() => calls.length === 1)
  await answered()
  await page.goto(shop + '/product')
  await received(() => calls.length === 2)
  await run(`throughline.track('product_viewed', { sku: 'A' })`)
  await received(() => calls.length === 3)
  const clickedAt = calls[0]?.context.throughline.clickIds.gclid?.at ?? ''
  for (const call of calls) {
    expect(call.context).toMatchObject({
      referrer: { url: 'https://mail.example/' },
      throughline: {
        campaign: { source: 'news', medium: 'email', name: 'spring' },
        sessionId: calls[0]?.context.throughline.sessionId,
        clickIds: { gclid: { value: 'GcL', at: clickedAt }, fbclid: { value: 'IwAr', at: clickedAt } },
        fbc: `fb.1.${Date.parse(clickedAt)}.IwAr`,
      },
    })
  }
  expect(new Set(calls.map((call) => call.anonymousId)).size).toBe(1)
  // The specification's own field is about the page at hand.
  expect(calls.map((call) => call.context.campaign)).toEqual([
    { source: 'news', medium: 'email', name: 'spring' },
    undefined,
    undefined,
  ])
  await answered()
  await page.goto(shop + '/?utm_source=social')
  await received(() => calls.length === 4)
  expect(calls[3]?.context).toMatchObject({
    campaign: { source: 'social' },
    throughline: { sessionStart: true },
  })
  expect(calls[3]?.context.throughline.clickIds.gclid).toEqual({ value: 'GcL', at: clickedAt })
})

test('the ids of other tags’ cookies come along', async () => {
  await context.addCookies([
    { name: '_ga', value: 'GA1.1.116.174', url: shop },
    { name: '_ga_ABC', value: 'GS2.1.s1747132561$o1$g0$t1747132655$j0$l0$h0', url: shop },
    { name: '_fbp', value: 'fb.1.1.2', url: shop },
    { name: '_fbc', value: 'fb.1.3.click', url: shop },
  ])
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  expect(calls[0]?.context.throughline).toMatchObject({
    ga: { clientId: '116.174', sessionId: '1747132561' },
    fbp: 'fb.1.1.2',
    fbc: 'fb.1.3.click',
  })
})

test('where consent is required nothing is stored or sent before it, then what was held goes with it', async () => {
  attributes = 'data-consent="required"'
  await page.goto(shop + '/first?gclid=x')
  await loaded()
  await run(`throughline.track('lost_with_its_page'); throughline.identify('u1')`)
  await page.goto(shop + '/second?utm_source=news')
  await loaded()
  await run(`throughline.track('held'); throughline.consent({ ad_user_data: false })`)
  expect(requests).toEqual([])
  expect(await cookieNames()).toEqual([])
  expect(await diskLength()).toBe(0)
  await run(`throughline.consent({ analytics: true, ad_personalisation: false })`)
  await received(() => calls.length === 3)
  expect(calls.map((call) => call.event ?? call.type)).toEqual(['page', 'held', 'consent_changed'])
  for (const call of calls) {
    expect(call.context).toMatchObject({
      campaign: { source: 'news' },
      consent: { categoryPreferences: { analytics: true, ad_user_data: false, ad_personalisation: false } },
      throughline: { consentAt: expect.stringMatching(/Z$/) },
    })
  }
  expect(new Set(calls.map((call) => call.anonymousId)).size).toBe(1)
  expect(calls[0]!.timestamp <= (calls[2]!.context.throughline.consentAt as string)).toBe(true)
  expect(await cookieNames()).toEqual(['tl_anon', 'tl_consent', 'tl_session'])
  await answered()
  await page.goto(shop + '/third')
  await received(() => calls.length === 4)
  expect(calls[3]).toMatchObject({ type: 'page', anonymousId: calls[0]?.anonymousId })
})

test('a refusal where consent is required leaves no trace and sends nothing', async () => {
  attributes = 'data-consent="required"'
  await page.goto(shop + '/')
  await loaded()
  await run(`throughline.consent({ analytics: false }); throughline.track('x')`)
  await page.goto(shop + '/next')
  expect(requests).toEqual([])
  expect(await cookieNames()).toEqual([])
  expect(await diskLength()).toBe(0)
})

test('a withdrawal is told once with the old id, erases what was stored, and holds on later pages', async () => {
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  await run(`throughline.track('dropped'); throughline.consent({ analytics: false })`)
  await received(() => calls.length === 2)
  expect(calls[1]).toMatchObject({
    event: 'consent_changed',
    properties: { purposes: { analytics: false } },
    anonymousId: calls[0]?.anonymousId,
    context: { consent: { categoryPreferences: { analytics: false } } },
  })
  await run(`throughline.track('unheard')`)
  await page.goto(shop + '/next')
  await loaded()
  expect(await cookieNames()).toEqual(['tl_consent'])
  expect(await diskLength()).toBe(0)
  await run(`throughline.consent({ analytics: true })`)
  await received(() => calls.length === 3)
  expect(calls[2]?.event).toBe('consent_changed')
  expect(calls[2]?.anonymousId).not.toBe(calls[0]?.anonymousId)
})

test('Global Privacy Control denies the ad purposes and keeps Meta’s ids at home', async () => {
  await context.addInitScript(`Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`)
  await context.addCookies([{ name: '_fbp', value: 'fb.1.1.2', url: shop }])
  await page.goto(shop + '/?fbclid=x')
  await received(() => calls.length === 1)
  expect(calls[0]?.context.consent?.categoryPreferences).toEqual({
    ad_user_data: false,
    ad_personalisation: false,
  })
  expect(calls[0]?.context.throughline).not.toHaveProperty('fbp')
  expect(calls[0]?.context.throughline).not.toHaveProperty('fbc')
})

test('Do Not Track is honoured where the page asks for it', async () => {
  attributes = 'data-respect="dnt gpc"'
  await context.addInitScript(`Object.defineProperty(navigator, 'doNotTrack', { value: '1' })`)
  await page.goto(shop + '/')
  await loaded()
  await run(`throughline.track('x')`)
  await page.goto(shop + '/next')
  expect(requests).toEqual([])
  expect(await cookieNames()).toEqual([])
  expect(await diskLength()).toBe(0)
})

test('opting out stops everything until opting in', async () => {
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  await run(`throughline.optOut(); throughline.track('x')`)
  await page.goto(shop + '/next')
  await loaded()
  expect(await cookieNames()).toEqual(['tl_optout'])
  expect(await run('throughline.user()')).toEqual({})
  await run(`throughline.optIn(); throughline.track('back')`)
  await received(() => calls.length === 2)
  expect(calls[1]).toMatchObject({ event: 'back' })
})

test('an event of the page’s last instant leaves by beacon', async () => {
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  await run(`throughline.track('link_clicked'); location.href = '/next'`)
  // Once by the dying page, and once by the next, which cannot know that the beacon came through.
  const withClick = () => {
    const id = named('link_clicked')[0]?.messageId ?? ''
    return requests.filter((request) => request.ids.includes(id))
  }
  await received(() => withClick().length === 2 && named('page').length === 2)
  // Beacons are the only requests of the tracker that do not ask for an answer across origins.
  expect(requests.find((request) => request.mode === 'no-cors')?.ids).toEqual([
    named('link_clicked')[0]?.messageId,
  ])
  expect(
    withClick()
      .map((request) => request.mode)
      .sort(),
  ).toEqual(['cors', 'no-cors'])
})

test('what a beacon cannot carry is not lost: the next page sends it', async () => {
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  await run(`for (let i = 0; i < 6; i++) throughline.track('big_' + i, { text: 'x'.repeat(20000) })
    location.href = '/next'`)
  await received(() => [0, 1, 2, 3, 4, 5].every((index) => named('big_' + index).length > 0))
  expect(Math.max(...requests.map((request) => request.bytes))).toBeLessThan(64 * 1024)
})

test('with the server down events wait across pages, and arrive later with the same message ids', async () => {
  mood = 'down'
  await page.goto(shop + '/')
  await received(() => requests.length === 1)
  await run(`throughline.track('while_down')`)
  await page.goto(shop + '/next')
  await loaded()
  const waiting = String(await run(`localStorage.getItem('tl_queue')`))
  expect(waiting).toContain('while_down')
  expect(waiting).toContain(requests[0]?.ids[0])
  mood = 200
  await received(() => named('page').length >= 2 && named('while_down').length > 0)
  expect(calls.map((call) => call.messageId)).toContain(requests[0]?.ids[0])
  await page.waitForFunction(`JSON.parse(localStorage.getItem('tl_queue')).calls.length === 0`)
})

test('429 and Retry-After put off the next attempt, a refusal ends it', async () => {
  mood = 429
  retryAfter = '600'
  await page.goto(shop + '/')
  await received(() => requests.length === 1)
  await page.waitForFunction(
    `JSON.parse(localStorage.getItem('tl_queue') || '{"untilMs":0}').untilMs > Date.now() + 500000`,
  )
  await page.goto(shop + '/next')
  await loaded()
  await page.waitForFunction(`JSON.parse(localStorage.getItem('tl_queue')).calls.length === 2`)
  expect(requests).toHaveLength(1)
  mood = 400
  await run(`localStorage.setItem('tl_queue', localStorage.getItem('tl_queue').replace(/"untilMs":\\d+/, '"untilMs":0'))
    throughline.track('refused')`)
  await received(() => requests.length === 2)
  await page.waitForFunction(`JSON.parse(localStorage.getItem('tl_queue')).calls.length === 0`)
  expect(requests[1]?.ids).toHaveLength(3)
})

test('two tabs do not send the kept events at the same time', async () => {
  mood = 503
  await page.goto(shop + '/')
  await received(() => requests.length === 1)
  await page.waitForFunction(`(localStorage.getItem('tl_queue') || '').includes('"failures":1')`)
  await page.goto('about:blank')
  mood = 'hold'
  requests = []
  await page.goto(shop + '/a')
  await received(() => requests.length === 1)
  const second = await context.newPage()
  await second.goto(shop + '/b')
  await second.waitForFunction(`localStorage.getItem('tl_queue').includes('/b')`)
  mood = 200
  release()
  await received(() => named('page').length >= 3)
  const ids = requests.flatMap((request) => request.ids)
  expect(ids.length).toBe(new Set(ids).size)
})

test('a submitted form is an event of its harmless fields, and its e-mail address identifies', async () => {
  attributes = 'data-forms'
  await page.goto(shop + '/')
  await received(() => calls.length === 1)
  await run(`document.body.innerHTML = \`<form id="lead" name="contact" action="/thanks?token=secret">
      <input name="id" value="shadow"><input name="first" autocomplete="given-name" value="Ada">
      <input type="email" name="mail" value="ada@example.com"><input type="password" name="p" value="hunter2">
      <input type="hidden" name="csrf" value="hunter2"><input autocomplete="cc-number" name="n" value="hunter2">
      <input name="note" value="4242 4242 4242 4242"><input name="mine" data-throughline-ignore value="hunter2">
      <select name="size"><option>S<option selected>M</select><textarea name="text">Hello</textarea><button>Go</button></form>\`
    document.forms[0].addEventListener('submit', (event) => { event.preventDefault(); event.stopPropagation() })
    document.querySelector('button').click()`)
  await received(() => named('identify').length === 1)
  expect(named('form_submitted')[0]?.properties).toEqual({
    form_id: 'lead',
    form_name: 'contact',
    form_action: shop + '/thanks',
    fields: { id: 'shadow', first: 'Ada', mail: 'ada@example.com', size: 'M', text: 'Hello' },
  })
  expect(named('identify')[0]?.traits).toEqual({ firstName: 'Ada', email: 'ada@example.com' })
  expect(JSON.stringify(calls)).not.toContain('hunter2')
})

test('forms are left alone where the page did not ask, or the form opts out', async () => {
  const submit = `document.body.innerHTML = '<form data-throughline-ignore><input name="a" value="1"><button>Go</button></form>'
    document.forms[0].addEventListener('submit', (event) => event.preventDefault())
    document.querySelector('button').click(); throughline.track('after')`
  await page.goto(shop + '/')
  await loaded()
  await run(submit.replace(' data-throughline-ignore', ''))
  await received(() => named('after').length === 1)
  attributes = 'data-forms'
  await page.goto(shop + '/opt-in')
  await loaded()
  await run(submit)
  await received(() => named('after').length === 2)
  expect(named('form_submitted')).toEqual([])
})

test('the same events are pushed to the data layer with their message ids, after what the page put there', async () => {
  attributes = 'data-datalayer="tagLayer"'
  html = '<script>tagLayer = [{ own: 1 }]</script>'
  await page.goto(shop + '/')
  await loaded()
  await run(`throughline.track('purchase', { ecommerce: { value: 5 } })`)
  await received(() => calls.length === 2)
  expect(await run('tagLayer')).toMatchObject([
    { own: 1 },
    { event: 'page_view', event_id: calls[0]?.messageId, path: '/' },
    { ecommerce: null },
    { event: 'purchase', event_id: calls[1]?.messageId, ecommerce: { value: 5 } },
  ])
})

test('commands given before the script has loaded are carried out, a choice before the first page view', async () => {
  html = `<script>window.throughline = window.throughline || []
    throughline.push(['track', 'early', { a: 1 }]); throughline.push(['consent', { analytics: true }])
    throughline.push(['ready', (tracker) => tracker.track('ready')]); throughline.push(['nonsense'])</script>`
  await page.goto(shop + '/')
  await received(() => calls.length === 4)
  expect(calls.map((call) => call.event ?? call.type)).toEqual(['consent_changed', 'page', 'early', 'ready'])
  await run(`throughline.push(['track', 'late'])`)
  await received(() => named('late').length === 1)
})

test('identify, group and alias have Segment’s shapes, and reset makes somebody new', async () => {
  await page.goto(shop + '/')
  await loaded()
  await run(`throughline.identify(42, { plan: 'pro' }); throughline.track('bought', {}, { messageId: 'mine' })
    throughline.group('acme', { size: 3 }); throughline.alias('new'); throughline.identify({ email: 'a@b.ch' })
    throughline.page('Pricing', { tier: 1 }); throughline.reset(); throughline.track('other')`)
  await received(() => named('other').length === 1)
  const [first, identified, bought, group, alias, traits, pricing, other] = calls
  expect(identified).toMatchObject({ type: 'identify', userId: '42', traits: { plan: 'pro' } })
  expect(bought).toMatchObject({ userId: '42', messageId: 'mine' })
  expect(group).toMatchObject({ type: 'group', groupId: 'acme', traits: { size: 3 }, userId: '42' })
  expect(alias).toMatchObject({ type: 'alias', userId: 'new', previousId: '42' })
  expect(traits).toMatchObject({ type: 'identify', userId: '42', traits: { email: 'a@b.ch' } })
  expect(pricing).toMatchObject({
    type: 'page',
    name: 'Pricing',
    properties: { name: 'Pricing', tier: 1, path: '/' },
  })
  expect(other?.anonymousId).not.toBe(first?.anonymousId)
  expect(other?.userId).toBeUndefined()
  expect(other?.context.throughline.sessionStart).toBe(true)
})

test('a call that cannot be sent is reported to the console and never thrown into the page', async () => {
  await page.goto(shop + '/')
  await loaded()
  const complaint = page.waitForEvent('pageerror')
  await run(
    `const loop = {}; loop.loop = loop; throughline.track('circular', loop); throughline.track('fine')`,
  )
  expect((await complaint).message).toContain('circular')
  const tooLarge = page.waitForEvent('pageerror')
  await run(`throughline.track('large', { text: 'x'.repeat(40000) })`)
  expect((await tooLarge).message).toContain('32 kB')
  await received(() => named('fine').length === 1)
})

test('a second script element on the page counts nothing twice', async () => {
  html = `<script async src="/t.js" data-write-key="KEY"></script>`
  await page.goto(shop + '/', { waitUntil: 'load' })
  await run(`throughline.track('end')`)
  await received(() => named('end').length === 1)
  expect(named('page')).toHaveLength(1)
})
