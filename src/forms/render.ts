// The one renderer of forms: the hosted page, the embed script and the preview in the editor show what it writes. Pure.
import { escapeHtml } from '../lib/html.ts'
import { isWebAddress } from './nouns.ts'
import type { FormDefinition, FormField, FormStyle } from './nouns.ts'
import { formWords } from './words.ts'
import type { FormWords } from './words.ts'

/** Fields of a posted form that are no answers; answers are named `f_<key>`. */
export const controlNames = {
  ticket: 'ticket',
  /** left empty by people, who do not see it */
  trap: 'website',
  work: 'work',
  pageUrl: 'page_url',
  pageTitle: 'page_title',
  referrer: 'referrer',
  anonymousId: 'anonymous_id',
  sessionId: 'session_id',
  timeZone: 'time_zone',
} as const

export interface RenderOptions {
  /** where it is posted to */
  action: string
  /** see ticket.ts; empty in a preview, which cannot be sent */
  ticket: string
  /** by key, where it comes back to be corrected */
  answers?: Readonly<Record<string, readonly string[]>>
  /** by key, in words */
  problems?: Readonly<Record<string, string>>
  /** what is wrong with the whole */
  notice?: string
  /** by name, for the controls that the page knows */
  controls?: Readonly<Record<string, string>>
}

/** A form as HTML: safe to set as `innerHTML`, whatever stands in its texts. Its look is `formCss`. */
export function renderForm(definition: FormDefinition, options: RenderOptions): string {
  const words = formWords[definition.language]
  const { title, intro, fields, button, privacyUrl, protection } = definition
  const controls = { ...options.controls, [controlNames.ticket]: options.ticket }
  return [
    `<form class="tlf" method="post" action="${escapeHtml(options.action)}" accept-charset="utf-8" lang="${definition.language}"`,
    ` data-throughline-ignore data-work="${protection.hasWork ? 'yes' : 'no'}" data-failed="${escapeHtml(words.failed)}">`,
    title ? `<h1 class="tlf-title">${escapeHtml(title)}</h1>` : '',
    intro ? `<p class="tlf-intro">${lines(intro)}</p>` : '',
    `<p class="tlf-notice" role="alert"${options.notice ? '' : ' hidden'}>${escapeHtml(options.notice ?? '')}</p>`,
    ...fields.map((field) =>
      renderField(field, words, options.answers?.[field.key], options.problems?.[field.key]),
    ),
    `<div class="tlf-trap" aria-hidden="true"><label>Website<input type="text" name="${controlNames.trap}" tabindex="-1" autocomplete="off" value=""></label></div>`,
    ...Object.entries(controls).map(
      ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    ),
    `<button class="tlf-button" type="submit">${escapeHtml(button || words.send)}</button>`,
    privacyUrl && isWebAddress(privacyUrl)
      ? `<p class="tlf-privacy"><a href="${escapeHtml(privacyUrl)}" target="_blank" rel="noopener noreferrer">${escapeHtml(words.privacy)}</a></p>`
      : '',
    protection.hasWork ? `<noscript><p class="tlf-notice">${escapeHtml(words.work)}</p></noscript>` : '',
    '</form>',
  ].join('')
}

/** What stands in the form's place once it was sent. */
export function renderThanks(definition: FormDefinition, needsConfirmation: boolean): string {
  const words = formWords[definition.language]
  const message = definition.message || words.thanks
  return `<div class="tlf tlf-done" role="status" lang="${definition.language}" data-throughline-ignore><p>${lines(message)}</p>${
    needsConfirmation ? `<p>${escapeHtml(words.checkMail)}</p>` : ''
  }</div>`
}

/** The style sheet of a form; it names nothing but the form's own classes. */
export function formCss(style: FormStyle): string {
  const accent = colourOf(style.accent, '#3f5bd0')
  const text = colourOf(style.text, '#17191f')
  const background = colourOf(style.background, '#ffffff')
  const radius = within(style.radiusPx, 0, 24)
  const size = within(style.fontPx, 13, 20)
  return `.tlf,.tlf *{box-sizing:border-box}
.tlf{max-width:560px;margin:0;padding:24px;font:${size}px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;color:${text};background:${background};border-radius:${radius}px;text-align:start}
.tlf-title{margin:0 0 12px;font-size:1.5em;line-height:1.25;font-weight:650}
.tlf-intro,.tlf-done p{margin:0 0 16px}
.tlf-done p:last-child{margin-bottom:0}
.tlf-field{margin:0 0 16px;padding:0;border:0;min-width:0}
.tlf-label{display:block;margin:0 0 4px;padding:0;font-weight:550}
.tlf-help{margin:4px 0 0;font-size:.875em;opacity:.75}
.tlf-input{display:block;width:100%;min-height:2.75em;padding:.5em .75em;font:inherit;color:inherit;background:transparent;border:1px solid ${mix(text)};border-radius:${radius}px}
textarea.tlf-input{min-height:6em;resize:vertical}
select.tlf-input option{color:#17191f;background:#fff}
.tlf-input:focus-visible,.tlf-tick:focus-visible,.tlf-button:focus-visible{outline:2px solid ${accent};outline-offset:2px}
.tlf-option{display:flex;gap:.5em;align-items:flex-start;margin:4px 0}
.tlf-tick{flex:none;width:1.15em;height:1.15em;margin:.2em 0 0;accent-color:${accent}}
.tlf-mark{color:inherit;font-weight:400}
.tlf-problem,.tlf-notice{margin:4px 0 0;padding:.5em .75em;font-size:.9em;color:#8f1d1d;background:#fdecec;border-radius:${radius}px}
.tlf-notice{margin:0 0 16px}
.tlf-notice[hidden]{display:none}
.tlf-trap{position:absolute!important;left:-10000px!important;width:1px;height:1px;overflow:hidden}
.tlf-button{min-height:2.75em;padding:.5em 1.5em;font:inherit;font-weight:600;color:${inkOn(accent)};background:${accent};border:0;border-radius:${radius}px;cursor:pointer}
.tlf-button[disabled]{opacity:.6;cursor:default}
.tlf-privacy{margin:12px 0 0;font-size:.875em}
.tlf-privacy a{color:inherit}`
}

