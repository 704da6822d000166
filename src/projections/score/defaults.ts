// The rules by which a workspace's leads are scored until it adopts its own. Pure.
import type { Condition } from '../../conditions/contract.ts'
import type { ScoreRule, ScoreRules } from './rules.ts'

/** What somebody does, with its points. */
const deeds = [
  { id: 'demo', name: 'Requested a demo', event: 'demo_requested', points: 40, isIntent: true },
  { id: 'meeting', name: 'Booked a meeting', event: 'meeting_booked', points: 40, isIntent: true },
  { id: 'reply', name: 'Replied to an e-mail', event: 'email_replied', points: 25, isIntent: true },
  { id: 'call', name: 'Was reached by phone', event: 'call_connected', points: 20, isIntent: false },
  { id: 'form', name: 'Submitted a form', event: 'form_submitted', points: 20, isIntent: false },
  { id: 'pricing', name: 'Viewed the prices', event: 'page_viewed', points: 15, isIntent: true },
  { id: 'checkout', name: 'Started checkout', event: 'checkout_started', points: 15, isIntent: true },
  { id: 'webinar', name: 'Attended a webinar', event: 'webinar_attended', points: 15, isIntent: false },
  { id: 'cart', name: 'Added to the cart', event: 'product_added', points: 10, isIntent: true },
  { id: 'download', name: 'Downloaded content', event: 'content_downloaded', points: 10, isIntent: false },
  {
    id: 'email_click',
    name: 'Clicked in an e-mail',
    event: 'email_link_clicked',
    points: 8,
    isIntent: false,
  },
  { id: 'sms_click', name: 'Clicked in an SMS', event: 'sms_link_clicked', points: 8, isIntent: false },
  { id: 'product', name: 'Viewed a product', event: 'product_viewed', points: 3, isIntent: false },
  { id: 'page', name: 'Viewed a page', event: 'page_viewed', points: 1, isIntent: false },
  { id: 'email_open', name: 'Opened an e-mail', event: 'email_opened', points: 1, isIntent: false },
]

const HALF_LIFE_DAYS = { behavioural: 90, engagement: 30, intent: 14 }

// A title is looked at by how it begins or as a whole where a part of a word would mislead: a director is no CTO.
const LEADS_COMPANY: Condition = {
  or: [
    {
      fact: 'jobTitle',
      op: 'any_of',
      value: ['ceo', 'cto', 'cmo', 'cfo', 'coo', 'cio', 'owner', 'president', 'managing director'],
    },
    ...[
      'ceo ',
      'cto ',
      'cmo ',
      'cfo ',
      'coo ',
      'chief ',
      'founder',
      'co-founder',
      'owner ',
      'president ',
    ].map((value) => title('starts_with', value)),
    title('contains', ' founder'),
  ],
}
const LEADS_AREA: Condition = {
  or: [
    title('contains', 'director'),
    title('contains', 'head of'),
    title('contains', 'vice president'),
    title('starts_with', 'vp '),
  ],
}
const MANAGES: Condition = { or: [title('contains', 'manager'), title('contains', 'team lead')] }

