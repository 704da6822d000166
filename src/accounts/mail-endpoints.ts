// The nouns of system mail: whether it is set up, what became of each mail, and the test.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'

export const mailKinds = [
  'password_reset',
  'password_changed',
  'reset_link_made',
  'email_change',
  'email_changed',
  'email_taken',
  'two_factor_on',
  'two_factor_off',
  'invitation',
  'test',
] as const
export type MailKind = (typeof mailKinds)[number]

export const systemMailSchema = z.object({
  id: z.string(),
  kind: z.enum(mailKinds).exclude(['email_taken']),
  to: z.string(),
  status: z.enum(['waiting', 'sent', 'failed']),
  attempts: z.number().int(),
  /** what the mail server said last */
  words: z.string().nullable(),
  createdAt: z.string(),
  triedAt: z.string().nullable(),
})
export type SystemMail = z.infer<typeof systemMailSchema>

export const getMail = endpoint({
  id: 'getMail',
  method: 'GET',
  path: '/api/mail',
  access: { permission: 'team.manage' },
  summary: 'Whether system mail is set up, and what became of the last mails to the team',
  tag: 'Team',
  reply: z.object({
    isSetUp: z.boolean(),
    /** host and port, without user and password */
    server: z.string().nullable(),
    from: z.string().nullable(),
    /** whether somebody signed out can have a link mailed */
    resetsByMail: z.boolean(),
    items: z.array(systemMailSchema),
  }),
})

export const sendTestMail = endpoint({
  id: 'sendTestMail',
  method: 'POST',
  path: '/api/mail/test',
  access: { permission: 'team.manage' },
  summary: 'Send a test mail to your own address; GET /api/mail tells what became of it',
  tag: 'Team',
  reply: z.object({ id: z.string(), to: z.string() }),
  status: 202,
})
