// The endpoints of attribution: the credit of a lead, settings and what-ifs, and what models learned.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { attributionSettingsSchema } from './settings.ts'

const leadParams = z.object({ id: z.uuid() })
const earnedSchema = z
  .object({ minor: z.number().int(), units: z.number().int() })
  .describe('minor units of the conversion’s currency, and millionths of a conversion; refunds are off')
export type Earned = z.infer<typeof earnedSchema>

const creditedConversionSchema = z.object({
  goal: z.string(),
  conversionId: z.string(),
  convertedAt: z.string(),
  /** net of refunds */
  valueMinor: z.number().int(),
  refundedMinor: z.number().int(),
  currency: z.string(),
  /** the workspace’s currency has no rate for it: it is in its own, and never added to others */
  isWithoutRate: z.boolean(),
  /** from the first touch to the conversion; null without a touch */
  lengthDays: z.number().nullable(),
  /** what the W-shaped model was, or fell back to */
  wShapedAs: z.string(),
  settingsVersion: z.number().int(),
  /** by model, places among the touches; null where no touch has any credit */
  primary: z.record(z.string(), z.number().int().nullable()),
  secondary: z.record(z.string(), z.number().int().nullable()),
  touches: z.array(
    z.object({
      /** of its event; empty where no touch led to the conversion */
      eventId: z.string(),
      at: z.string().nullable(),
      ageDays: z.number().nullable(),
      channel: z.string(),
      source: z.string(),
      campaign: z.string(),
      /** by model */
      earned: z.record(z.string(), earnedSchema),
    }),
  ),
})
export type CreditedConversion = z.infer<typeof creditedConversionSchema>

const leadCreditSchema = z.object({
  leadId: z.string(),
  currency: z.string(),
  settingsVersion: z.number().int(),
  /** models that stand side by side, the chosen one first */
  models: z.array(z.string()),
  /** when data-driven models were learned, by goal */
  learned: z.array(z.object({ goal: z.string(), runId: z.string(), learnedAt: z.string() })),
  /** in order of time */
  conversions: z.array(creditedConversionSchema),
})
export type LeadCredit = z.infer<typeof leadCreditSchema>

export const calculateAttribution = endpoint({
  id: 'calculateAttribution',
  method: 'POST',
  path: '/api/lead-tracking/attribution/:id/calculate',
  access: { permission: 'leads.read' },
  summary:
    'Work out the credit of a lead’s conversions now; with `settings`, what others would give, which is not kept',
  tag: 'Attribution',
  params: leadParams,
  body: z.object({ settings: attributionSettingsSchema.optional() }).optional(),
  reply: leadCreditSchema.extend({
    /** false where it could not be worked out yet, since much is waiting: what stands is given */
    isWorkedOut: z.boolean(),
  }),
})

export const attributionHistory = endpoint({
  id: 'attributionHistory',
  method: 'GET',
  path: '/api/lead-tracking/attribution/:id/history',
  access: { permission: 'leads.read' },
  summary: 'Every conversion of a lead, and what each touch earned of it by each model',
  tag: 'Attribution',
  params: leadParams,
  reply: leadCreditSchema,
})

export const attributionSummary = endpoint({
  id: 'attributionSummary',
  method: 'GET',
  path: '/api/lead-tracking/attribution/:id/summary',
  access: { permission: 'leads.read' },
  summary: 'What each channel earned of a lead’s conversions, by model',
  tag: 'Attribution',
  params: leadParams,
  reply: z.object({
    leadId: z.string(),
    models: z.array(z.string()),
    goals: z.array(
      z.object({
        goal: z.string(),
        currency: z.string(),
        conversions: z.number().int(),
        valueMinor: z.number().int(),
        firstAt: z.string(),
        lastAt: z.string(),
        /** from the first touch to the conversion, the mean */
        lengthDays: z.number().nullable(),
        channels: z.array(z.object({ channel: z.string(), earned: z.record(z.string(), earnedSchema) })),
      }),
    ),
  }),
})

const versionSchema = z.object({
  version: z.number().int(),
  /** null of the settings that every workspace begins with */
  adoptedAt: z.string().nullable(),
  actor: z.string(),
  note: z.string(),
})

