// Hands single letters to the installation's mail server over SMTP, and tells in the server's words what became of each.
import { createTransport } from 'nodemailer'
import type { Settings } from './settings.ts'

export interface Letter {
  to: string
  subject: string
  text: string
  html: string
  /** the same at every try, so that a mail program that gets it twice shows it once */
  messageId: string
}

/** `isFinal` where the server will never take this letter: another try is pointless. `words` is what it said. */
export type Posted = { isSent: true; words: string } | { isSent: false; isFinal: boolean; words: string }

export interface MailServer {
  /** `host:port`, without user and password */
  server: string
  /** the sender, as `MAIL_FROM` has it */
  from: string
}

/** The mail server of the settings; undefined unless both `SMTP_URL` and `MAIL_FROM` are set. */
export function mailServer(settings: Pick<Settings, 'smtpUrl' | 'mailFrom'>): MailServer | undefined {
  const { smtpUrl, mailFrom } = settings
  if (smtpUrl === undefined || mailFrom === undefined) return undefined
  const { protocol, hostname, port } = new URL(smtpUrl)
  return { server: `${hostname}:${port || (protocol === 'smtps:' ? '465' : '587')}`, from: mailFrom }
}

/**
 * Posts one letter over a connection of its own.
 * @throws where no mail server is set; everything the server does is a value
 */
export async function postLetter(
  settings: Pick<Settings, 'smtpUrl' | 'mailFrom'>,
  letter: Letter,
): Promise<Posted> {
  const transport = createTransport(
    {
      url: settings.smtpUrl,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: ANSWER_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: settings.mailFrom },
  )
  try {
    // https://www.rfc-editor.org/rfc/rfc3834#section-5: no out-of-office note shall answer.
    const { response } = await transport.sendMail({
      ...letter,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return { isSent: true, words: response }
  } catch (error) {
    return { isSent: false, ...wordsOf(error) }
  } finally {
    transport.close()
  }
}

const CONNECT_TIMEOUT_MS = 15_000
const ANSWER_TIMEOUT_MS = 30_000

// A 5xx to the recipient or to the letter is for good; one to the greeting, TLS or the password ends when the server or its
// settings are put right (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1).
function wordsOf(error: unknown): { isFinal: boolean; words: string } {
  if (!(error instanceof Error)) throw error
  const { code, response, responseCode } = error as Error & {
    code?: unknown
    response?: unknown
    responseCode?: unknown
  }
  const isFinal =
    (code === 'EENVELOPE' || code === 'EMESSAGE') && typeof responseCode === 'number' && responseCode >= 500
  return { isFinal, words: (typeof response === 'string' ? response : error.message).slice(0, 500) }
}
