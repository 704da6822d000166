// The mail that asks somebody to confirm an address, in the form's language. Pure.
import { escapeHtml } from '../lib/html.ts'
import type { FormDefinition } from './nouns.ts'
import { formWords } from './words.ts'

/** As text and as HTML; nothing in it is loaded from elsewhere. */
export function confirmationLetter(
  { letter, language }: Pick<FormDefinition, 'letter' | 'language'>,
  link: string,
): { subject: string; text: string; html: string } {
  const words = formWords[language]
  const subject = letter.subject || words.letterSubject
  const said = letter.text || words.letterText
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:520px;margin:0 auto">
<p style="margin:0 0 24px">${escapeHtml(said).replaceAll('\n', '<br>')}</p>
<p style="margin:0 0 24px"><a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#3f5bd0;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(words.letterAction)}</a></p>
<p style="margin:0 0 24px;font-size:13px;color:#6f7682;word-break:break-all">${escapeHtml(link)}</p>
<p style="margin:0;font-size:14px;color:#6f7682">${escapeHtml(words.letterAfter)}</p>
</div>
</body>
</html>
`
  return { subject, text: `${said}\n\n${words.letterAction}:\n${link}\n\n${words.letterAfter}\n`, html }
}
