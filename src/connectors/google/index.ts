// Google: leads that people leave in the lead forms of ads, which Google posts to us whole.
import { z } from 'zod'
import { connector } from '../connector.ts'
import { exampleLead, readLeadForm, verifiesKey } from './lead-form.ts'

const settings = z.object({
  key: z.string().trim().min(8, 'is longer than this').max(200, 'is shorter than this').meta({
    label: 'Key',
    secret: true,
    example: 'a-long-word-of-yours-1234',
    help: 'Invent one of up to 50 characters, and enter the same in the lead form under Webhook integration.',
    sandbox: 'sandbox-google-key',
  }),
})
export type GoogleSettings = z.output<typeof settings>

export const google = connector({
  id: 'google',
  name: 'Google lead forms',
  summary: 'Brings in leads from the lead forms of Google Ads, as they are left.',
  initials: 'Go',
  bases: {},
  limits: { concurrency: 1 },
  settings,
  // Google calls us, and there is nobody to ask: whether it works shows with the test data that Google Ads sends.
  *check() {
    return { ok: true, account: 'Google Ads' }
  },
  leads: {
    path: 'google',
    hasOwnAddress: true,
    standard: {
      EMAIL: 'email',
      WORK_EMAIL: 'email',
      PHONE_NUMBER: 'phone',
      WORK_PHONE: 'phone',
      FULL_NAME: 'fullName',
      FIRST_NAME: 'firstName',
      LAST_NAME: 'lastName',
      COMPANY_NAME: 'company',
      JOB_TITLE: 'jobTitle',
      CITY: 'city',
      COUNTRY: 'country',
    },
    lookBackDays: 0,
    testHow: 'In the lead form under Webhook integration, choose Send test data.',
    setUp: (_settings, webhookUrl) => [
      { label: 'Webhook URL', value: webhookUrl },
      { label: 'Key: the one that you entered in the settings of this connection' },
    ],
    verify: verifiesKey,
    read: readLeadForm,
    example: exampleLead,
  },
})