function renderField(
  field: FormField,
  words: FormWords,
  answers: readonly string[] | undefined,
  problem: string | undefined,
): string {
  const name = `f_${field.key}`
  if (field.kind === 'hidden') {
    const parameter = field.parameter ? ` data-parameter="${escapeHtml(field.parameter)}"` : ''
    return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(answers?.[0] ?? field.value)}"${parameter}>`
  }
  const marked = `${escapeHtml(field.label)}${field.isRequired ? ' <span class="tlf-mark" aria-hidden="true">*</span>' : ''}`
  const described = [field.help ? `${name}-help` : '', problem ? `${name}-problem` : ''].filter(Boolean)
  const common = [
    described.length > 0 ? ` aria-describedby="${escapeHtml(described.join(' '))}"` : '',
    problem ? ' aria-invalid="true"' : '',
  ].join('')
  const after = [
    field.help ? `<p class="tlf-help" id="${escapeHtml(name)}-help">${escapeHtml(field.help)}</p>` : '',
    problem ? `<p class="tlf-problem" id="${escapeHtml(name)}-problem">${escapeHtml(problem)}</p>` : '',
  ].join('')
  if (field.kind === 'checkbox' || field.kind === 'consent') {
    const box = tick(name, 'yes', marked, { isTicked: answers?.[0] === 'yes', common, field })
    return `<div class="tlf-field">${box}${after}</div>`
  }
  if (field.kind === 'choices') {
    const boxes = field.options.map((option) =>
      tick(name, option, escapeHtml(option), { isTicked: answers?.includes(option) === true, common: '' }),
    )
    return `<fieldset class="tlf-field"${common}><legend class="tlf-label">${marked}</legend>${boxes.join('')}${after}</fieldset>`
  }
  const input = renderInput(
    field,
    words,
    answers?.[0] ?? '',
    `${common}${field.isRequired ? ' required' : ''}`,
  )
  return `<div class="tlf-field"><label class="tlf-label" for="${escapeHtml(name)}">${marked}</label>${input}${after}</div>`
}

function renderInput(field: FormField, words: FormWords, answer: string, common: string): string {
  const name = escapeHtml(`f_${field.key}`)
  const placeholder = field.placeholder ? ` placeholder="${escapeHtml(field.placeholder)}"` : ''
  const complete = field.fills === null ? undefined : AUTOCOMPLETE[field.fills]
  const named = `class="tlf-input" id="${name}" name="${name}"${complete ? ` autocomplete="${complete}"` : ''}${common}`
  if (field.kind === 'paragraph')
    return `<textarea ${named} rows="4" maxlength="5000"${placeholder}>${escapeHtml(answer)}</textarea>`
  if (field.kind === 'choice') {
    const options = field.options.map(
      (option) =>
        `<option value="${escapeHtml(option)}"${option === answer ? ' selected' : ''}>${escapeHtml(option)}</option>`,
    )
    return `<select ${named}><option value="">${escapeHtml(field.placeholder || words.choose)}</option>${options.join('')}</select>`
  }
  const type = INPUT_TYPES[field.kind] ?? 'text'
  const any = type === 'number' ? ' step="any"' : ''
  return `<input type="${type}" ${named} maxlength="1000"${any}${placeholder} value="${escapeHtml(answer)}">`
}

function tick(
  name: string,
  value: string,
  label: string,
  { isTicked, common, field }: { isTicked: boolean; common: string; field?: FormField },
): string {
  const required = field?.isRequired ? ' required' : ''
  return `<label class="tlf-option"><input class="tlf-tick" type="checkbox" name="${escapeHtml(name)}" value="${escapeHtml(value)}"${
    isTicked ? ' checked' : ''
  }${required}${common}><span>${label}</span></label>`
}

const INPUT_TYPES: Record<string, string> = { email: 'email', phone: 'tel', number: 'number', date: 'date' }

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill
const AUTOCOMPLETE: Record<string, string> = {
  email: 'email',
  phone: 'tel',
  firstName: 'given-name',
  lastName: 'family-name',
  company: 'organization',
  jobTitle: 'organization-title',
  city: 'address-level2',
  country: 'country',
  language: 'language',
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}

function colourOf(value: string, fallback: string): string {
  return /^#[0-9a-f]{6}$/i.test(value) ? value : fallback
}

function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, Math.round(value))) : least
}

// A border as visible on dark as on light: the text's own colour, thinner.
function mix(text: string): string {
  return `${text}80`
}

// White or near black, whichever has more contrast (WCAG 2.2, relative luminance).
function inkOn(colour: string): string {
  const channel = (at: number) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.058 ? '#ffffff' : '#17191f'
}
