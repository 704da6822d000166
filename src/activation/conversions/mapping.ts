// The mappings of a destination: the connector's defaults with what the workspace changed; and which events they take. Pure.
import type { Connector, EventMapping } from '../../connectors/index.ts'
import { Refusal } from '../../lib/refusal.ts'
import { isSource } from './sources.ts'

/** The mappings in force, those of the workspace in place of the defaults for the same event. */
export function mappingsOf(
  { conversions }: Connector,
  changed: readonly EventMapping[],
): (EventMapping & { isDefault: boolean })[] {
  const own = new Map(changed.map((mapping) => [mapping.event, mapping]))
  const defaults = (conversions?.defaults ?? []).map((preset) => {
    const mapping = own.get(preset.event)
    own.delete(preset.event)
    return mapping ? { ...mapping, isDefault: false } : { ...preset, isDefault: true }
  })
  return [...defaults, ...[...own.values()].map((mapping) => ({ ...mapping, isDefault: false }))]
}

/** The mapping that takes an event; null where none does. */
export function mappingFor(
  connector: Connector,
  changed: readonly EventMapping[],
  event: string,
): EventMapping | null {
  const own = changed.find((mapping) => mapping.event === event)
  const mapping = own ?? connector.conversions?.defaults.find((preset) => preset.event === event)
  return mapping?.isOn ? mapping : null
}

/** Refuses (400 `mapping_invalid`) mappings that the vendor would not take, or that cannot be read. */
export function checkMappings(connector: Connector, mappings: readonly EventMapping[]): void {
  const seen = new Set<string>()
  for (const { event, name, parameters } of mappings) {
    if (seen.has(event))
      throw invalid(`The event ${event} is mapped twice: a destination takes it under one name.`)
    seen.add(event)
    const isKnown = connector.conversions?.names.some((one) => one.name === name)
    if (!isKnown && !connector.conversions?.customName?.test(name))
      throw invalid(`${connector.name} takes no event called ${name}: choose one of its names.`)
    for (const { parameter, from } of parameters)
      if (!isSource(from))
        throw invalid(
          `The parameter ${parameter} cannot be filled from ${from}: choose from the list, or write property:, lead: or text: before it.`,
        )
  }
}

/** Those that differ from the defaults: only they are kept, so that better defaults reach everybody else. */
export function changesOf({ conversions }: Connector, mappings: readonly EventMapping[]): EventMapping[] {
  const presets = new Map(
    conversions?.defaults.map((preset) => [preset.event, JSON.stringify(plain(preset))]),
  )
  return mappings.map(plain).filter((mapping) => presets.get(mapping.event) !== JSON.stringify(mapping))
}

function plain({ event, isOn, name, parameters }: EventMapping): EventMapping {
  return {
    event,
    isOn,
    name,
    parameters: parameters.map(({ parameter, from }) => ({ parameter, from })),
  }
}

function invalid(sentence: string): Refusal {
  return new Refusal('mapping_invalid', 400, sentence)
}
