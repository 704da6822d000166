// The embed script of a form: shows it on any page, or takes over the one on its hosted page, and sends it without leaving the page.
import { parseJson } from '../json.ts'
import { doWork } from './work.ts'

interface Tracked {
  user?(): { anonymousId?: string; sessionId?: string }
}

interface Answer {
  ok: boolean
  html?: string
  sentence?: string
  redirectUrl?: string | null
}

const script = document.currentScript as HTMLScriptElement | null
const address = script && new URL(script.src)
const base = address && address.href.replace(/\/embed\.js.*$/, '')

if (script && base) start(script, base)

function start(tag: HTMLScriptElement, formUrl: string): void {
  const begin = (): void => {
    const hosted = document.querySelector<HTMLFormElement>('main>form.tlf')
    if (hosted && hosted.action === formUrl) take(hosted.parentNode as HTMLElement, hosted)
    else void embed(tag, formUrl)
  }
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin)
  else begin()
}

// In a shadow root, so that neither the page's styles nor the form's reach the other.
async function embed(tag: HTMLScriptElement, formUrl: string): Promise<void> {
  const selector = tag.getAttribute('data-target')
  const host = document.createElement('div')
  host.setAttribute('data-throughline-ignore', '')
  const target = selector && document.querySelector(selector)
  if (target) target.appendChild(host)
  else tag.insertAdjacentElement('afterend', host)
  const reply = await fetch(formUrl + '/embed')
  // Reported to the console, as nobody waits for it.
  if (!reply.ok) throw new Error('Throughline: there is no form at ' + formUrl)
  const { html, css } = (await reply.json()) as { html: string; css: string }
  const root = host.attachShadow({ mode: 'open' })
  const inner = document.createElement('div')
  root.append(inner)
  style(root, css)
  inner.innerHTML = html
  const form = inner.querySelector('form')
  if (form) take(inner, form)
}

// A sheet that is made by script passes policies that refuse style elements.
function style(root: ShadowRoot, css: string): void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet]
  } catch {
    const element = document.createElement('style')
    element.textContent = css
    root.prepend(element)
  }
}

/** Fills in what the page knows, and sends the form by itself. */
function take(place: HTMLElement, form: HTMLFormElement): void {
  const params = new URLSearchParams(location.search)
  const session = sessionCampaign()
  form.querySelectorAll<HTMLInputElement>('input[data-parameter]').forEach((input) => {
    const name = input.getAttribute('data-parameter') || ''
    input.value = params.get(name) || session[name] || input.value
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(place, form)
  })
}

async function send(place: HTMLElement, form: HTMLFormElement): Promise<void> {
  const button = form.querySelector('button')
  if (!button || button.disabled) return
  button.disabled = true
  try {
    const posted = new URLSearchParams()
    new FormData(form).forEach((value, name) => {
      if (typeof value === 'string') posted.append(name, value)
    })
    for (const [name, value] of Object.entries(known())) posted.set(name, value)
    if (form.getAttribute('data-work') === 'yes') posted.set('work', await doWork(posted.get('ticket') || ''))
    const reply = await fetch(form.action, {
      method: 'POST',
      body: posted,
      headers: { accept: 'application/json' },
    })
    show(place, (await reply.json()) as Answer, form)
  } catch {
    notice(form, form.getAttribute('data-failed') || '')
  }
  button.disabled = false
}

function show(place: HTMLElement, answer: Answer, form: HTMLFormElement): void {
  const { redirectUrl } = answer
  if (answer.ok && redirectUrl && /^https?:/.test(redirectUrl)) return location.assign(redirectUrl)
  if (!answer.html) return notice(form, answer.sentence || form.getAttribute('data-failed') || '')
  const template = document.createElement('template')
  template.innerHTML = answer.html
  form.replaceWith(template.content)
  const next = place.querySelector('form')
  if (next) take(place, next)
  const focus = place.querySelector<HTMLElement>('[aria-invalid] , .tlf-notice:not([hidden]), .tlf-done')
  if (!focus) return
  if (!/^(INPUT|SELECT|TEXTAREA)$/.test(focus.tagName)) focus.tabIndex = -1
  focus.focus()
}

function notice(form: HTMLFormElement, sentence: string): void {
  const line = form.querySelector<HTMLElement>('.tlf-notice')
  if (!line) return
  line.textContent = sentence
  line.hidden = false
}

// Where the visitor let themselves be counted, the tracker tells who it is, so that earlier visits belong to the lead.
function known(): Record<string, string> {
  const user = visitor()
  const facts: Record<string, string | undefined> = {
    page_url: location.href.replace(/#.*/, ''),
    page_title: document.title,
    referrer: document.referrer,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    anonymous_id: user.anonymousId,
    session_id: user.sessionId,
  }
  const told: Record<string, string> = {}
  for (const [name, value] of Object.entries(facts)) if (value) told[name] = value
  return told
}

function visitor(): { anonymousId?: string; sessionId?: string } {
  const { throughline } = Object(window) as { throughline?: Tracked }
  return (throughline && throughline.user && throughline.user()) || {}
}

/** The campaign that the tracker's session came by, under the names of the address. */
function sessionCampaign(): Record<string, string> {
  if (!visitor().anonymousId) return {}
  let kept: string | null = null
  try {
    kept = localStorage.getItem('tl_visit')
  } catch {
    // The browser lets nobody read it.
  }
  const visit = parseJson<{ campaign?: Record<string, string> }>(kept || undefined)
  const named: Record<string, string> = {}
  for (const [name, value] of Object.entries((visit && visit.campaign) || {}))
    named['utm_' + (name === 'name' ? 'campaign' : name)] = value
  return named
}
