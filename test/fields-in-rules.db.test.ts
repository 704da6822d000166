// Rules of the score and the lifecycle that name a custom field: they are told as its uses, and follow it where it is merged.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Field } from '../src/leads/fields/contract.ts'
import { defaultLifecycleRules } from '../src/projections/lifecycle/rules.ts'
import { defaultScoreRules } from '../src/projections/score/defaults.ts'
import type { ScoreRules } from '../src/projections/score/rules.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let product: Served
beforeAll(async () => {
  product = await serve()
})
afterAll(() => product.stop())

async function called(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await product.call(method, path, body)
  expect(reply.status, reply.text).toBeLessThan(300)
  return reply.body
}

const isGold = (field: string) => ({ fact: `fields.${field}`, op: 'contains', value: 'gold' }) as const
const goldRule = {
  id: 'is_gold',
  name: 'Is gold',
  points: 50,
  counts: 'while_it_holds',
  criterion: 'level',
  when: isGold('tier'),
  only: null,
} as const
const paths = { score: '/api/lead-tracking/scoring-rules', lifecycle: '/api/lead-tracking/lifecycle-rules' }

test('rules that name a field are its uses, break where its type has no answer, and ask for the one it is merged into', async () => {
  for (const key of ['tier', 'plan', 'seats'])
    await called('POST', '/api/fields', { label: key, key, type: key === 'seats' ? 'number' : 'text' })
  const { id } = await called('POST', '/api/leads', { email: 'ann@shop.example', fields: { tier: 'gold' } })
  const { dimensions, temperature } = defaultScoreRules
  const rules = (asked: object): ScoreRules =>
    ({
      ...defaultScoreRules,
      dimensions: {
        ...dimensions,
        demographic: { weight: 0.15, rules: [{ ...goldRule, ...asked }] },
      },
      temperature: { ...temperature, doNotContact: isGold('tier') },
    }) as ScoreRules
  await called('POST', `${paths.score}/adopt`, { rules: rules({}), basedOn: 0 })
  await called('PUT', `${paths.score}/draft`, rules({ name: 'Is really gold', points: 60 }))
  await called('PUT', paths.lifecycle, {
    rules: [
      ...defaultLifecycleRules.rules,
      { id: 'pays_gold', name: 'Pays for gold', to: 'engaged', when: isGold('tier') },
    ],
    basedOn: 0,
  })

  const { items } = (await called('GET', '/api/fields')) as { items: Field[] }
  expect(items.find(({ key }) => key === 'tier')?.uses).toMatchObject([
    { kind: 'score_rule', name: 'Is gold' },
    { kind: 'score_rule', name: 'Do not contact' },
    { kind: 'lifecycle_rule', name: 'Pays for gold' },
  ])
  expect(items.find(({ key }) => key === 'plan')?.uses).toEqual([])
  const foretold = await called('POST', '/api/fields/tier/merge/preview', { into: 'seats' })
  expect(foretold.brokenRules).toMatchObject([
    { name: 'Is gold' },
    { name: 'Do not contact' },
    { name: 'Pays for gold' },
  ])
  expect(await called('POST', '/api/fields/tier/merge/preview', { into: 'plan' })).toMatchObject({
    brokenRules: [],
  })

  await called('POST', '/api/fields/tier/merge', { into: 'plan', wins: 'into', expected: 1 })
  const score = (await called('GET', paths.score)) as { version: number; rules: ScoreRules; draft: unknown }
  expect(score.version).toBe(2)
  expect(score.rules.dimensions.demographic.rules[0]?.when).toEqual(isGold('plan'))
  expect(score.rules.temperature.doNotContact).toEqual(isGold('plan'))
  expect(score.draft).toMatchObject({
    rules: { dimensions: { demographic: { rules: [{ when: isGold('plan'), points: 60 }] } } },
  })
  const lifecycle = await called('GET', paths.lifecycle)
  expect(lifecycle).toMatchObject({ version: 2, broken: [] })
  expect(JSON.stringify(lifecycle.rules)).not.toContain('fields.tier')
  await expect
    .poll(() => called('GET', `/api/lead-tracking/scoring/${String(id)}`), { timeout: 20_000 })
    .toMatchObject({ ruleVersion: 2, temperature: 'do_not_contact' })
})
