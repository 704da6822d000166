// A real SMTP server on this machine that keeps what it is handed, and refuses in words of the test's choice.
import PostalMime from 'postal-mime'
import type { Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { vi } from 'vitest'

export interface MailSink {
  /** for `SMTP_URL`, with user and password */
  url: string
  mails: Email[]
  /** refuses every recipient with a status and words; undefined takes them again */
  refuseWith(refusal: { code: number; words: string } | undefined): void
  /** the first mail to an address that was not asked for before; waits for it */
  mailTo(address: string): Promise<Email>
  close(): Promise<void>
}

/** Listens on a free port of loopback, without TLS. */
export async function openMailSink(): Promise<MailSink> {
  const mails: Email[] = []
  const told = new Set<Email>()
  let refusal: { code: number; words: string } | undefined
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'throughline' && password === 'let me in'
        ? done(null, { user: username })
        : done(new Error('Authentication failed')),
    onRcptTo: (_address, _session, done) => {
      if (!refusal) return done()
      done(Object.assign(new Error(refusal.words), { responseCode: refusal.code }))
    },
    onData: (stream, _session, done) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(pieces)).then((mail) => {
          mails.push(mail)
          done()
        })
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `smtp://throughline:let%20me%20in@127.0.0.1:${port}`,
    mails,
    refuseWith: (words) => {
      refusal = words
    },
    mailTo: (to) =>
      vi.waitFor(
        () => {
          const found = mails.find((mail) => mail.to?.[0]?.address === to && !told.has(mail))
          if (!found) throw new Error(`no mail to ${to} among ${mails.length}`)
          told.add(found)
          return found
        },
        { timeout: 15_000, interval: 20 },
      ),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** What stands behind the # of the link in a mail. */
export function tokenIn(mail: Email): string {
  return /#([\w-]{43})/.exec(mail.text ?? '')?.[1] ?? ''
}
