// Bulk operations: a query over everything, written line by line to a file in the background, and downloaded from there.
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { getArgumentValues, getNamedType, isObjectType, Kind, parse, validate } from 'graphql'
import type { FieldNode, SelectionSetNode } from 'graphql'
import type { Answer, Call } from '../frame/call.ts'
import { text } from '../frame/call.ts'
import { CHECKOUT_FIELDS, CUSTOMER_FIELDS, ORDER_FIELDS, PRODUCT_FIELDS, walkAll } from './lists.ts'
import type { ListArguments } from './lists.ts'
import { compile, fieldsIn, isConnection, nodesOf } from './project.ts'
import type { Fragments, Projection } from './project.ts'
import { gid } from './records.ts'
import { mayRead } from './resolvers/access.ts'
import { instant } from './resolvers/types.ts'
import type { Context } from './resolvers/types.ts'
import { schema, SCOPE_OF_TYPE } from './schema/index.ts'
import type { Shop } from './shop.ts'

export interface Operation {
  id: number
  query: string
  status: 'CREATED' | 'RUNNING' | 'CANCELING' | 'CANCELED' | 'COMPLETED' | 'FAILED' | 'EXPIRED'
  errorCode: string | null
  createdAt: number
  completedAt: number | null
  objects: number
  roots: number
  bytes: number
  url: string | null
}

export interface BulkOperations {
  run(
    query: string,
    isGrouped: boolean,
    context: Context,
  ): { bulkOperation: Operation | null; userErrors: object[] }
  get(id: number): Operation | undefined
  /** The oldest first. */
  list(): Operation[]
  cancel(id: number): Operation | undefined
  /** Answers `/bulk/{id}/{token}.jsonl`, whole or from where the Range header says. */
  download(call: Call): Answer
  close(): Promise<void>
}

interface Plan {
  field: string
  args: ListArguments
  projection: Projection
  /** types whose records are asked for */
  types: Set<string>
}

const MAX_RUNNING = 5
const MAX_CONNECTIONS = 5
const MAX_DEPTH = 2
const KEPT_MS = 7 * 86_400_000

/** Records between two turns of everybody else: some 2 ms. */
const RECORDS_A_TURN = 200

export function createBulk(now: () => number): BulkOperations {
  const operations = new Map<number, Operation>()
  let folder: Promise<string> | undefined
  let lastId = 4_000_000_000_000
  let closed = false

  const isRunning = ({ status }: Operation) => ['CREATED', 'RUNNING', 'CANCELING'].includes(status)
  const fileOf = async (id: number) => {
    folder ??= mkdtemp(join(tmpdir(), 'sandbox-bulk-'))
    return join(await folder, `${id}.jsonl`)
  }

  const work = async (operation: Operation, plan: Plan, isGrouped: boolean, context: Context) => {
    operation.status = 'RUNNING'
    const file = await open(await fileOf(operation.id), 'w')
    try {
      for (const lines of linesOf(plan, isGrouped, context, operation)) {
        await file.write(lines)
        operation.bytes += Buffer.byteLength(lines)
        await nextTurn()
        if (closed || operation.status !== 'RUNNING') break
      }
    } finally {
      await file.close()
    }
    if (closed) return
    operation.status = operation.status === 'RUNNING' ? 'COMPLETED' : 'CANCELED'
    operation.completedAt = now()
    // An empty result has no file.
    if (operation.status === 'COMPLETED' && operation.objects > 0)
      operation.url = `${context.origin}/bulk/${operation.id}/${context.world.token(24)}.jsonl`
    tell(operation, context)
  }

  return {
    run(query, isGrouped, context) {
      const refused = (code: string, message: string) => ({
        bulkOperation: null,
        userErrors: [{ code, field: ['query'], message }],
      })
      const plan = planOf(query)
      if (typeof plan === 'string') return refused('INVALID', plan)
      if ([...operations.values()].filter(isRunning).length >= MAX_RUNNING)
        return refused(
          'LIMIT_REACHED',
          `${MAX_RUNNING} bulk operations are in progress for this app and shop already.`,
        )
      const operation: Operation = {
        id: ++lastId,
        query,
        status: 'CREATED',
        errorCode: null,
        createdAt: now(),
        completedAt: null,
        objects: 0,
        roots: 0,
        bytes: 0,
        url: null,
      }
      operations.set(operation.id, operation)
      context.world.later(0, () => {
        const scopes = [...plan.types].map((type) => SCOPE_OF_TYPE[type])
        if (scopes.every((scope) => scope === undefined || mayRead(context.scopes, scope)))
          return work(operation, plan, isGrouped, context)
        Object.assign(operation, { status: 'FAILED', errorCode: 'ACCESS_DENIED', completedAt: now() })
        tell(operation, context)
      })
      // What was answered does not change when the operation goes on.
      return { bulkOperation: { ...operation }, userErrors: [] }
    },
    get: (id) => operations.get(id),
    list: () => [...operations.values()],
    cancel(id) {
      const operation = operations.get(id)
      if (operation && isRunning(operation)) operation.status = 'CANCELING'
      return operation
    },
    download(call) {
      const operation = operations.get(Number(call.path.split('/')[2]))
      if (!operation?.url?.endsWith(call.path)) return text(404, 'No such file')
      if (now() > (operation.completedAt ?? 0) + KEPT_MS) return text(403, 'The link has expired')
      const start = Number(/^bytes=(\d+)-$/.exec(call.headers.range ?? '')?.[1] ?? 0)
      if (start >= operation.bytes) return text(416, 'There are not so many bytes')
      const path = folder?.then((name) => join(name, `${operation.id}.jsonl`))
      return {
        status: start > 0 ? 206 : 200,
        headers: {
          'content-type': 'application/jsonl',
          'accept-ranges': 'bytes',
          'content-length': String(operation.bytes - start),
          ...(start > 0 && {
            'content-range': `bytes ${start}-${operation.bytes - 1}/${operation.bytes}`,
          }),
        },
        openStream: async () => createReadStream((await path) ?? '', { start, highWaterMark: 256 * 1024 }),
      }
    },
    async close() {
      closed = true
      if (folder) await rm(await folder, { recursive: true, force: true })
    },
  }
}

