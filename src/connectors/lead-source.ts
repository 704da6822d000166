// What a vendor declares whose ads have forms that people leave their details in: webhooks, reading leads back, catching up. Pure.
import type { Linked, Link } from './connector.ts'
import type { Exchange, Outcome } from './exchange.ts'

/** Fields of a lead that an answer can fill; a full name is parted. */
export const leadTargets = [
  'email',
  'phone',
  'fullName',
  'firstName',
  'lastName',
  'company',
  'jobTitle',
  'city',
  'country',
  'language',
] as const
export type LeadTarget = (typeof leadTargets)[number]

/** One answer, by the vendor's own name of the question. */
export interface LeadAnswer {
  key: string
  label: string
  values: string[]
}

/** A box that somebody could tick; `words` are those beside it. */
export interface LeadConsent {
  key: string
  words: string
  isGiven: boolean
}

/** A form that somebody filled in. */
export interface FormLead {
  /** the vendor's id */
  leadId: string
  formId: string
  formName: string
  /** ISO 8601 */
  submittedAt: string
  isTest: boolean
  answers: LeadAnswer[]
  consents: LeadConsent[]
  /** as a tagged link would say it */
  touch: { source: string; medium: string; campaign?: string; content?: string }
  /** ids and names of campaign, ad and placement, kept with the touch: `campaign_id`, `ad_id`, ... */
  origin: Record<string, string>
}

/** What a webhook tells of one lead. */
export interface LeadNotice {
  leadId: string
  formId: string
  /** `withdrawn`: the person took it back, and what is known through it has to go */
  act: 'left' | 'withdrawn'
  /** ISO 8601; null where the vendor does not say when */
  at: string | null
  /** where the webhook carries the whole lead, and nothing has to be asked for */
  lead?: FormLead
}

export interface LeadForm {
  id: string
  name: string
  isOpen: boolean
  language: string | null
  leadCount: number | null
  questions: { key: string; label: string }[]
  consents: { key: string; words: string }[]
}

/** A webhook as it came in; the bytes are those that were signed. */
export interface LeadWebhook {
  raw: Buffer
  /** names in small letters */
  headers: Readonly<Record<string, string>>
}

/** What was asked of a vendor, or why there is no answer. */
export type Asked<T> = { kind: 'answered'; value: T } | Exclude<Outcome, { kind: 'sent' }>

/** What a person copies to the vendor, or does there. */
export interface SetUpStep {
  label: string
  /** to be copied; absent where there is only something to do */
  value?: string
}

export interface LeadSourceDeclared<Settings> {
  /** its part of our addresses: `/api/lead-sources/<path>/webhook` */
  path: string
  /** questions that the vendor names itself, and what they fill */
  standard: Readonly<Record<string, LeadTarget>>
  /** whether each connection has an address of its own; else the vendor knows one for all of them */
  hasOwnAddress: boolean
  /** the vendor asks the address to prove itself as often as this, and tells of nothing where it does not */
  challengedEveryMs?: number
  /** the oldest that can be read back; 0 where nothing can */
  lookBackDays: number
  /** what a person does at the vendor so that leads arrive */
  setUp(settings: Settings, webhookUrl: string): SetUpStep[]
  /** how a test lead is made at the vendor, in words */
  testHow: string
  /** the answer to a vendor that asks whether the address is ours; null where it is not this connection that it asks for */
  challenge?(
    query: Readonly<Record<string, string>>,
    settings: Settings,
  ): { type: string; body: string } | null
  /** whether the vendor sent it, in constant time */
  verify(webhook: LeadWebhook, settings: Settings): boolean
  /** what it tells of this connection's leads: unknown fields are left, a malformed payload is refused and never throws */
  read(payload: unknown, settings: Settings): { notices: LeadNotice[] } | { refused: string }
  /** asks the vendor to tell of leads at the address; the answer says what it will do */
  listen?(linked: Linked<Settings>, webhookUrl: string): Exchange<Asked<string>>
  /** reads a lead back that was only told of */
  retrieve?(
    notice: Pick<LeadNotice, 'leadId' | 'formId'>,
    linked: Linked<Settings>,
  ): Exchange<Asked<FormLead>>
  /** a page of the leads left since an instant; `cursor` is what the page before gave, null for the first */
  catchUp?(
    since: Date,
    cursor: string | null,
    linked: Linked<Settings>,
  ): Exchange<Asked<{ leads: FormLead[]; cursor: string | null }>>
  forms?(linked: Linked<Settings>): Exchange<Asked<LeadForm[]>>
  /** has the vendor make a test lead in a form; the answer is its id */
  sendTest?(formId: string, linked: Linked<Settings>): Exchange<Asked<string>>
  /** what will break soon unless somebody does something; null where nothing will */
  warning?(settings: Settings, now: Date): string | null
  /** a payload as the vendor documents it, for tests */
  example: unknown
}

/** A lead source as the rest of the product uses it, whatever its settings are. */
export type LeadSource = Omit<
  LeadSourceDeclared<unknown>,
  'listen' | 'retrieve' | 'catchUp' | 'forms' | 'sendTest'
> & {
  listen?(link: Link, webhookUrl: string): Exchange<Asked<string>>
  retrieve?(notice: Pick<LeadNotice, 'leadId' | 'formId'>, link: Link): Exchange<Asked<FormLead>>
  catchUp?(
    since: Date,
    cursor: string | null,
    link: Link,
  ): Exchange<Asked<{ leads: FormLead[]; cursor: string | null }>>
  forms?(link: Link): Exchange<Asked<LeadForm[]>>
  sendTest?(formId: string, link: Link): Exchange<Asked<string>>
}

/** A declared lead source behind its schema: settings are read by it before any vendor code sees them. */
export function leadSource<Settings>(
  declared: LeadSourceDeclared<Settings>,
  read: (given: unknown) => Settings,
): LeadSource {
  const linked = (link: Link): Linked<Settings> => ({ ...link, settings: read(link.settings) })
  const { challenge, listen, retrieve, catchUp, forms, sendTest, warning, ...rest } = declared
  return {
    ...rest,
    setUp: (given, webhookUrl) => declared.setUp(read(given), webhookUrl),
    verify: (webhook, given) => declared.verify(webhook, read(given)),
    read: (payload, given) => declared.read(payload, read(given)),
    ...(challenge && { challenge: (query, given) => challenge(query, read(given)) }),
    ...(listen && { listen: (link, webhookUrl) => listen(linked(link), webhookUrl) }),
    ...(retrieve && { retrieve: (notice, link) => retrieve(notice, linked(link)) }),
    ...(catchUp && { catchUp: (since, cursor, link) => catchUp(since, cursor, linked(link)) }),
    ...(forms && { forms: (link) => forms(linked(link)) }),
    ...(sendTest && { sendTest: (formId, link) => sendTest(formId, linked(link)) }),
    ...(warning && { warning: (given, now) => warning(read(given), now) }),
  }
}