/** What holds where a workspace adopted nothing else: version 0. */
export const defaultScoreRules: ScoreRules = {
  dimensions: {
    demographic: {
      weight: 0.15,
      rules: [
        holds('leads_company', 'Leads the company', 40, LEADS_COMPANY, 'Seniority'),
        holds('leads_area', 'Leads an area', 30, LEADS_AREA, 'Seniority'),
        holds('manages', 'Manages', 20, MANAGES, 'Seniority'),
        holds(
          'business_email',
          'Has a business e-mail address',
          20,
          { fact: 'emailKind', op: 'is', value: 'business' },
          'E-mail address',
        ),
        holds(
          'email_consent',
          'Agreed to e-mails',
          15,
          { fact: 'consent.email_marketing', op: 'granted' },
          'Consent',
        ),
      ],
    },
    firmographic: {
      weight: 0.2,
      rules: [
        holds(
          'employees_many',
          '50 employees or more',
          40,
          { fact: 'fields.employees', op: 'at_least', value: 50 },
          'Size',
        ),
        holds(
          'employees_some',
          '10 to 49 employees',
          20,
          { fact: 'fields.employees', op: 'between', value: [10, 49] },
          'Size',
        ),
        holds(
          'revenue_high',
          '5 million or more a year',
          30,
          { fact: 'fields.annual_revenue', op: 'at_least', value: 5_000_000 },
          'Revenue',
        ),
      ],
    },
    behavioural: { weight: 0.2, rules: deeds.map((deed) => each(deed, 'behavioural')) },
    engagement: { weight: 0.2, rules: deeds.map((deed) => each(deed, 'engagement')) },
    intent: {
      weight: 0.25,
      rules: deeds.filter((deed) => deed.isIntent).map((deed) => each(deed, 'intent')),
    },
  },
  deductions: [
    {
      ...rule('unsubscribed', 'Unsubscribed', -40, { event: 'unsubscribed', op: 'did' }),
      counts: 'each_time',
      atMost: 1,
      only: { not: { fact: 'consent.email_marketing', op: 'granted' } },
      clears: ['engagement'],
    },
    {
      ...rule('bounced', 'The address does not exist (hard bounce)', -30, {
        event: 'email_bounced',
        op: 'did',
        where: [{ property: 'type', type: 'text', op: 'any_of', value: ['hard', 'permanent'] }],
      }),
      counts: 'each_time',
      atMost: 1,
    },
    {
      ...rule('complained', 'Marked a message as spam', -60, { event: 'email_complained', op: 'did' }),
      counts: 'each_time',
      atMost: 1,
    },
    holds('competitor', 'Works for a competitor', -50, {
      fact: 'tags',
      op: 'has_any',
      value: ['competitor'],
    }),
    holds('student', 'Is a student or trainee', -50, {
      or: [
        title('contains', 'student'),
        title('contains', 'trainee'),
        title('starts_with', 'intern '),
        title('is', 'intern'),
        { fact: 'tags', op: 'has_any', value: ['student'] },
      ],
    }),
    holds('job_seeker', 'Looks for a job', -50, { fact: 'tags', op: 'has_any', value: ['job seeker'] }),
  ],
  grades: { aPlus: 90, a: 80, b: 65, c: 45 },
  temperature: {
    hotFrom: 70,
    hotDays: 7,
    warmFrom: 40,
    warmDays: 30,
    doNotContact: {
      or: [
        { fact: 'tags', op: 'has_any', value: ['do not contact'] },
        {
          and: [
            { fact: 'consent.email_marketing', op: 'denied' },
            { not: { fact: 'consent.sms_marketing', op: 'granted' } },
          ],
        },
      ],
    },
  },
  unseen: 'unknown',
}

function title(op: 'contains' | 'starts_with' | 'is', value: string): Condition {
  return { fact: 'jobTitle', op, value }
}

function rule(id: string, name: string, points: number, when: Condition): ScoreRule {
  return {
    id,
    name,
    points,
    counts: 'while_it_holds',
    when,
    halfLifeDays: null,
    perDay: 20,
    perAssetAndDay: 3,
    atMost: null,
    repeats: null,
    only: null,
    clears: [],
    criterion: '',
    isHighIntent: false,
    isOn: true,
  }
}

function holds(id: string, name: string, points: number, when: Condition, criterion = ''): ScoreRule {
  return { ...rule(id, name, points, when), criterion }
}

function each(deed: (typeof deeds)[number], dimension: keyof typeof HALF_LIFE_DAYS): ScoreRule {
  const { id, name, event, points, isIntent } = deed
  const when: Condition =
    id === 'pricing'
      ? {
          event,
          op: 'did',
          where: [{ property: '$path', type: 'text', op: 'contains', value: 'pricing' }],
        }
      : { event, op: 'did' }
  return {
    ...rule(`${dimension}_${id}`, name, points, when),
    counts: 'each_time',
    halfLifeDays: HALF_LIFE_DAYS[dimension],
    isHighIntent: isIntent,
  }
}
