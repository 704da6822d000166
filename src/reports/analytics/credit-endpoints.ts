// The rows of credit behind a bar of the tab Attribution: what is asked, and the shape of the answer.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { shownModels } from '../../projections/attribution/contract.ts'
import { scopeQuery } from './asked.ts'

export const creditDimensions = ['channel', 'source', 'campaign'] as const

/** The value of `credited`, as JSON: conversion, model, what rows are added up by, and the name there; null for any. */
export const creditBehind = z.tuple([
  z.string().max(210),
  z.enum(shownModels),
  z.enum(creditDimensions),
  z.string().max(300).nullable(),
])

export const creditRowSchema = z.object({
  leadId: z.string(),
  leadLabel: z.string(),
  /** of the order, the move or the event */
  conversionId: z.string(),
  convertedAt: z.string(),
  kind: z.enum(['credit', 'refund']).describe('what a refund took back is a row of its own, below zero'),
  /** its place in the journey, from 1; null where no touch led to the conversion */
  touch: z.number().int().nullable(),
  /** of the touch; empty without one */
  eventId: z.string(),
  touchedAt: z.string().nullable(),
  channel: z.string(),
  source: z.string(),
  campaign: z.string(),
  /** millionths of a conversion */
  units: z.number().int(),
  /** minor units of `currency` */
  minor: z.number().int(),
  /** the workspace’s, or the conversion’s own where no rate is known */
  currency: z.string(),
  /** of W-shaped rows: that, or what it fell back to; else the model */
  modelUsed: z.string(),
  settingsVersion: z.number().int(),
})
export type CreditLineRow = z.infer<typeof creditRowSchema>

const creditQuery = z.object({
  ...scopeQuery,
  goal: z.string().max(210).optional().describe('as the report names it; the settings’ first unless told'),
  model: z.enum(shownModels).optional().describe('the settings’ first unless told'),
  dimension: z.enum(creditDimensions).default('channel').describe('what `name` names'),
  name: z.string().max(300).optional().describe('of the channel, source or campaign; all unless told'),
})

export const listCreditRows = endpoint({
  id: 'listCreditRows',
  method: 'GET',
  path: '/api/lead-tracking/analytics/credits',
  access: { permission: 'leads.read' },
  summary:
    'The rows that credit is made of: what each touch earned of each conversion by a model, refunds below zero, newest first',
  tag: 'Reports',
  query: creditQuery.extend({
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({
    goal: z.string(),
    model: z.enum(shownModels),
    /** of data-driven models: what they learned from, and when */
    run: z.object({ runId: z.string(), learnedAt: z.string() }).nullable(),
    /** rows that earned or lost something; of data-driven models, all rows */
    total: z.number().int(),
    /** what all rows add up to, by currency; null of data-driven models, which are worked out row by row */
    sums: z
      .array(z.object({ currency: z.string(), units: z.number().int(), minor: z.number().int() }))
      .nullable(),
    items: z.array(creditRowSchema),
    nextCursor: z.string().nullable(),
  }),
})

export const exportCreditRows = endpoint({
  id: 'exportCreditRows',
  method: 'GET',
  path: '/api/lead-tracking/analytics/credits/export',
  access: { permission: 'leads.read' },
  summary: 'All those rows as CSV, streamed; no cell can run as a formula',
  tag: 'Reports',
  query: creditQuery,
})
