// Metafields: read from any owner, set with a digest of what was seen, deleted.
import { createHash } from 'node:crypto'
import { pageOfArray } from '../lists.ts'
import { gid } from '../records.ts'
import type { Metafield as Field } from '../records.ts'
import { has } from '../shop.ts'
import type { Shop } from '../shop.ts'
import { nodeOf } from './nodes.ts'
import { fieldsOf, instant } from './types.ts'
import type { Arguments, Context, Resolvers } from './types.ts'
import { mayWrite } from './access.ts'

const MAX_FIELDS = 25
const OWNER_TYPES: Record<string, string> = {
  Customer: 'CUSTOMER',
  Order: 'ORDER',
  Product: 'PRODUCT',
  ProductVariant: 'PRODUCTVARIANT',
  Shop: 'SHOP',
}

interface Wanted {
  ownerId: string
  namespace?: string | null
  key: string
  type?: string | null
  value: string
  compareDigest?: string | null
}

interface Problem {
  code: string
  elementIndex: number | null
  field: string[]
  message: string
}

/** The two fields that everything with metafields has. */
export function metafieldFields<T>(ownerOf: (owner: T, shop: Shop) => string) {
  return {
    metafield: (owner: T, args: Arguments, { shop }: Context) =>
      find(shop, ownerOf(owner, shop), String(args.namespace ?? '$app'), String(args.key)) ?? null,
    metafields: (owner: T, args: Arguments, { shop }: Context) => {
      const namespace = args.namespace as string | null | undefined
      const keys = args.keys as string[] | null | undefined
      const own = (shop.metafields.get(ownerOf(owner, shop)) ?? []).filter(
        (field) =>
          (!namespace || field.namespace === spelt(namespace)) &&
          (!keys || keys.includes(`${field.namespace}.${field.key}`)),
      )
      return pageOfArray(own, args)
    },
  }
}

export const Metafield: Resolvers = fieldsOf<Field>({
  id: ({ id }) => gid('Metafield', id),
  legacyResourceId: ({ id }) => String(id),
  jsonValue: ({ value, type }) => (isJson(type) ? (JSON.parse(value) as unknown) : value),
  compareDigest: digestOf,
  createdAt: ({ createdAt }) => instant(createdAt),
  updatedAt: ({ updatedAt }) => instant(updatedAt),
  ownerType: ({ ownerId }) => OWNER_TYPES[ownerId.split('/')[3] ?? ''],
  owner: ({ ownerId }, _args, { shop }) => nodeOf(shop, ownerId),
  sizeInBytes: ({ value }) => Buffer.byteLength(value),
})

/** All of them or none. */
export function metafieldsSet(_source: unknown, args: Arguments, context: Context) {
  const wanted = args.metafields as Wanted[]
  if (wanted.length > MAX_FIELDS) {
    const message = `Exceeded the maximum metafields input limit of ${MAX_FIELDS}.`
    return refused([{ code: 'LESS_THAN_OR_EQUAL_TO', elementIndex: null, field: ['metafields'], message }])
  }
  const problems = wanted.flatMap((each, index) => problemOf(each, index, context) ?? [])
  if (problems.length > 0) return refused(problems)
  return { metafields: wanted.map((each) => keep(each, context)), userErrors: [] }
}

export function metafieldsDelete(_source: unknown, args: Arguments, { shop }: Context) {
  const wanted = args.metafields as { ownerId: string; namespace: string; key: string }[]
  const deletedMetafields = wanted.map(({ ownerId, namespace, key }) => {
    const field = find(shop, ownerId, namespace, key)
    if (!field) return null
    shop.metafields.set(ownerId, shop.metafields.get(ownerId)?.filter((each) => each !== field) ?? [])
    return { ownerId, namespace, key }
  })
  return { deletedMetafields, userErrors: [] }
}

function problemOf(wanted: Wanted, index: number, context: Context): Problem | undefined {
  const { shop } = context
  const problem = (code: string, name: string, message: string): Problem => ({
    code,
    elementIndex: index,
    field: ['metafields', String(index), name],
    message,
  })
  if (!has(shop, wanted.ownerId)) return problem('INVALID', 'ownerId', 'Owner does not exist.')
  if (!mayWrite(context, wanted.ownerId))
    return problem('APP_NOT_AUTHORIZED', 'ownerId', 'Access to this namespace and key is not allowed.')
  if (wanted.key.length < 2) return problem('TOO_SHORT', 'key', 'Key is too short (minimum is 2 characters)')
  if (wanted.key.length > 64) return problem('TOO_LONG', 'key', 'Key is too long (maximum is 64 characters)')
  const known = find(shop, wanted.ownerId, wanted.namespace ?? '$app', wanted.key)
  const type = wanted.type ?? known?.type
  if (!type) return problem('BLANK', 'type', "Type can't be blank")
  if (!isValid(type, wanted.value)) return problem('INVALID_VALUE', 'value', `Value must be a valid ${type}.`)
  if (wanted.compareDigest === undefined) return undefined
  if (wanted.compareDigest !== null && !/^[a-f0-9]{64}$/.test(wanted.compareDigest))
    return problem('INVALID_COMPARE_DIGEST', 'compareDigest', 'The compareDigest is invalid.')
  if (wanted.compareDigest === (known ? digestOf(known) : null)) return undefined
  return problem(
    'STALE_OBJECT',
    'compareDigest',
    'The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.',
  )
}

function keep({ ownerId, key, type, value, ...wanted }: Wanted, { shop, world }: Context): Field {
  const own = shop.metafields.get(ownerId) ?? []
  const known = find(shop, ownerId, wanted.namespace ?? '$app', key)
  const now = world.now()
  const field: Field = {
    id: known?.id ?? shop.nextNumber(),
    ownerId,
    namespace: spelt(wanted.namespace ?? '$app'),
    key,
    type: type ?? known?.type ?? '',
    value,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
  }
  shop.metafields.set(ownerId, [...own.filter((each) => each !== known), field])
  return field
}

function find(shop: Shop, ownerId: string, namespace: string, key: string): Field | undefined {
  return shop.metafields
    .get(ownerId)
    ?.find((field) => field.namespace === spelt(namespace) && field.key === key)
}

// A namespace of the app's own is written out with the number of the app.
function spelt(namespace: string): string {
  return namespace === '$app' ? 'app--1' : namespace.replace(/^\$app:/, 'app--1--')
}

function digestOf({ value }: Field): string {
  return createHash('sha256').update(value).digest('hex')
}

function isValid(type: string, value: string): boolean {
  if (value === '') return false
  if (type === 'number_integer') return /^-?\d+$/.test(value)
  if (type === 'number_decimal') return /^-?\d+(\.\d+)?$/.test(value)
  if (type === 'boolean') return value === 'true' || value === 'false'
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(value)
  if (type === 'date_time') return !Number.isNaN(Date.parse(value))
  if (type === 'single_line_text_field') return !value.includes('\n')
  if (!isJson(type)) return true
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}

function isJson(type: string): boolean {
  return type === 'json' || type === 'money' || type.startsWith('list.')
}

function refused(userErrors: Problem[]) {
  return { metafields: null, userErrors }
}