/** What to do, or a sentence that says why this query cannot run in bulk. */
function planOf(query: string): Plan | string {
  let document
  try {
    document = parse(query)
  } catch (error) {
    return `Invalid bulk query: ${error instanceof Error ? error.message : String(error)}`
  }
  const [problem] = validate(schema, document)
  if (problem) return `Invalid bulk query: ${problem.message}`
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)
  const root = schema.getQueryType()
  if (!operation || operation.operation !== 'query' || !root) return 'Invalid bulk query: it must be a query.'
  const fragments: Fragments = Object.fromEntries(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  )
  const [field, ...more] = fieldsIn(root, operation.selectionSet, fragments)
  const declared = field && root.getFields()[field.name.value]
  if (!field || !declared || more.length > 0) return 'Bulk queries must contain a single top-level field.'
  const connection = getNamedType(declared.type).name
  if (!isConnection(connection)) return 'Bulk queries must contain at least one connection.'
  if (!(field.name.value in ROOTS)) return `The sandbox cannot read ${field.name.value} in bulk.`
  const { type, set } = nodesOf(connection, field, fragments)
  const shape = measure(type.name, set, fragments)
  if (shape.connections + 1 > MAX_CONNECTIONS)
    return `Bulk queries cannot contain more than ${MAX_CONNECTIONS} connections.`
  if (shape.depth > MAX_DEPTH)
    return `Bulk queries cannot contain connections with a nesting depth greater than ${MAX_DEPTH}.`
  return {
    field: field.name.value,
    args: getArgumentValues(declared, field),
    projection: compile(type, set, fragments),
    types: shape.types.add(type.name),
  }
}

const ROOTS: Record<string, (shop: Shop, args: ListArguments) => Iterable<{ id: number }>> = {
  customers: (shop, args) => walkAll(shop.customers, args, CUSTOMER_FIELDS),
  orders: (shop, args) => walkAll(shop.orders, args, ORDER_FIELDS),
  products: (shop, args) => walkAll(shop.products, args, PRODUCT_FIELDS),
  abandonedCheckouts: (shop, args) => walkAll(shop.checkouts, args, CHECKOUT_FIELDS),
}

/** How deep connections lie in each other, how many there are below the first, and which types are read. */
function measure(typeName: string, set: SelectionSetNode, fragments: Fragments) {
  const shape = { connections: 0, depth: 0, types: new Set<string>() }
  const look = (name: string, selection: SelectionSetNode, depth: number) => {
    const type = schema.getType(name)
    if (!isObjectType(type)) return
    for (const field of fieldsIn(type, selection, fragments))
      lookAt(type.getFields()[field.name.value]?.type, field, depth)
  }
  const lookAt = (declared: Parameters<typeof getNamedType>[0], field: FieldNode, depth: number) => {
    const named = getNamedType(declared)
    if (!named || !field.selectionSet) return
    shape.types.add(named.name)
    if (!isConnection(named.name)) return look(named.name, field.selectionSet, depth)
    shape.connections++
    shape.depth = Math.max(shape.depth, depth + 1)
    const nodes = nodesOf(named.name, field, fragments)
    shape.types.add(nodes.type.name)
    look(nodes.type.name, nodes.set, depth + 1)
  }
  look(typeName, set, 0)
  return shape
}

/** Pieces of the file. Children follow their parent only where they are grouped; else they come after the whole piece. */
function* linesOf(plan: Plan, isGrouped: boolean, context: Context, operation: Operation): Generator<string> {
  let lines: string[] = []
  let later: string[] = []
  const add = (projection: Projection, source: unknown, parentId: unknown, into: string[]) => {
    const record = projection.project(source, context)
    if (parentId !== undefined) record.__parentId = parentId
    into.push(JSON.stringify(record))
    operation.objects++
    for (const list of projection.lists)
      for (const child of list.open(source, context)) add(list.of, child, record.id, isGrouped ? into : later)
  }
  for (const source of ROOTS[plan.field]?.(context.shop, plan.args) ?? []) {
    operation.roots++
    add(plan.projection, source, undefined, lines)
    if (lines.length < RECORDS_A_TURN) continue
    yield `${[...lines, ...later].join('\n')}\n`
    lines = []
    later = []
  }
  if (lines.length > 0) yield `${[...lines, ...later].join('\n')}\n`
}

function tell(operation: Operation, { webhooks }: Context) {
  webhooks.emit('bulk_operations/finish', () => ({
    admin_graphql_api_id: gid('BulkOperation', operation.id),
    completed_at: instant(operation.completedAt),
    created_at: instant(operation.createdAt),
    error_code: operation.errorCode?.toLowerCase() ?? null,
    status: operation.status.toLowerCase(),
    type: 'query',
  }))
}
