// The vocabulary of the Measurement Protocol, held against the schema that Google's own event builder validates with.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DEVICE, ITEM_NUMBERS, ITEM_TEXTS, NUMBERS, PLACE, REQUIRED, TEXTS, TOP } from './fields.ts'

const path = process.env.CONTRACTS_DIR ? join(process.env.CONTRACTS_DIR, 'ga4', 'mp-payload.schema.json') : ''
const atHand = existsSync(path)
if (!atHand)
  process.stdout.write('contract ga4/mp-payload.schema.json is not at hand (set CONTRACTS_DIR), skipped\n')

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

describe.runIf(atHand)('the published schema of the Measurement Protocol', () => {
  const schema = atHand ? (JSON.parse(readFileSync(path, 'utf8')) as Schema) : {}
  const conditions = schema.properties?.events?.items?.allOf ?? []
  const named = conditions.flatMap(({ if: when, then }) => {
    const name = when?.properties?.name?.const
    return name === undefined ? [] : [{ name, params: then?.properties?.params ?? {} }]
  })
  const typed = (properties: Record<string, Schema> | undefined, type: string) =>
    new Set(Object.keys(properties ?? {}).filter((name) => properties?.[name]?.type === type))

  test('asks for the same parameters of the same recommended events', () => {
    const theirs = named.map(({ name, params }) => [name, [...(params.required ?? [])].sort()])
    const ours = Object.entries(REQUIRED).map(([name, required]) => [name, [...required].sort()])
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
  })

  test('gives parameters and those of items the same types', () => {
    for (const { params } of named) {
      expect(typed(params.properties, 'number')).toEqual(NUMBERS)
      expect(typed(params.properties, 'string')).toEqual(TEXTS)
      const item = params.properties?.items?.items?.properties
      expect(typed(item, 'number')).toEqual(ITEM_NUMBERS)
      expect(typed(item, 'string')).toEqual(ITEM_TEXTS)
    }
  })

  test('knows the same fields of a request, but for those that came later', () => {
    expect(new Set([...Object.keys(schema.properties ?? {}), ...NEWER])).toEqual(TOP)
    expect(new Set(Object.keys(schema.properties?.device?.properties ?? {}))).toEqual(DEVICE)
    expect(new Set(Object.keys(schema.properties?.user_location?.properties ?? {}))).toEqual(PLACE)
  })
})
