// What a builder of conditions may offer of a workspace's events.
import { eventLabel } from '../events/contract.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { Refusal } from '../lib/refusal.ts'
import { textProblem } from '../lib/text.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { eventDetails, propertyPath } from './details.ts'
import type * as endpoints from './endpoints.ts'
import { mostFrequent, propertiesOf } from './sample.ts'
import type { FoundProperty } from './sample.ts'
import { propertyTextsSql } from './sql-event.ts'
import { readEventNames, readPropertyValues, sampleEvents } from './store.ts'
import type { SampledEvent } from './store.ts'

export async function suggestEvents(
  clickhouse: ClickHouse,
  workspaceId: string,
): Promise<ReplyOf<typeof endpoints.suggestEvents>> {
  const names = await readEventNames(clickhouse, workspaceId)
  return { items: names.map(({ name, count }) => ({ name, label: eventLabel(name), count })) }
}

export async function suggestProperties(
  clickhouse: ClickHouse,
  workspaceId: string,
  { event }: QueryOf<typeof endpoints.suggestProperties>,
  now: Date,
): Promise<ReplyOf<typeof endpoints.suggestProperties>> {
  refuseBadText(event)
  const sample = await sampleEvents(clickhouse, workspaceId, event, now)
  const own = propertiesOf(sample.map(({ properties }) => JSON.parse(properties) as Record<string, unknown>))
  return {
    items: [
      ...own.map((found) => ({ ...found, label: found.property })),
      ...detailsOf(sample).map((found) => ({
        ...found,
        label: eventDetails.find(({ name }) => name === found.property)?.label ?? found.property,
      })),
    ],
  }
}

export async function suggestPropertyValues(
  clickhouse: ClickHouse,
  workspaceId: string,
  { event, property, search }: QueryOf<typeof endpoints.suggestPropertyValues>,
): Promise<ReplyOf<typeof endpoints.suggestPropertyValues>> {
  refuseBadText(event + property + search)
  const detail = eventDetails.find(({ name }) => name === property)
  const path = propertyPath(property)
  if (!detail && !path)
    throw new Refusal('property_unknown', 400, `${property} is no property of an event; choose another one.`)
  const values = propertyTextsSql(detail ? { detail } : { path: path! })
  return { items: await readPropertyValues(clickhouse, workspaceId, event, values, search) }
}

// Those that at least one event has.
function detailsOf(sample: readonly SampledEvent[]): FoundProperty[] {
  return eventDetails.flatMap(({ name }): FoundProperty[] => {
    const counts = new Map<string, number>()
    for (const { details } of sample) {
      const value = details[name] ?? ''
      if (value !== '' && value.length <= 200) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    return counts.size === 0
      ? []
      : [{ property: name, type: 'text', values: mostFrequent(counts).slice(0, 20) }]
  })
}

function refuseBadText(text: string): void {
  const problem = textProblem(JSON.stringify(text))
  if (problem) throw new Refusal('value_unfit', 400, problem)
}
