// What a workspace may say of its credit: what a conversion is, which touches count, how they are grouped and weighed. Pure.
import { z } from 'zod'

/** What stands beside each other in reports, in the order in which it is offered. */
export const shownModels = [
  'first',
  'last',
  'last_non_direct',
  'linear',
  'time_decay',
  'u_shaped',
  'w_shaped',
  'position',
  'unique_linear',
  'markov_1',
  'shapley',
] as const
export type ShownModel = (typeof shownModels)[number]

export const modelLabels: Record<ShownModel, string> = {
  first: 'First touch',
  last: 'Last touch',
  last_non_direct: 'Last touch that is not direct',
  linear: 'Linear',
  unique_linear: 'Linear over channels',
  time_decay: 'Time decay',
  u_shaped: 'U-shaped',
  w_shaped: 'W-shaped',
  position: 'Own weights',
  markov_1: 'Markov (data-driven)',
  shapley: 'Shapley (data-driven)',
}

/** Kinds of touches. What machines did is none, and what was sent to a person is none. */
export const touchTypes = ['visit', 'click', 'open', 'conversation'] as const
export type TouchType = (typeof touchTypes)[number]

export const touchTypeLabels: Record<TouchType, string> = {
  visit: 'Visits, by the channel that brought them',
  click: 'Clicks in e-mails, SMS and ads',
  open: 'E-mails opened by people',
  conversation: 'Calls, meetings, chats and replies',
}

const goalSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['order', 'lead', 'opportunity', 'customer']),
    counts: z.enum(['value', 'count']).default('value').describe('whether its worth is shared, too'),
  }),
  z.strictObject({
    kind: z.literal('event'),
    event: z.string().trim().min(1).max(200).describe('the event’s name, as demo_requested'),
    counts: z.enum(['value', 'count']).default('count'),
  }),
])
export type Goal = z.output<typeof goalSchema>

/** The name of a goal in reports and rows: its kind, or `event:` and the event's name. */
export function goalKey(goal: Goal): string {
  return goal.kind === 'event' ? `event:${goal.event}` : goal.kind
}

const share = z.number().min(0).max(1)
const hasWeight = (weights: Record<string, number>) => Object.values(weights).some((weight) => weight > 0)

export const attributionSettingsSchema = z
  .strictObject({
    goals: z
      .array(goalSchema)
      .min(1, 'names one conversion at least')
      .max(8)
      .refine((goals) => new Set(goals.map(goalKey)).size === goals.length, 'names a conversion twice')
      .default([
        { kind: 'order', counts: 'value' },
        { kind: 'lead', counts: 'count' },
      ]),
    lookbackDays: z
      .number()
      .int()
      .min(1)
      .max(730)
      .nullable()
      .default(30)
      .describe('how old a touch may be at the conversion, this age counted in; null for any age'),
    viewDays: z
      .number()
      .int()
      .min(1)
      .max(30)
      .nullable()
      .default(null)
      .describe('how old an ad that was seen and not clicked may be; null leaves such views out'),
    repeat: z
      .enum(['restart', 'reuse'])
      .default('restart')
      .describe('whether a conversion begins after the one before, or may use its touches again'),
    touchTypes: z
      .array(z.enum(touchTypes))
      .min(1, 'names one kind of touch at least')
      .default(['visit', 'click']),
    groups: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(60),
          channels: z.array(z.string().trim().min(1).max(60)).min(1).max(30),
        }),
      )
      .max(30)
      .default([])
      .describe('channels that count as one, under a name of its own'),
    direct: z
      .enum(['keep', 'ignore'])
      .default('keep')
      .describe('ignore: direct visits count only where nothing else led to the conversion'),
    sessionMinutes: z
      .number()
      .int()
      .min(1)
      .max(1_440)
      .nullable()
      .default(30)
      .describe('touches of one channel in a row are one while no pause is longer; null counts each'),
    halfLifeDays: z
      .number()
      .positive()
      .max(365)
      .default(7)
      .describe('time decay: the age that halves a touch'),
    positionWeights: z
      .strictObject({ first: share, middle: share, last: share })
      .refine(hasWeight, 'gives one weight above zero')
      .default({ first: 0.4, middle: 0.2, last: 0.4 })
      .describe('own weights: the first touch, all between them together, the last'),
    wWeights: z
      .strictObject({ first: share, lead: share, opportunity: share, rest: share })
      .refine(hasWeight, 'gives one weight above zero')
      .default({ first: 0.3, lead: 0.3, opportunity: 0.3, rest: 0.1 }),
    margin: z
      .number()
      .gt(0, 'is above 0')
      .max(1)
      .default(1)
      .describe(
        'what is left of revenue once goods are paid, for the return on spend; 1 counts revenue itself',
      ),
    models: z
      .array(z.enum(shownModels))
      .min(1, 'names one model at least')
      .default([
        'last_non_direct',
        'first',
        'last',
        'linear',
        'time_decay',
        'u_shaped',
        'w_shaped',
        'markov_1',
        'shapley',
      ])
      .describe('shown side by side; the first is the one that answers where only one is shown'),
  })
  .meta({ id: 'AttributionSettings' })
export type AttributionSettings = z.output<typeof attributionSettingsSchema>

/** What holds where a workspace adopted nothing else. */
export const defaultAttributionSettings: AttributionSettings = attributionSettingsSchema.parse({})
