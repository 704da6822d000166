// The nouns of a person's own account: two-factor, address, sessions, lost passwords, and their endpoints.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { emailSchema, nameSchema, passwordSchema, userSchema } from './fields.ts'

/** A password as it is typed to prove who one is. */
const provenSchema = z.string().min(1).max(128)
const tokenSchema = z.string().min(20).max(100)
const codeSchema = z.string().trim().min(6).max(40)

export const answerWithCode = endpoint({
  id: 'answerWithCode',
  method: 'POST',
  path: '/api/auth/sign-in/code',
  access: 'public',
  summary: 'Finish signing in with two-factor: six digits of the authenticator, or a recovery code',
  tag: 'Accounts',
  body: z.object({ code: codeSchema }),
  reply: z.object({ user: userSchema }),
})

export const requestReset = endpoint({
  id: 'requestReset',
  method: 'POST',
  path: '/api/auth/request-reset',
  access: 'public',
  summary:
    'Have a link to set a new password mailed; the answer is the same where the address has no account',
  tag: 'Accounts',
  body: z.object({ email: emailSchema }),
  reply: z.object({ requested: z.literal(true) }),
})

/** Asked with a body, for a token in an address would stand in the logs of proxies. */
export const getReset = endpoint({
  id: 'getReset',
  method: 'POST',
  path: '/api/auth/reset/look',
  access: 'public',
  summary: 'Whose password a link sets',
  tag: 'Accounts',
  body: z.object({ token: tokenSchema }),
  reply: z.object({ email: z.string(), name: z.string() }),
})

export const resetPassword = endpoint({
  id: 'resetPassword',
  method: 'POST',
  path: '/api/auth/reset',
  access: 'public',
  summary: 'Set a new password by a link, once; every session of the person ends',
  tag: 'Accounts',
  body: z.object({ token: tokenSchema, password: passwordSchema }),
  reply: z.object({ reset: z.literal(true) }),
})

export const confirmEmail = endpoint({
  id: 'confirmEmail',
  method: 'POST',
  path: '/api/auth/confirm-email',
  access: 'public',
  summary: 'Confirm a new address by the link that was mailed to it',
  tag: 'Accounts',
  body: z.object({ token: tokenSchema }),
  reply: z.object({ email: z.string() }),
})

export const changePassword = endpoint({
  id: 'changePassword',
  method: 'POST',
  path: '/api/auth/change-password',
  access: 'signed_in',
  summary: 'Change your own password; every other session of yours ends',
  tag: 'Accounts',
  body: z.object({ currentPassword: provenSchema, newPassword: passwordSchema }),
  reply: z.object({ changed: z.literal(true) }),
})

export const renameMe = endpoint({
  id: 'renameMe',
  method: 'PATCH',
  path: '/api/me',
  access: 'signed_in',
  summary: 'Change your own name',
  tag: 'Accounts',
  body: z.object({ name: nameSchema }),
  reply: userSchema,
})

export const changeEmail = endpoint({
  id: 'changeEmail',
  method: 'POST',
  path: '/api/me/email',
  access: 'signed_in',
  summary: 'Change your own address: by a link mailed to the new one, or at once where no mail is set up',
  tag: 'Accounts',
  body: z.object({ email: emailSchema, password: provenSchema }),
  /** `confirm`: the present address stays until the link is opened */
  reply: z.object({ status: z.enum(['changed', 'confirm']) }),
})

export const getSecurity = endpoint({
  id: 'getSecurity',
  method: 'GET',
  path: '/api/me/security',
  access: 'signed_in',
  summary: 'How your own account is guarded',
  tag: 'Accounts',
  reply: z.object({
    twoFactor: z.boolean(),
    recoveryCodesLeft: z.number().int(),
    /** a new address is confirmed by mail */
    isMailSetUp: z.boolean(),
  }),
})

export const startTwoFactor = endpoint({
  id: 'startTwoFactor',
  method: 'POST',
  path: '/api/me/two-factor',
  access: 'signed_in',
  summary:
    'A secret for your authenticator and recovery codes, shown this once; two-factor is on once a code confirms it',
  tag: 'Accounts',
  body: z.object({ password: provenSchema }),
  reply: z.object({
    /** `otpauth://totp/...`, for a QR code */
    uri: z.string(),
    /** base32, to be typed */
    secret: z.string(),
    recoveryCodes: z.array(z.string()),
  }),
  repliesWithSecret: true,
})

export const confirmTwoFactor = endpoint({
  id: 'confirmTwoFactor',
  method: 'POST',
  path: '/api/me/two-factor/confirm',
  access: 'signed_in',
  summary: 'Turn two-factor on with the first code that your authenticator shows',
  tag: 'Accounts',
  body: z.object({ code: codeSchema }),
  reply: z.object({ twoFactor: z.literal(true) }),
})

export const endTwoFactor = endpoint({
  id: 'endTwoFactor',
  method: 'POST',
  path: '/api/me/two-factor/end',
  access: 'signed_in',
  summary: 'Turn your own two-factor off',
  tag: 'Accounts',
  body: z.object({ password: provenSchema }),
  reply: z.object({ twoFactor: z.literal(false) }),
})

export const renewRecoveryCodes = endpoint({
  id: 'renewRecoveryCodes',
  method: 'POST',
  path: '/api/me/two-factor/recovery-codes',
  access: 'signed_in',
  summary: 'Other recovery codes in the place of those that were, shown this once',
  tag: 'Accounts',
  body: z.object({ password: provenSchema }),
  reply: z.object({ recoveryCodes: z.array(z.string()) }),
  repliesWithSecret: true,
})

export const ownSessionSchema = z.object({
  id: z.string(),
  /** `Firefox on Windows`; null where the browser did not say */
  device: z.string().nullable(),
  isPhone: z.boolean(),
  address: z.string().nullable(),
  /** ISO 3166 alpha-2, where a GeoIP file is set */
  country: z.string().nullable(),
  createdAt: z.string(),
  /** to the minute */
  lastUsedAt: z.string(),
  /** the one that asks */
  isCurrent: z.boolean(),
})
export type OwnSession = z.infer<typeof ownSessionSchema>

export const listSessions = endpoint({
  id: 'listSessions',
  method: 'GET',
  path: '/api/me/sessions',
  access: 'signed_in',
  summary: 'Where you are signed in, the one used last first',
  tag: 'Accounts',
  reply: z.object({ items: z.array(ownSessionSchema) }),
})

export const endSession = endpoint({
  id: 'endSession',
  method: 'DELETE',
  path: '/api/me/sessions/:id',
  access: 'signed_in',
  summary: 'End one of your sessions',
  tag: 'Accounts',
  params: z.object({ id: z.uuid() }),
  reply: z.object({ ended: z.literal(true) }),
})

export const endOtherSessions = endpoint({
  id: 'endOtherSessions',
  method: 'POST',
  path: '/api/me/sessions/end-others',
  access: 'signed_in',
  summary: 'End every session of yours but this one',
  tag: 'Accounts',
  reply: z.object({ ended: z.number().int() }),
})
