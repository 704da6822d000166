// Journeys as facts: what filters, segments and rules may ask of them. They hold as of the night or of the lead's last event.
import { chSql, identifier, param } from '../../conditions/index.ts'
import type { Fact } from '../../conditions/index.ts'
import type { FactState, LeadSubject } from '../../leads/index.ts'
import { currencyExponent } from '../../lib/money.ts'
import { journeyFactList } from './fact-list.ts'

/** @param currency the workspace's own: ISO 4217 */
export function journeyFacts(currency: string): Fact<LeadSubject>[] {
  const units = 10 ** (currencyExponent(currency) ?? 2)
  return [
    choice('trend', 'trend', (state) => state.trend),
    number('health', 'health', (state) => state.health, 1),
    number('churnRisk', 'churn_risk', (state) => state.churn_risk, 0.01),
    number('disengagementRisk', 'disengagement_risk', (state) => state.disengagement_risk, 0.01),
    number('lifetimeValue', 'ltv_minor', (state) => state.ltv_minor, units),
    number('predictedValue', 'predicted_ltv_minor', (state) => state.predicted_ltv_minor, units),
    choice('rfmSegment', 'rfm_segment', (state) => state.rfm_segment),
    {
      name: 'nextOrderAt',
      label: labelOf('nextOrderAt'),
      type: 'date',
      read: ({ state }) => state?.next_order_at ?? null,
      column: { sql: identifier('next_order_at'), as: 'instant' },
    },
  ]
}

type Name = (typeof journeyFactList)[number]['name']

function labelOf(name: Name): string {
  return journeyFactList.find((fact) => fact.name === name)!.label
}

function choice(
  name: Name,
  column: string,
  read: (state: FactState) => string | undefined,
): Fact<LeadSubject> {
  return {
    name,
    label: labelOf(name),
    type: 'choice',
    read: ({ state }) => (state && read(state)) ?? null,
    column: { sql: identifier(column) },
  }
}

function number(
  name: Name,
  column: string,
  read: (state: FactState) => number | null | undefined,
  unit: number,
): Fact<LeadSubject> {
  return {
    name,
    label: labelOf(name),
    type: 'number',
    read: ({ state }) => {
      const value = state && read(state)
      return value === null || value === undefined ? null : value / unit
    },
    column: { sql: chSql`(${identifier(column)} / ${param('Float64', unit)})` },
  }
}