export const getAttributionSettings = endpoint({
  id: 'getAttributionSettings',
  method: 'GET',
  path: '/api/lead-tracking/attribution-settings',
  access: { permission: 'settings.read' },
  summary:
    'The settings by which credit is shared, the versions before, and those that every workspace begins with',
  tag: 'Attribution',
  reply: z.object({
    version: z.number().int(),
    settings: attributionSettingsSchema,
    defaults: attributionSettingsSchema,
    currency: z.string(),
    /** newest first */
    versions: z.array(versionSchema),
    /** when data-driven models were learned, by goal */
    learned: z.array(
      z.object({
        goal: z.string(),
        runId: z.string(),
        learnedAt: z.string(),
        journeys: z.number().int(),
        conversions: z.number().int(),
      }),
    ),
  }),
})

export const adoptAttributionSettings = endpoint({
  id: 'adoptAttributionSettings',
  method: 'PUT',
  path: '/api/lead-tracking/attribution-settings',
  access: { permission: 'settings.write' },
  summary: 'Adopt settings: the credit of every conversion is worked out anew by them, in the background',
  tag: 'Attribution',
  body: z.object({
    settings: attributionSettingsSchema,
    /** the version that they were made from; where another was adopted meanwhile, they are refused (409) */
    basedOn: z.number().int().min(0),
    note: z.string().trim().max(300).default(''),
  }),
  reply: versionSchema,
})

export const learnAttribution = endpoint({
  id: 'learnAttribution',
  method: 'POST',
  path: '/api/lead-tracking/attribution-models/learn',
  access: { permission: 'settings.write' },
  summary: 'Let the data-driven models learn from the journeys of the last year now; they do so each night',
  tag: 'Attribution',
  reply: z.object({ queued: z.literal(true) }),
  status: 202,
})

const whatIfSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  total: z.number().int(),
  done: z.number().int(),
  settings: attributionSettingsSchema,
  basedOn: z.number().int(),
  createdAt: z.string(),
  createdBy: z.string(),
  finishedAt: z.string().nullable(),
  /** what each channel earns under the settings in force and under these, by the models that look at one journey alone */
  lines: z.array(
    z.object({
      goal: z.string(),
      currency: z.string(),
      model: z.string(),
      channel: z.string(),
      before: earnedSchema,
      after: earnedSchema,
    }),
  ),
})
export type WhatIf = z.infer<typeof whatIfSchema>

export const tryAttributionSettings = endpoint({
  id: 'tryAttributionSettings',
  method: 'POST',
  path: '/api/lead-tracking/attribution-what-ifs',
  access: { permission: 'settings.write' },
  summary: 'Try other settings on every lead, in the background; what they give is kept a day',
  tag: 'Attribution',
  body: z.object({ settings: attributionSettingsSchema }),
  reply: whatIfSchema,
  status: 202,
})

export const listAttributionWhatIfs = endpoint({
  id: 'listAttributionWhatIfs',
  method: 'GET',
  path: '/api/lead-tracking/attribution-what-ifs',
  access: { permission: 'settings.read' },
  summary: 'The settings that were tried since yesterday, the newest first',
  tag: 'Attribution',
  reply: z.object({ items: z.array(whatIfSchema.omit({ lines: true })) }),
})

export const getAttributionWhatIf = endpoint({
  id: 'getAttributionWhatIf',
  method: 'GET',
  path: '/api/lead-tracking/attribution-what-ifs/:id',
  access: { permission: 'settings.read' },
  summary: 'What other settings give beside those in force, so far as they were tried',
  tag: 'Attribution',
  params: leadParams,
  reply: whatIfSchema,
})

export const adoptAttributionWhatIf = endpoint({
  id: 'adoptAttributionWhatIf',
  method: 'POST',
  path: '/api/lead-tracking/attribution-what-ifs/:id/adopt',
  access: { permission: 'settings.write' },
  summary: 'Adopt the settings that were tried',
  tag: 'Attribution',
  params: leadParams,
  reply: versionSchema,
})
