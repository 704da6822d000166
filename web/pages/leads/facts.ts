// The facts that the filter bar offers in this workspace, with the values in use where they are few.
import { listMembers } from '../../../src/accounts/contract.ts'
import { customFactName, factTypes } from '../../../src/conditions/contract.ts'
import type { FactType } from '../../../src/conditions/contract.ts'
import { channels } from '../../../src/events/contract.ts'
import { listFacets, standingFacts } from '../../../src/leads/contract.ts'
import { journeyFactList, rfmSegmentNames, trends } from '../../../src/projections/journey/contract.ts'
import { stageLabels, stages } from '../../../src/projections/lifecycle/contract.ts'
import { grades, scoreFactList, temperatures } from '../../../src/projections/score/contract.ts'
import { predictionFactList } from '../../../src/projections/score/prediction/contract.ts'
import { listSegments } from '../../../src/segments/contract.ts'
import { useCall } from '../../queries.ts'
import type { OfferedFact } from '../../ui/conditions/draft.ts'
import { countryName } from '../../ui/countries.ts'
import { words } from '../../ui/format.ts'
import { useMay } from '../../workspace.ts'
import { temperatureNames } from '../../ui/score.tsx'
import { emailKindNames } from '../lead/email-kinds.ts'
import { trendNames } from '../lead/journey-words.ts'

/** Custom fields follow the standing facts, archived ones last. */
export function useFacts(): OfferedFact[] {
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const { data: segments } = useCall(listSegments, {}, { staleMs: 60_000 })
  const owners = useOwners()
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }))
  const choices: Record<string, OfferedFact['choices']> = {
    country: facets?.countries
      .map((code) => ({ value: code, label: countryName(code) }))
      .sort((a, b) => a.label.localeCompare(b.label, 'en')),
    tags: facets && plain(facets.tags),
    segment: segments?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [],
    source: facets?.sources.map((source) => ({ value: source, label: words(source) })),
    firstChannel: plain(channels),
    lastChannel: plain(channels),
    owner: owners,
    stage: stages.map((stage) => ({ value: stage, label: stageLabels[stage] })),
    trend: trends.map((trend) => ({ value: trend, label: trendNames[trend] })),
    rfmSegment: plain(rfmSegmentNames),
    grade: plain(grades),
    temperature: temperatures.map((value) => ({ value, label: temperatureNames[value] ?? value })),
    emailKind: Object.entries(emailKindNames).map(([value, label]) => ({ value, label })),
  }
  return [
    ...scoreFactList.map((fact) => ({ ...fact, choices: choices[fact.name] })),
    ...predictionFactList,
    ...standingFacts.map((fact) => ({ ...fact, choices: choices[fact.name] })),
    ...journeyFactList.map((fact) => ({ ...fact, choices: choices[fact.name] })),
    ...(facets?.customFields ?? []).map(customFact),
    ...(facets?.archivedFields ?? []).map((field) => ({ ...customFact(field), isArchived: true })),
  ]
}

/** The members who may own leads. */
export function useOwners(): { value: string; label: string }[] {
  const mayRead = useMay('team.read')
  const { data } = useCall(listMembers, {}, { enabled: mayRead, staleMs: 60_000 })
  return (data?.items ?? []).map(({ userId, name, email }) => ({ value: userId, label: name || email }))
}

function customFact({ key, label, type }: { key: string; label: string; type: string }): OfferedFact {
  return { name: customFactName(key), label, type: factTypeOf(type) }
}

function factTypeOf(type: string): FactType {
  return factTypes.find((known) => known === type) ?? 'text'
}
