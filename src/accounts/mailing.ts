// What the product mails about accounts: how each reads, as text and as HTML.
import type { MailKind, Role } from './contract.ts'

/** Whether mail can be sent, and the address of the app that links lead to: `https://leads.example.com`. */
export interface Mailing {
  isSetUp: boolean
  origin: string
}

/** What a text names; which of them a kind has, its template below says. */
export interface MailFacts {
  origin: string
  /** whoever did it */
  by?: string
  newEmail?: string
  workspaceName?: string
  role?: Role
  invitationId?: string
}

export interface Composed {
  subject: string
  text: string
  html: string
}

/**
 * Writes a mail.
 * @param link for the kinds that have a button: where it leads
 */
export function composeMail(kind: MailKind, facts: MailFacts, link: string | undefined): Composed {
  const { subject, lines, action, after } = templates[kind](facts)
  const button = action && link ? { label: action, link } : undefined
  const host = new URL(facts.origin).host
  const text = [
    ...lines,
    ...(button ? [`${button.label}:\n${button.link}`] : []),
    ...(after ?? []),
    `-- \nThroughline at ${host}`,
  ].join('\n\n')
  return { subject, text: `${text}\n`, html: page(subject, lines, button, after ?? [], host) }
}

interface Template {
  subject: string
  lines: string[]
  /** the words on the button */
  action?: string
  /** below the button */
  after?: string[]
}

const templates: Record<MailKind, (facts: MailFacts) => Template> = {
  password_reset: () => ({
    subject: 'Set a new password',
    lines: ['Somebody, hopefully you, asked for a new password for your account.'],
    action: 'Set a new password',
    after: [
      'The link works once, for one hour.',
      'If it was not you, leave this mail alone: without the link nothing changes.',
    ],
  }),
  password_changed: () => ({
    subject: 'Your password was changed',
    lines: [
      'The password of your account was changed, and every other session has ended.',
      'If it was not you, ask for a new password on the sign-in page at once, and tell an owner of your workspace.',
    ],
  }),
  reset_link_made: ({ by = 'An admin' }) => ({
    subject: 'A link to set your password was made',
    lines: [
      `${by} made a link with which a new password can be set for your account, and will pass it on to you. It works once, for one day.`,
      'If you did not ask for it, tell an owner of your workspace.',
    ],
  }),
  email_change: ({ by = 'Somebody' }) => ({
    subject: 'Confirm your new e-mail address',
    lines: [`${by} wants to sign in with this address from now on.`],
    action: 'Confirm this address',
    after: [
      'The link works once, for one day. Until then the present address stays.',
      'If this is not you, leave this mail alone.',
    ],
  }),
  email_changed: ({ newEmail = 'another address' }) => ({
    subject: 'Your e-mail address was changed',
    lines: [
      `Your account now signs in with ${newEmail}. This address no longer works.`,
      'If it was not you, tell an owner of your workspace at once.',
    ],
  }),
  email_taken: () => ({
    subject: 'You have an account already',
    lines: [
      'Somebody with another account wanted to change to this address. It has an account of its own, so nothing was changed.',
      'If that was you, sign in with this address, or use another one for the other account.',
    ],
  }),
  two_factor_on: () => ({
    subject: 'Two-factor is on',
    lines: [
      'From now on, signing in to your account takes a code from your authenticator app after the password.',
      'If it was not you, tell an owner of your workspace at once.',
    ],
  }),
  two_factor_off: ({ by = 'Somebody' }) => ({
    subject: 'Two-factor is off',
    lines: [
      `${by} turned two-factor off for your account: signing in takes only the password now.`,
      'If you did not expect this, change your password, and tell an owner of your workspace.',
    ],
  }),
  invitation: ({ by = 'A member', workspaceName = 'a workspace', role = 'member' }) => ({
    subject: `${by} invites you to ${workspaceName}`,
    lines: [`${by} invites you to ${workspaceName} as ${role}.`],
    action: `Join ${workspaceName}`,
    after: ['The link works once, for seven days.'],
  }),
  test: ({ by = 'Somebody' }) => ({
    subject: 'Mail works',
    lines: [
      `${by} sent this test. Throughline can send mail: invitations and new passwords now go out by themselves.`,
    ],
  }),
}

/** Colours that read on white and on the dark that mail programs make of it; no picture, nothing loaded from elsewhere. */
function page(
  title: string,
  lines: string[],
  button: { label: string; link: string } | undefined,
  after: string[],
  host: string,
): string {
  const paragraph = (line: string) => `<p style="margin:0 0 16px">${escaped(line)}</p>`
  const quiet = (line: string) =>
    `<p style="margin:0 0 8px;font-size:14px;color:#6f7682">${escaped(line)}</p>`
  const action = button
    ? `<p style="margin:24px 0"><a href="${escaped(button.link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#3f5bd0;color:#ffffff;font-weight:600;text-decoration:none">${escaped(button.label)}</a></p>
<p style="margin:0 0 24px;font-size:13px;color:#6f7682;word-break:break-all">${escaped(button.link)}</p>`
    : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
</head>
<body style="margin:0;padding:0;background:#f4f5f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border:1px solid #e2e4e9;border-radius:12px"><tr><td style="padding:32px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#17191f">
<p style="margin:0 0 24px;font-size:14px;font-weight:600;color:#6f7682">Throughline</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escaped(title)}</h1>
${lines.map(paragraph).join('\n')}
${action}
${after.map(quiet).join('\n')}
</td></tr></table>
<p style="margin:16px 0 0;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:12px;color:#6f7682">Sent by Throughline at ${escaped(host)}</p>
</td></tr></table>
</body>
</html>
`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
