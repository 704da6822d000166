// Answers become a lead by defaults that a person may change; nothing is agreed to that nobody ticked.
import { describe, expect, test } from 'vitest'
import { healthOf } from './health.ts'
import type { Standing } from './health.ts'
import { defaultMapping, mapLead } from './mapping.ts'
import { anonymousIdOf, messageOf } from './message.ts'

const source = { standard: { email: 'email', full_name: 'fullName', phone_number: 'phone' } as const }
const answer = (key: string, ...values: string[]) => ({ key, label: key, values })
const LEAD = {
  answers: [
    answer('full_name', 'Ada Lovelace'),
    answer('email', 'ada@works.example'),
    answer('phone_number', '+44 20 7946 0958'),
    answer('what_do_you_need?', 'Tea', 'Cups'),
  ],
  consents: [{ key: 'newsletter', words: 'Send me news', isGiven: true }],
}

describe('by default', () => {
  test('the vendor’s own questions fill fields, others custom fields, and several answers become one text', () => {
    expect(mapLead(source, LEAD, null)).toMatchObject({
      fields: { fullName: 'Ada Lovelace', email: 'ada@works.example', phone: '+44 20 7946 0958' },
      custom: { what_do_you_need: 'Tea, Cups' },
      consents: [{ purpose: 'email_marketing', words: 'Send me news' }],
      left: [],
      quality: 100,
    })
  })

  test('a box that was not ticked, or that speaks of something else, allows nothing', () => {
    const consents = [
      { key: 'newsletter', words: 'Send me news', isGiven: false },
      { key: 'terms', words: 'I have read the terms', isGiven: true },
    ]
    expect(mapLead(source, { ...LEAD, consents }, null).consents).toEqual([])
  })

  test('a question named like a field of ours, or in another script, has a custom field of its own', () => {
    const keys = ['title', 'сколько_человек', '?'].map((key) => ({ key }))
    const fills = defaultMapping(source, { questions: keys, consents: [] }).answers.map((one) => one.fills)
    expect(fills[0]).toBe('custom.title_answer')
    expect(fills[1]).toMatch(/^custom\.answer_[0-9a-f]{8}$/)
    expect(new Set(fills).size).toBe(3)
  })
})

test('a person’s mapping goes first, fills what is empty, leaves answers out, and holds for the questions it names', () => {
  const mapped = mapLead(
    source,
    { ...LEAD, answers: [...LEAD.answers, answer('size')] },
    {
      answers: [
        { key: 'what_do_you_need?', fills: null, fallback: '' },
        { key: 'size', fills: 'custom.team_size', fallback: '1' },
      ],
      consents: [{ key: 'newsletter', purpose: null }],
      always: [{ fills: 'company', value: 'Unknown' }],
    },
  )
  expect(mapped).toMatchObject({
    fields: { company: 'Unknown', email: 'ada@works.example' },
    custom: { team_size: '1' },
    consents: [],
    left: ['what_do_you_need?'],
  })
})

test('quality is the sum of its parts, each with what it is for', () => {
  const { quality, qualityParts } = mapLead(
    source,
    { answers: [answer('email', 'x@mailinator.com'), answer('full_name', 'Ada')], consents: [] },
    null,
  )
  expect(quality).toBe(0 + 0 + 7 + 15 + 0)
  expect(qualityParts.reduce((sum, { of }) => sum + of, 0)).toBe(100)
})

test('a message says when it was left, never later than it was told of, and by which campaign', () => {
  const toldAt = new Date('2026-11-20T10:00:00Z')
  const lead = {
    ...LEAD,
    leadId: '9',
    formId: '7',
    formName: 'Spring',
    submittedAt: '2026-11-21T00:00:00.000Z',
    isTest: false,
    touch: { source: 'facebook', medium: 'paid_social', campaign: 'Spring' },
    origin: { campaign_id: '12' },
  }
  const caught = { connectionId: 'c', source: 'facebook', sourceName: 'Facebook', toldAt }
  const { text, origin } = messageOf(caught, lead, mapLead(source, lead, null))
  expect(JSON.parse(text)).toMatchObject({
    anonymousId: 'lead-form:c:9',
    timestamp: toldAt.toISOString(),
    properties: { form_id: '7', campaign_id: '12', lead_quality: 100 },
    context: {
      traits: { email: 'ada@works.example', name: 'Ada Lovelace' },
      campaign: { source: 'facebook', medium: 'paid_social', name: 'Spring' },
    },
  })
  expect(origin).toMatchObject({
    via: 'facebook',
    consents: [
      { purpose: 'email_marketing', state: 'granted', proof: { formName: 'Spring', words: 'Send me news' } },
    ],
  })
  expect(anonymousIdOf('c', 'x'.repeat(300)).length).toBeLessThan(100)
})

describe('health', () => {
  const now = new Date('2026-11-20T10:00:00Z')
  const good: Standing = {
    status: 'connected',
    connectionProblem: null,
    vendor: 'Vendor',
    listeningAt: now,
    canListen: true,
    problem: null,
    waitingSince: null,
    failed: 0,
    toldAt: now,
    lastLeadAt: now,
    lastTestAt: null,
    caughtUpAt: now,
    canCatchUp: true,
    challengedAt: now,
    challengedEveryMs: 7_200_000,
    warning: null,
  }
  const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)

  test.each([
    ['all is well', {}, 'good', null],
    ['nothing came yet', { toldAt: null, lastLeadAt: null }, 'new', /Send a test lead/],
    ['it does not listen', { listeningAt: null }, 'warning', /press Start receiving/],
    ['leads wait long', { waitingSince: ago(1) }, 'warning', /over ten minutes/],
    ['a lead failed', { failed: 1 }, 'warning', /One lead was not handed out/],
    ['the vendor stopped asking', { challengedAt: ago(6) }, 'warning', /for 6 hours/],
    ['no catch-up ends', { caughtUpAt: ago(60) }, 'warning', /press Sync now/],
    [
      'a person has to connect again',
      { status: 'reconnect', connectionProblem: 'Connect again.' },
      'bad',
      /Connect again/,
    ],
  ] as const)('says that %s', (_name, change, health, words) => {
    const found = healthOf({ ...good, ...change }, now)
    expect(found.health).toBe(health)
    if (words) expect(found.words.join(' ')).toMatch(words)
    else expect(found.words).toEqual([])
  })
})
