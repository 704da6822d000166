// Laws of a whole report: nothing is lost or made up, and the order in which things came in is no matter.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COUNT_UNITS, creditOf, refundOf } from './allocate.ts'
import { attributionModels, journeySettingsSchema, modelSettingsSchema } from './contract.ts'
import type { AttributionModel, ModelSettings } from './contract.ts'
import { agesDays, journeysOf } from './journeys.ts'
import type { PersonHistory } from './journeys.ts'
import { createReport } from './report.ts'
import { lastNonDirectOf, weigh } from './rules.ts'

const settings = modelSettingsSchema.parse({ positionWeights: { first: 0.5, middle: 0.3, last: 0.2 } })
const channels = ['Direct', 'Email', 'Paid Search', 'Referral']
const HOUR = 3_600_000

function reportOn(
  histories: PersonHistory[],
  models: readonly AttributionModel[] = attributionModels,
  more: Partial<ModelSettings> = {},
) {
  const report = createReport({
    channels,
    models,
    settings: { ...settings, ...more },
    hasTimes: true,
    hasMilestones: true,
  })
  for (const history of histories)
    for (const journey of journeysOf(history, journeySettingsSchema.parse({})))
      report.add({
        ids: journey.touches.map(({ channel }) => channels.indexOf(channel)),
        agesDays: agesDays(journey),
        leadIndex: journey.leadIndex,
        opportunityIndex: journey.opportunityIndex,
        conversions: journey.conversion?.count ?? 0,
        valueMinor: journey.conversion?.valueMinor ?? 0,
        nulls: journey.conversion ? 0 : 1,
      })
  return { totals: report.totals(), credits: [...report.credits()], unsupported: report.unsupported() }
}

const instants = fc.integer({ min: 0, max: 2_000 }).map((hours) => hours * HOUR)
const histories = fc.array(
  fc.record({
    touches: fc.array(fc.record({ at: instants, channel: fc.constantFrom(...channels), id: fc.uuid() }), {
      maxLength: 12,
    }),
    conversions: fc.array(
      fc.record({
        at: instants,
        id: fc.uuid(),
        kind: fc.constant('order'),
        valueMinor: fc.integer({ min: -100, max: 1_000_000 }),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 3 },
    ),
    milestones: fc.array(
      fc.record({ at: instants, kind: fc.constantFrom<'lead' | 'opportunity'>('lead', 'opportunity') }),
      { maxLength: 2 },
    ),
  }),
  { maxLength: 12 },
)

test('under every model the credits add up to all conversions and all value, in the ledger to the last unit', () => {
  fc.assert(
    fc.property(histories, (people) => {
      const { totals, credits, unsupported } = reportOn(people)
      expect(credits.length + unsupported.length).toBe(attributionModels.length)
      for (const { channels: rows } of credits) {
        const sum = (of: (row: (typeof rows)[number]) => number) =>
          rows.reduce((all, row) => all + of(row), 0)
        expect(sum(({ ledger }) => ledger.countUnits)).toBe(totals.conversions * COUNT_UNITS)
        expect(sum(({ ledger }) => ledger.valueMinor)).toBe(totals.valueMinor)
        expect(sum(({ conversions }) => conversions)).toBeCloseTo(totals.conversions, 6)
        expect(Math.abs(sum(({ valueMinor }) => valueMinor) - totals.valueMinor)).toBeLessThan(1e-4)
      }
    }),
  )
})

test('the touches that a person sent in another order or twice give the same bytes', () => {
  fc.assert(
    fc.property(histories, (people) => {
      const twice = people.map(({ touches, conversions, milestones }) => ({
        touches: [...touches, ...touches].reverse(),
        conversions: [...conversions].reverse().concat(conversions),
        milestones: [...milestones].reverse(),
      }))
      expect(JSON.stringify(reportOn(twice))).toBe(JSON.stringify(reportOn(people)))
    }),
    { numRuns: 40 },
  )
})

test('the ledger of a report is the credit of its conversions, one by one', () => {
  fc.assert(
    fc.property(histories, (people) => {
      const [credit] = reportOn(people, ['time_decay']).credits
      const units = new Map<string, number>()
      for (const history of people)
        for (const journey of journeysOf(history, journeySettingsSchema.parse({}))) {
          if (!journey.conversion || journey.touches.length === 0) continue
          const ids = journey.touches.map(({ channel }) => channels.indexOf(channel))
          const shares = new Float64Array(ids.length)
          const lastNonDirect = lastNonDirectOf(ids, (id) => id === 0)
          weigh(
            'time_decay',
            { ...journey, channels: ids, lastNonDirect, agesDays: agesDays(journey) },
            settings,
            shares,
          )
          creditOf(journey.conversion, shares).valueMinor.forEach((minor, i) => {
            const channel = channels[ids[i] ?? 0] ?? ''
            units.set(channel, (units.get(channel) ?? 0) + minor)
          })
        }
      for (const { channel, ledger } of credit?.channels ?? [])
        if (channels.includes(channel)) expect(ledger.valueMinor).toBe(units.get(channel) ?? 0)
    }),
  )
})

test('a fully refunded order leaves no credit under any rule model', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 15 }), (valueMinor, touches) => {
      const ids = Array.from({ length: touches }, (_, i) => i % channels.length)
      const shares = new Float64Array(touches)
      const journey = {
        channels: ids,
        lastNonDirect: 0,
        agesDays: ids,
        leadIndex: 0,
        opportunityIndex: touches - 1,
      }
      for (const model of ['linear', 'time_decay', 'u_shaped', 'w_shaped', 'position'] as const) {
        weigh(model, journey, settings, shares)
        const credit = creditOf({ valueMinor, count: 1 }, shares)
        const taken = refundOf(credit, valueMinor)
        expect(credit.valueMinor.map((minor, i) => minor + (taken.valueMinor[i] ?? 0))).toEqual(
          ids.map(() => 0),
        )
        expect(credit.countUnits.map((units, i) => units + (taken.countUnits[i] ?? 0))).toEqual(
          ids.map(() => 0),
        )
      }
    }),
  )
})

test('conversions that nothing led to stand by themselves, and what a model lacks is said', () => {
  const order = { at: HOUR, id: 'c', kind: 'order', valueMinor: 500, count: 1 }
  const { credits, unsupported, totals } = reportOn([{ touches: [], conversions: [order], milestones: [] }])
  expect(totals.unattributed).toEqual({ conversions: 1, valueMinor: 500 })
  expect(credits[0]?.channels.at(-1)).toMatchObject({
    channel: '(unattributed)',
    conversions: 1,
    valueMinor: 500,
  })
  expect(unsupported.map(({ model }) => model)).toEqual(['markov_1', 'markov_2', 'markov_3', 'shapley'])
})
