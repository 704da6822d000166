// Guarantees of the texts of system mails.
import { expect, test } from 'vitest'
import { mailKinds } from './contract.ts'
import { composeMail } from './mailing.ts'

const origin = 'https://leads.shop.example'
const link = `${origin}/reset-password#token`

test.each(mailKinds)('%s has a subject of one line, and says the same as text and as HTML', (kind) => {
  const { subject, text, html } = composeMail(kind, { origin, by: 'Olive' }, link)
  expect(subject).toMatch(/^[^\r\n]{5,80}$/)
  const words = text.split('\n\n')[0] ?? ''
  expect(html).toContain(words)
  expect(text).toContain('leads.shop.example')
  expect(html).not.toMatch(/<(img|script|link)\b|url\(/)
})

test('only kinds with a button carry a link, once as a button and once to copy', () => {
  const carrying = mailKinds.filter((kind) => composeMail(kind, { origin }, link).text.includes(link))
  expect(carrying).toEqual(['password_reset', 'email_change', 'invitation'])
  for (const kind of carrying) expect(composeMail(kind, { origin }, link).html.split(link)).toHaveLength(3)
})

test('a name that holds HTML or a line end stays text', () => {
  const by = '<b>"Olive" & Co</b>'
  const { html, text } = composeMail('invitation', { origin, by, workspaceName: 'A <i>' }, link)
  expect(html).toContain('&lt;b&gt;&quot;Olive&quot; &amp; Co&lt;/b&gt;')
  expect(html).not.toContain('<b>')
  expect(html).not.toContain('<i>')
  expect(text).toContain(by)
})
