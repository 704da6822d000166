// Facebook: leads that people leave in the forms of ads on Facebook and Instagram.
import { z } from 'zod'
import { connector } from '../connector.ts'
import { catchUpLeads, checkPage, leaveTestLead, listForms, listenToPage, retrieveLead } from './graph.ts'
import { answerChallenge, exampleDelivery, readDelivery, verifiesDelivery, verifyToken } from './webhook.ts'

const settings = z.object({
  pageId: z
    .string()
    .trim()
    .regex(/^\d{5,20}$/, 'is a number of 5 to 20 digits, shown under About of the page')
    .meta({ label: 'Page id', example: '1234567890123456', sandbox: '3000000000000001' }),
  accessToken: z.string().trim().min(20, 'is longer than this').meta({
    label: 'Page access token',
    secret: true,
    example: 'EAAExamplePageToken00000',
    help: 'Of a system user or the page, with leads_retrieval, pages_manage_metadata, pages_show_list, pages_read_engagement and pages_manage_ads.',
    sandbox: 'EAASANDBOXPAGE00000000000000000001',
  }),
  appId: z
    .string()
    .trim()
    .regex(/^\d{5,20}$/, 'is a number of 5 to 20 digits, shown on the dashboard of the app')
    .meta({ label: 'App id', example: '1234567890123456', sandbox: '1000000000000001' }),
  appSecret: z.string().trim().min(8, 'is longer than this').meta({
    label: 'App secret',
    secret: true,
    example: '0123456789abcdef0123456789abcdef',
    help: 'App settings, Basic. Meta signs what it tells with it.',
    sandbox: 'sandbox-meta-app-secret',
  }),
})
export type FacebookSettings = z.output<typeof settings>

export const facebook = connector({
  id: 'facebook',
  name: 'Facebook lead ads',
  summary: 'Brings in leads from the forms of ads on Facebook and Instagram, within seconds.',
  initials: 'Fb',
  bases: { api: { variable: 'META_BASE_URL', url: 'https://graph.facebook.com', sandboxPath: '/meta' } },
  limits: { concurrency: 4 },
  settings,
  check: checkPage,
  leads: {
    path: 'facebook',
    hasOwnAddress: false,
    standard: {
      email: 'email',
      work_email: 'email',
      phone_number: 'phone',
      work_phone_number: 'phone',
      full_name: 'fullName',
      first_name: 'firstName',
      last_name: 'lastName',
      company_name: 'company',
      job_title: 'jobTitle',
      city: 'city',
      country: 'country',
    },
    // https://www.facebook.com/business/help/1526849577603436
    lookBackDays: 90,
    testHow: 'The test lead is made in the form itself, and comes back the way that every lead comes.',
    setUp: (given, webhookUrl) => [
      { label: 'Callback URL', value: webhookUrl },
      { label: 'Verify token', value: verifyToken(given) },
      { label: 'In the dashboard of the app: Webhooks, Page, subscribe to leadgen' },
    ],
    challenge: answerChallenge,
    verify: verifiesDelivery,
    read: readDelivery,
    listen: listenToPage,
    retrieve: retrieveLead,
    catchUp: catchUpLeads,
    forms: listForms,
    sendTest: leaveTestLead,
    example: exampleDelivery,
  },
})
