// The vocabulary of the Measurement Protocol, held against the schema that Google's own event builder validates with.
import { expect } from 'vitest'
import { contractTest } from '../../test/contracts.ts'
import { DEVICE, ITEM_NUMBERS, ITEM_TEXTS, NUMBERS, PLACE, REQUIRED, TEXTS, TOP } from './fields.ts'

const FILE = 'ga4/mp-payload.schema.json'

interface Schema {
  type?: string
  const?: string
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  if?: Schema
  then?: Schema
  allOf?: Schema[]
}

/** Fields that the schema is too old to know. */
const NEWER = ['consent', 'user_data', 'validation_behavior']

contractTest(
  'the published schema asks for the same parameters of the same recommended events',
  FILE,
  (text) => {
    const theirs = named(read(text)).map(({ name, params }) => [name, [...(params.required ?? [])].sort()])
    const ours = Object.entries(REQUIRED).map(([name, required]) => [name, [...required].sort()])
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
  },
)

contractTest('it gives parameters and those of items the same types', FILE, (text) => {
  const events = named(read(text))
  expect(events.length).toBeGreaterThan(30)
  for (const { params } of events) {
    expect(typed(params.properties, 'number')).toEqual(NUMBERS)
    expect(typed(params.properties, 'string')).toEqual(TEXTS)
    const item = params.properties?.items?.items?.properties
    expect(typed(item, 'number')).toEqual(ITEM_NUMBERS)
    expect(typed(item, 'string')).toEqual(ITEM_TEXTS)
  }
})

contractTest('it knows the same fields of a request, but for those that came later', FILE, (text) => {
  const { properties } = read(text)
  expect(new Set([...Object.keys(properties ?? {}), ...NEWER])).toEqual(TOP)
  expect(new Set(Object.keys(properties?.device?.properties ?? {}))).toEqual(DEVICE)
  expect(new Set(Object.keys(properties?.user_location?.properties ?? {}))).toEqual(PLACE)
})

function read(text: string): Schema {
  return JSON.parse(text) as Schema
}

/** The recommended events, each with what it says of its parameters. */
function named({ properties }: Schema): { name: string; params: Schema }[] {
  return (properties?.events?.items?.allOf ?? []).flatMap(({ if: when, then }) => {
    const name = when?.properties?.name?.const
    return name === undefined ? [] : [{ name, params: then?.properties?.params ?? {} }]
  })
}

function typed(properties: Record<string, Schema> | undefined, type: string): Set<string> {
  return new Set(Object.keys(properties ?? {}).filter((name) => properties?.[name]?.type === type))
}
