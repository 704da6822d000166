// What of an example is shown beside its name: the facts that the condition asks about, as far as a lead's line has them. Pure.
import { factNames } from '../../../src/conditions/contract.ts'
import type { Condition } from '../../../src/conditions/contract.ts'
import type { Lead } from '../../../src/leads/contract.ts'
import { formatNumber } from '../format.ts'
import type { OfferedFact } from './draft.ts'

/** The facts that a condition asks about, each once, in their order. */
export function askedOf(condition: Condition, facts: readonly OfferedFact[]): OfferedFact[] {
  return factNames(condition).flatMap((name) => facts.find((fact) => fact.name === name) ?? [])
}

/** A fact of a lead in words, or the instant to tell; undefined where the line does not have it, or it tells no more than the name. */
export function shownFact(lead: Lead, fact: OfferedFact): { text: string } | { at: string } | undefined {
  const value = valueOf(lead, fact.name)
  if (value === undefined || fact.name === 'email') return undefined
  if (value === null || value === '') return { text: 'empty' }
  if (fact.type === 'date' && typeof value === 'string' && value.includes('T')) return { at: value }
  if (typeof value === 'number') return { text: formatNumber(value) }
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no' }
  if (Array.isArray(value)) return { text: value.length === 0 ? 'none' : value.join(', ') }
  if (typeof value !== 'string') return undefined
  return { text: fact.choices?.find((choice) => choice.value === value)?.label ?? value }
}

function valueOf(lead: Lead, name: string): unknown {
  if (name.startsWith('fields.')) return lead.fields[name.slice('fields.'.length)] ?? null
  if (name === 'owner') return lead.ownerId
  return lead[name as keyof Lead]
}
