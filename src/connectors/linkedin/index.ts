// LinkedIn: leads that people leave in the lead gen forms of ads.
import { z } from 'zod'
import { connector } from '../connector.ts'
import { catchUpLeads, checkAccount, listForms, listenToOwner, retrieveLead } from './rest.ts'
import { answerChallenge, exampleEvent, readEvent, verifiesEvent } from './webhook.ts'

const settings = z.object({
  owner: z
    .string()
    .trim()
    .regex(
      /^(urn:li:(sponsoredAccount|organization):)?\d{3,20}$/,
      'is the number of an ad account, or a name such as urn:li:organization:1234',
    )
    .meta({
      label: 'Ad account',
      example: '501234567',
      help: 'Campaign Manager shows it below the name of the account. For forms of a page: urn:li:organization: and its number.',
      sandbox: 'urn:li:sponsoredAccount:500000001',
    }),
  clientId: z.string().trim().min(5, 'is longer than this').meta({
    label: 'Client id of the app',
    example: '77exampleclient',
    sandbox: 'sandbox-linkedin-client',
  }),
  clientSecret: z.string().trim().min(8, 'is longer than this').meta({
    label: 'Client secret of the app',
    secret: true,
    example: 'example-client-secret',
    help: 'The app needs the product Lead Sync API, which LinkedIn grants on application.',
    sandbox: 'sandbox-linkedin-secret',
  }),
  version: z
    .string()
    .trim()
    .regex(/^20\d\d(0[1-9]|1[0-2])$/, 'is a year and a month, such as 202610')
    .default('202610')
    .meta({ label: 'Version of the API', help: 'Each lives for about a year.' }),
})
export type LinkedinSettings = z.output<typeof settings>

/** Versions end after twelve months at the earliest; somebody has to test and enter a newer one before. */
const WARN_AFTER_MONTHS = 9

export const linkedin = connector({
  id: 'linkedin',
  name: 'LinkedIn lead forms',
  summary: 'Brings in leads from lead gen forms, and takes back what a person withdraws.',
  initials: 'Li',
  bases: {
    api: { variable: 'LINKEDIN_BASE_URL', url: 'https://api.linkedin.com' },
    sign_in: { variable: 'LINKEDIN_SIGN_IN_BASE_URL', url: 'https://www.linkedin.com' },
  },
  limits: { concurrency: 2 },
  settings,
  oauth: {
    authoriseBase: 'sign_in',
    authorisePath: '/oauth/v2/authorization',
    tokenBase: 'sign_in',
    tokenPath: '/oauth/v2/accessToken',
    scopes: ['r_marketing_leadgen_automation', 'r_ads', 'r_organization_admin'],
    usesPkce: false,
    clientProof: 'body',
    client: ({ clientId, clientSecret }) => ({ id: clientId, secret: clientSecret }),
  },
  check: checkAccount,
  leads: {
    path: 'linkedin',
    hasOwnAddress: true,
    challengedEveryMs: 2 * 3_600_000,
    standard: {
      EMAIL: 'email',
      WORK_EMAIL: 'email',
      PHONE_NUMBER: 'phone',
      WORK_PHONE_NUMBER: 'phone',
      FIRST_NAME: 'firstName',
      LAST_NAME: 'lastName',
      COMPANY_NAME: 'company',
      JOB_TITLE: 'jobTitle',
      CITY: 'city',
      COUNTRY: 'country',
    },
    lookBackDays: 90,
    testHow: 'In Campaign Manager, open the form and choose Send test lead.',
    setUp: (_settings, webhookUrl) => [
      { label: 'Address that is registered at LinkedIn', value: webhookUrl },
      { label: 'LinkedIn asks it to prove itself every two hours; it has to be reachable over HTTPS' },
    ],
    challenge: answerChallenge,
    verify: verifiesEvent,
    read: readEvent,
    listen: listenToOwner,
    retrieve: retrieveLead,
    catchUp: catchUpLeads,
    forms: listForms,
    warning({ version }, now) {
      const months =
        (now.getUTCFullYear() - Number(version.slice(0, 4))) * 12 +
        now.getUTCMonth() +
        1 -
        Number(version.slice(4))
      return months >= WARN_AFTER_MONTHS
        ? `Version ${version} of the API is ${months} months old, and LinkedIn ends versions after twelve. Enter a newer one in the settings of the connection.`
        : null
    },
    example: exampleEvent,
  },
})
