// The rules by which leads move by themselves: what one is, and those that every workspace begins with. Pure.
import { z } from 'zod'
import { conditionSchema } from '../../conditions/contract.ts'
import { stages } from './stages.ts'

export const RULES_LIMIT = 40

/** A lead moves to the stage with the event that makes the condition true. */
export const lifecycleRuleSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9_]{1,60}$/, 'is made of small letters, digits and _')
      .describe('stays the same when the rule is changed; moves name it'),
    name: z.string().trim().min(1).max(120).describe('what a person reads: “Requested a demo”'),
    to: z.enum(stages),
    when: conditionSchema,
    isBackward: z
      .boolean()
      .default(false)
      .describe(
        'true: it takes leads back that are further; false: it takes leads forward that are not there yet',
      ),
    isOn: z.boolean().default(true),
  })
  .meta({ id: 'LifecycleRule' })
export type LifecycleRule = z.output<typeof lifecycleRuleSchema>

export const lifecycleRulesSchema = z
  .strictObject({ rules: z.array(lifecycleRuleSchema).max(RULES_LIMIT) })
  .superRefine(({ rules }, context) => {
    const seen = new Set<string>()
    rules.forEach(({ id, name, to, isBackward }, at) => {
      if (seen.has(id))
        context.addIssue({
          code: 'custom',
          path: ['rules', at, 'id'],
          message: `is the id of two rules: ${id}`,
        })
      seen.add(id)
      if (to === 'new' && !isBackward)
        context.addIssue({
          code: 'custom',
          path: ['rules', at, 'to'],
          message: `“${name}” leads forward to New, where every lead begins; choose a later stage`,
        })
      if (to === 'customer' && isBackward)
        context.addIssue({
          code: 'custom',
          path: ['rules', at, 'to'],
          message: `“${name}” leads back to Customer, which is the last stage; choose an earlier one`,
        })
    })
  })
  .meta({ id: 'LifecycleRules' })
export type LifecycleRules = z.output<typeof lifecycleRulesSchema>

const did = (event: string) => ({ event, op: 'did' as const })
const days = (count: number) => ({ op: 'in_last' as const, value: { count, unit: 'days' as const } })

/** What holds where a workspace adopted nothing else. */
export const defaultLifecycleRules: LifecycleRules = {
  rules: [
    {
      id: 'answered',
      name: 'Answered or was reached',
      to: 'contacted',
      when: {
        or: [
          did('email_link_clicked'),
          did('email_replied'),
          did('sms_link_clicked'),
          did('sms_replied'),
          did('call_connected'),
          did('chat_started'),
          did('form_submitted'),
          did('ticket_opened'),
        ],
      },
      isBackward: false,
      isOn: true,
    },
    {
      id: 'asked_for_more',
      name: 'Asked for a demo, a quote or a trial',
      to: 'qualified',
      when: { or: [did('demo_requested'), did('quote_requested'), did('trial_started')] },
      isBackward: false,
      isOn: true,
    },
    {
      id: 'scores_well',
      name: 'Answered, and scores 50 or more',
      to: 'qualified',
      // What somebody did stands first: the score as of each event is asked only of those who did any of it.
      when: {
        and: [
          {
            or: [
              did('form_submitted'),
              did('signed_up'),
              did('email_link_clicked'),
              did('email_replied'),
              did('call_connected'),
              did('content_downloaded'),
              did('webinar_registered'),
              did('product_added'),
            ],
          },
          { fact: 'score', op: 'at_least', value: 50 },
        ],
      },
      isBackward: false,
      isOn: true,
    },
    {
      id: 'keeps_coming_back',
      name: 'Keeps coming back',
      to: 'engaged',
      when: {
        or: [
          {
            and: [
              { event: 'page_viewed', op: 'count', test: { op: 'at_least', value: 10 }, within: days(30) },
              { event: 'email_link_clicked', op: 'did', within: days(30) },
            ],
          },
          { event: 'product_viewed', op: 'count', test: { op: 'at_least', value: 8 }, within: days(30) },
          { event: 'email_link_clicked', op: 'count', test: { op: 'at_least', value: 3 }, within: days(60) },
          { event: 'webinar_attended', op: 'did' },
        ],
      },
      isBackward: false,
      isOn: true,
    },
    {
      id: 'is_about_to_buy',
      name: 'Booked a meeting or began to check out',
      to: 'opportunity',
      when: { or: [did('checkout_started'), did('meeting_booked'), did('meeting_attended')] },
      isBackward: false,
      isOn: true,
    },
    {
      id: 'ordered',
      name: 'First paid order',
      to: 'customer',
      when: {
        and: [
          { or: [did('order_completed'), did('order_updated')] },
          { fact: 'orderCount', op: 'at_least', value: 1 },
        ],
      },
      isBackward: false,
      isOn: true,
    },
    {
      id: 'order_undone',
      name: 'Every order was cancelled',
      to: 'opportunity',
      when: {
        and: [
          { or: [did('order_completed'), did('order_updated')] },
          { fact: 'orderCount', op: 'equals', value: 0 },
        ],
      },
      isBackward: true,
      isOn: true,
    },
  ],
}
