// Small pieces of HTML: text made safe, tables, forms, and the frame around every page.
import type { Action, Table } from '../frame/vendor.ts'

/** Markup that is safe as it stands; everything else is escaped when it is put in. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | Part[]

/** Markup from a template; what is put in is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((made, string, place) => made + render(parts[place - 1] ?? '') + string))
}

export function table({ title, columns, rows }: Table): Markup {
  if (rows.length === 0)
    return html`<section>
      <h2>${title}</h2>
      <p class="quiet">Nothing yet.</p>
    </section>`
  return html`<section>
    <h2>${title}</h2>
    <div class="scroll">
      <table>
        ${
          columns
            ? html`<thead>
                <tr>
                  ${columns.map((name) => html`<th scope="col">${name}</th>`)}
                </tr>
              </thead>`
            : ''
        }
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

export function form(action: Action): Markup {
  return html`<form method="post" action="/control${action.path}">
    <h3>${action.title}</h3>
    ${action.fields.map(
      (field) =>
        html`<label
          >${field.label}
          ${
            field.options
              ? html`<select name="${field.name}">
                  ${field.options.map(
                    (option) =>
                      html`<option${option === field.value ? new Markup(' selected') : ''}>${option}</option>`,
                  )}
                </select>`
              : html`<input name="${field.name}" value="${field.value ?? ''}" />`
          }
        </label>`,
    )}
    <button>${action.button}</button>
  </form>`
}

export function page(title: string, here: string, links: [string, string][], body: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Sandbox</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <strong>Sandbox</strong>
          <nav>
            ${links.map(
              ([to, name]) =>
                html`<a href="${to}" ${to === here ? new Markup(' aria-current="page"') : ''}>${name}</a>`,
            )}
          </nav>
        </header>
        <main>${body}</main>
      </body>
    </html>`.text
}

function render(part: Part): string {
  if (part instanceof Markup) return part.text
  if (Array.isArray(part)) return part.map(render).join('')
  return String(part).replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? '&#39;',
  )
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --quiet: #60646c; --line: #e0e3e8; --paper: #fff; --tint: #f6f7f9; --accent: #2f5fd0; --bad: #b42318; --good: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --quiet: #a0a4ab; --line: #33373d; --paper: #15171a; --tint: #1d2024; --accent: #8fb0ff; --bad: #ff8f84; --good: #6fd3a0; } }
* { box-sizing: border-box }
body { margin: 0; font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); font-variant-numeric: tabular-nums }
header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; padding: 12px 24px; border-bottom: 1px solid var(--line) }
nav { display: flex; flex-wrap: wrap; gap: 4px }
nav a { padding: 4px 10px; border-radius: 6px; color: var(--quiet); text-decoration: none }
nav a[aria-current] { background: var(--tint); color: var(--ink); font-weight: 600 }
a { color: var(--accent) }
main { max-width: 1120px; margin: 0 auto; padding: 24px; display: grid; gap: 24px }
main > * { min-width: 0 }
h1 { font-size: 20px; margin: 0 } h2 { font-size: 15px; margin: 0 0 8px } h3 { font-size: 14px; margin: 0 }
.quiet { color: var(--quiet) }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: 6px 12px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
tbody tr:last-child > * { border-bottom: 0 }
th { color: var(--quiet); font-weight: 500; background: var(--tint); white-space: nowrap }
form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; padding: 12px; border: 1px solid var(--line); border-radius: 8px }
form h3 { width: 100% }
form.plain { padding: 0; border: 0 }
label { display: grid; gap: 2px; color: var(--quiet); font-size: 12px }
input, select, button { font: inherit; font-size: 14px; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 5px 10px; min-width: 0; max-width: 100% }
label input, label select { color: var(--ink) }
button { cursor: pointer; background: var(--tint) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
details { border: 1px solid var(--line); border-radius: 8px; margin-bottom: 8px }
summary { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 8px 12px; cursor: pointer }
summary .url { flex: 1 1 260px; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
details > div { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 12px; padding: 0 12px 12px }
pre { margin: 4px 0 0; padding: 8px; background: var(--tint); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 360px; overflow: auto; font: 12px/1.5 ui-monospace, monospace }
.bad { color: var(--bad) } .good { color: var(--good) }
.actions { display: grid; gap: 8px }
`
