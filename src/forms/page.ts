// Whole pages around a form: the hosted page, what comes after it, and the page that confirms an address. Pure.
import { escapeHtml } from '../lib/html.ts'
import type { FormDefinition } from './nouns.ts'
import { formCss, renderForm, renderThanks } from './render.ts'
import type { RenderOptions } from './render.ts'
import { formWords } from './words.ts'

/** The hosted page. @param script address of the script that sends it without leaving the page */
export function formPage(definition: FormDefinition, options: RenderOptions, script?: string): string {
  const title = definition.title || definition.button || formWords[definition.language].send
  return document(definition, title, renderForm(definition, options), script)
}

export function thanksPage(definition: FormDefinition, needsConfirmation: boolean): string {
  const words = formWords[definition.language]
  return document(definition, definition.title || words.thanks, renderThanks(definition, needsConfirmation))
}

/** A page that says one sentence in the look of the form. */
export function sentencePage(definition: FormDefinition, sentence: string): string {
  const inner = `<div class="tlf tlf-done" role="status"><p>${escapeHtml(sentence)}</p></div>`
  return document(definition, definition.title || sentence, inner)
}

/** Asks whoever opened the link of a mail to confirm: programs that look through mails open links, but press no buttons. */
export function confirmPage(definition: FormDefinition, action: string, wordings: string[]): string {
  const words = formWords[definition.language]
  const list = wordings.map((wording) => `<li>${escapeHtml(wording)}</li>`).join('')
  const inner = [
    `<form class="tlf" method="post" action="${escapeHtml(action)}">`,
    `<h1 class="tlf-title">${escapeHtml(words.confirmTitle)}</h1>`,
    `<p class="tlf-intro">${escapeHtml(words.confirmText)}</p><ul>${list}</ul>`,
    `<button class="tlf-button" type="submit">${escapeHtml(words.letterAction)}</button></form>`,
  ].join('')
  return document(definition, words.confirmTitle, inner)
}

function document(definition: FormDefinition, title: string, inner: string, script?: string): string {
  return `<!doctype html>
<html lang="${definition.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>html{background:#eef0f3}body{margin:0;padding:32px 16px;min-height:100vh;box-sizing:border-box}main{max-width:560px;margin:0 auto}
@media(max-width:600px){body{padding:0}main .tlf{border-radius:0;min-height:100vh}}
${formCss(definition.style)}</style>
</head>
<body>
<main>${inner}</main>
${script ? `<script src="${escapeHtml(script)}" defer></script>` : ''}
</body>
</html>
`
}
