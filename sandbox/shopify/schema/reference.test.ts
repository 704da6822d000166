// The schema written out here, held to be a true part of the one that Shopify publishes.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  buildClientSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  validateSchema,
} from 'graphql'
import type { GraphQLArgument, GraphQLNamedType, GraphQLSchema, IntrospectionQuery } from 'graphql'
import { describe, expect, test } from 'vitest'
import { API_VERSION, schema, SCOPE_OF_FIELD, SCOPE_OF_TYPE } from './index.ts'

const path = process.env.CONTRACTS_DIR
  ? join(process.env.CONTRACTS_DIR, 'shopify', `admin_${API_VERSION}.json.gz`)
  : ''
const atHand = existsSync(path)
if (!atHand)
  process.stdout.write(
    `contract shopify/admin_${API_VERSION}.json.gz is not at hand (set CONTRACTS_DIR), skipped\n`,
  )

interface Published {
  data: IntrospectionQuery
  offline_scopes: { items: { type: string; typeName: string; fieldName?: string; offlineScopes: string[] }[] }
}

test('the schema is sound in itself', () => {
  expect(validateSchema(schema)).toEqual([])
})

describe.runIf(atHand)('the published schema', () => {
  const read = (): Published => JSON.parse(gunzipSync(readFileSync(path)).toString()) as Published
  const published: Published = atHand
    ? read()
    : { data: { __schema: undefined as never }, offline_scopes: { items: [] } }
  const theirs = atHand ? buildClientSchema(published.data) : schema

  test('has every type, field, argument and enum value of ours, of the same type and nullability, none deprecated', () => {
    const breaches = Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith('__') && !(isScalarType(type) && isSpecifiedScalarType(type)))
      .flatMap((type) => breachesOf(type, theirs))
    expect(breaches).toEqual([])
  })

  test('asks for the scopes that ours asks for', () => {
    const { items } = published.offline_scopes
    for (const [typeName, scope] of Object.entries(SCOPE_OF_TYPE))
      expect(
        items.find((item) => item.type === 'type' && item.typeName === typeName)?.offlineScopes,
      ).toContain(scope)
    for (const [field, scope] of Object.entries(SCOPE_OF_FIELD)) {
      const [typeName, fieldName] = field.split('.')
      const item = items.find((each) => each.typeName === typeName && each.fieldName === fieldName)
      expect(item?.offlineScopes).toContain(scope)
    }
  })
})

function breachesOf(ours: GraphQLNamedType, schemaOfTheirs: GraphQLSchema): string[] {
  const theirs = schemaOfTheirs.getType(ours.name)
  if (!theirs) return [`${ours.name} does not exist`]
  if (theirs.constructor.name !== ours.constructor.name) return [`${ours.name} is of another kind`]
  if (isEnumType(ours) && isEnumType(theirs))
    return ours
      .getValues()
      .filter((value) => !theirs.getValue(value.name))
      .map((value) => `${ours.name} has no ${value.name}`)
  if (isInputObjectType(ours) && isInputObjectType(theirs)) {
    const known = theirs.getFields()
    const required = Object.values(known).filter((field) => String(field.type).endsWith('!'))
    return [
      ...Object.values(ours.getFields()).flatMap((field) => {
        const other = known[field.name]
        if (!other) return [`${ours.name}.${field.name} does not exist`]
        if (other.deprecationReason) return [`${ours.name}.${field.name} is deprecated`]
        return String(other.type) === String(field.type)
          ? []
          : [`${ours.name}.${field.name} is ${String(other.type)}`]
      }),
      ...required
        .filter((field) => field.defaultValue === undefined && !ours.getFields()[field.name])
        .map((field) => `${ours.name}.${field.name} is required`),
    ]
  }
  if (!(isObjectType(ours) || isInterfaceType(ours)) || !(isObjectType(theirs) || isInterfaceType(theirs)))
    return []
  const interfaces = theirs.getInterfaces().map(({ name }) => name)
  return [
    ...ours
      .getInterfaces()
      .filter(({ name }) => !interfaces.includes(name))
      .map(({ name }) => `${ours.name} is no ${name}`),
    ...Object.values(ours.getFields()).flatMap((field) => {
      const path = `${ours.name}.${field.name}`
      const other = theirs.getFields()[field.name]
      if (!other) return [`${path} does not exist`]
      if (other.deprecationReason) return [`${path} is deprecated`]
      if (String(other.type) !== String(field.type)) return [`${path} is ${String(other.type)}`]
      return argumentBreaches(path, field.args, other.args)
    }),
  ]
}

function argumentBreaches(
  path: string,
  ours: readonly GraphQLArgument[],
  theirs: readonly GraphQLArgument[],
): string[] {
  return [
    ...ours.flatMap((argument) => {
      const other = theirs.find(({ name }) => name === argument.name)
      if (!other) return [`${path} takes no ${argument.name}`]
      const isSame =
        String(other.type) === String(argument.type) &&
        JSON.stringify(other.defaultValue) === JSON.stringify(argument.defaultValue)
      return isSame ? [] : [`${path} takes ${argument.name} as ${String(other.type)}`]
    }),
    ...theirs
      .filter(
        (other) =>
          String(other.type).endsWith('!') &&
          other.defaultValue === undefined &&
          !ours.some(({ name }) => name === other.name),
      )
      .map((other) => `${path} needs ${other.name}`),
  ]
}
