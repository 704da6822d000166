// What the renderer writes: nothing that stands in a form's texts or in what somebody typed becomes markup.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { definitionProblems, fieldKinds, formDefinitionSchema } from './nouns.ts'
import type { FormDefinition } from './nouns.ts'
import { formPage } from './page.ts'
import { formCss, renderForm, renderThanks } from './render.ts'
import { languages } from './words.ts'

const form = (more: Partial<FormDefinition> | object = {}): FormDefinition =>
  formDefinitionSchema.parse({
    fields: [{ key: 'email', kind: 'email', label: 'E-mail', fills: 'email', isRequired: true }],
    ...more,
  })
const shown = (definition: FormDefinition, more = {}) =>
  renderForm(definition, { action: '/f/1', ticket: 't', ...more })

/** Every tag with its attributes, told apart as a browser does. */
const tagsOf = (html: string) => [...html.matchAll(/<\/?([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g)]
const outside = (html: string) => html.replaceAll(/<\/?[a-z][a-z0-9]*(?:\s+[a-z-]+(?:="[^"]*")?)*\s*>/g, '')

const nasty = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    '"><script>alert(1)</script>',
    "' onfocus='alert(1)",
    '</textarea><img src=x onerror=alert(1)>',
    '</style><script>',
    '&lt;b&gt;',
    '<!--',
    'javascript:alert(1)',
  ),
)

test('whatever stands in labels, options, help and answers, the markup stays the same', () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 8, maxLength: 8 }), (texts) => {
      const build = (given: string[]) => {
        const [
          title = '',
          intro = '',
          label = '',
          help = '',
          option = '',
          placeholder = '',
          value = '',
          button = '',
        ] = given
        const definition: FormDefinition = {
          ...form({ privacyUrl: 'https://shop.example/privacy' }),
          title: `t${title}`,
          intro: `i${intro}`,
          button: `b${button}`,
          fields: fieldKinds.map((kind) => ({
            key: `a_${kind}`,
            kind,
            label: `l${label}`,
            fills: null,
            isRequired: true,
            placeholder: `p${placeholder}`,
            help: `h${help}`,
            options: [`o${option}`],
            purpose: null,
            value: `v${value}`,
            parameter: null,
          })),
        }
        const answers = Object.fromEntries(definition.fields.map(({ key }) => [key, [value]]))
        return shown(definition, { answers, notice: `n${help}`, problems: { a_text: `x${label}` } })
      }
      const html = build(texts.map((text) => text.replaceAll('\n', ' ')))
      const plain = build(texts.map(() => ''))
      expect(tagsOf(html).map(([, tag]) => tag)).toEqual(tagsOf(plain).map(([, tag]) => tag))
      expect(outside(html)).not.toMatch(/[<>]/)
    }),
  )
})

test('a privacy link leads to the web alone, and colours are colours, whatever an older definition says', () => {
  const definition = { ...form(), privacyUrl: 'javascript:alert(1)' }
  expect(shown(definition)).not.toContain('javascript:')
  const css = formCss({
    accent: 'red;}</style><script>',
    text: '#12345',
    background: 'url(https://evil.example)',
    radiusPx: Number.NaN,
    fontPx: 400,
  })
  expect(css).not.toMatch(/script|evil|NaN|400px/)
  expect(css).toContain('#3f5bd0')
})

test('the button is written in white or near black, whichever can be read on its colour', () => {
  const ink = (accent: string) =>
    /\.tlf-button\{[^}]*color:(#\w+);background/.exec(formCss({ ...form().style, accent }))?.[1]
  expect([ink('#000080'), ink('#ffee00'), ink('#3f5bd0'), ink('#ffffff')]).toEqual([
    '#ffffff',
    '#17191f',
    '#ffffff',
    '#17191f',
  ])
})

test('a form that comes back shows what was typed and what to change, and names both to screen readers', () => {
  const html = shown(form(), {
    answers: { email: ['ada@'] },
    problems: { email: 'Not an address.' },
    notice: 'Check it.',
  })
  expect(html).toContain('value="ada@"')
  expect(html).toMatch(/aria-describedby="f_email-problem" aria-invalid="true"/)
  expect(html).toContain('<p class="tlf-problem" id="f_email-problem">Not an address.</p>')
  expect(html).toContain('role="alert">Check it.</p>')
})

test('the trap cannot be reached by keyboard and is read out to nobody', () => {
  expect(shown(form())).toMatch(
    /class="tlf-trap" aria-hidden="true">.*name="website" tabindex="-1" autocomplete="off"/,
  )
})

test('the tracker leaves the form alone: it is counted once, by itself', () => {
  expect(shown(form())).toContain('data-throughline-ignore')
  expect(renderThanks(form(), false)).toContain('data-throughline-ignore')
})

test.each(languages)(
  'a page in %s is whole, in its language, and says everything that it may say',
  (language) => {
    const page = formPage(form({ language }), { action: '/f/1', ticket: 't' }, '/f/1/embed.js')
    expect(page).toContain(`<html lang="${language}">`)
    expect(page).toContain('<script src="/f/1/embed.js" defer></script>')
    expect(page).not.toContain('undefined')
  },
)

test.each([
  ['a form that asks nothing', { fields: [] }, /asks nothing/],
  ['a choice of nothing', { fields: [{ key: 'a', kind: 'choice', label: 'A' }] }, /nothing to choose from/],
  ['a consent to nothing', { fields: [{ key: 'a', kind: 'consent', label: 'Yes' }] }, /Say what/],
  [
    'two fields of one key',
    { fields: [1, 2].map(() => ({ key: 'a', kind: 'text', label: 'A' })) },
    /Two fields are called a/,
  ],
  [
    'a text field for the e-mail',
    { fields: [{ key: 'a', kind: 'text', label: 'A', fills: 'email' }] },
    /make it an e-mail field/,
  ],
  [
    'a field of no lead',
    { fields: [{ key: 'a', kind: 'text', label: 'A', fills: 'shoe' }] },
    /no field of leads/,
  ],
  ['double opt-in without consent', { isDoubleOptIn: true }, /add a consent/],
])('%s is told in a sentence', (_what, more, words) => {
  expect(definitionProblems(form(more)).join(' ')).toMatch(words)
})

test('a redirect leads to the web alone', () => {
  for (const redirectUrl of [
    'javascript:alert(1)',
    '//evil.example',
    'data:text/html,x',
    '/thanks',
    'ftp://x.example',
  ])
    expect(formDefinitionSchema.safeParse({ redirectUrl }).success, redirectUrl).toBe(false)
  expect(formDefinitionSchema.safeParse({ redirectUrl: 'https://shop.example/thanks?a=b' }).success).toBe(
    true,
  )
})
