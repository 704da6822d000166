// The Admin GraphQL endpoint: token, version, validity, cost and scopes, and only then the answer.
import { execute, getVariableValues, GraphQLError, Kind, parse, validate } from 'graphql'
import type { DocumentNode, GraphQLFieldResolver, OperationDefinitionNode } from 'graphql'
import { getNamedType } from 'graphql'
import { LRUCache } from 'lru-cache'
import { isObject, json, parseJson } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import { MAX_QUERY_POINTS } from './app.ts'
import type { Bucket } from './bucket.ts'
import { costOf } from './cost.ts'
import type { Cost } from './cost.ts'
import type { Page } from './lists.ts'
import { isConnection } from './project.ts'
import type { Fragments } from './project.ts'
import { denied, mayRead } from './resolvers/access.ts'
import { resolverOf } from './resolvers/index.ts'
import type { Arguments, Context } from './resolvers/types.ts'
import { API_VERSION, schema, SCOPE_OF_FIELD, SCOPE_OF_TYPE } from './schema/index.ts'

interface Running {
  context: Context
  cost: Cost
  /** points given back, since less came than was asked for */
  unused: number
  warnings: string[]
}

interface Read {
  document: DocumentNode
  errors: readonly GraphQLError[]
}

/** Queries are few and repeated: each is parsed and validated once. */
const known = new LRUCache<string, Read>({ max: 200 })

/** Answers a query whose token was found good. Everything that GraphQL says comes with status 200. */
export function answerQuery(call: Call, context: Context, bucket: Bucket): Answer {
  const body = parseJson(call.body)
  if (!isObject(body) || typeof body.query !== 'string')
    return json(400, { errors: { query: 'Required parameter missing or invalid' } })
  const { document, errors } = read(body.query)
  if (errors.length > 0) return refused(errors)
  const operation = operationOf(document, body.operationName)
  if (!operation) return refused([new GraphQLError('No operation named.')])
  const given = isObject(body.variables) ? body.variables : {}
  const { coerced, errors: wrong } = getVariableValues(schema, operation.variableDefinitions ?? [], given)
  if (!coerced) return refused(wrong ?? [])

  const cost = costOf(operation, fragmentsOf(document), coerced)
  if (cost.problems.length > 0) return refused(cost.problems.map((problem) => new GraphQLError(problem)))
  const status = () => ({
    maximumAvailable: context.app.bucketPoints,
    currentlyAvailable: Math.floor(bucket.available()),
    restoreRate: context.app.pointsPerSecond,
  })
  const costOfAnswer = (actual: number | null) => ({
    requestedQueryCost: cost.points,
    actualQueryCost: actual,
    throttleStatus: status(),
  })
  if (cost.points > MAX_QUERY_POINTS)
    return refused(
      [
        coded(
          `Query cost is ${cost.points}, which exceeds the single query max cost limit (${MAX_QUERY_POINTS}).`,
          'MAX_COST_EXCEEDED',
        ),
      ],
      { cost: costOfAnswer(null) },
    )
  if (!bucket.take(cost.points))
    return refused([coded('Throttled', 'THROTTLED')], { cost: costOfAnswer(null) })

  const running: Running = { context, cost, unused: 0, warnings: [] }
  const result = execute({
    schema,
    document,
    variableValues: given,
    operationName: operation.name?.value,
    contextValue: running,
    fieldResolver: resolveField,
  })
  if (result instanceof Promise) throw new TypeError('Nothing in the sandbox is resolved later.')
  bucket.giveBack(running.unused)
  const actual = Math.max(0, cost.points - running.unused)
  const answer = json(
    200,
    {
      data: result.data,
      ...(result.errors && { errors: result.errors }),
      extensions: {
        cost: costOfAnswer(actual),
        ...(running.warnings.length > 0 && { search: running.warnings }),
      },
    },
    { 'x-shopify-api-version': API_VERSION },
  )
  return { ...answer, note: [`${actual} points`, ...running.warnings].join('; ') }
}

const resolveField: GraphQLFieldResolver<unknown, Running> = (source, args: Arguments, running, info) => {
  const { parentType, fieldName, returnType, fieldNodes } = info
  const named = getNamedType(returnType).name
  const type = isConnection(named) ? named.replace(/Connection$/, '') : named
  const scope = SCOPE_OF_FIELD[`${parentType.name}.${fieldName}`] ?? SCOPE_OF_TYPE[type]
  if (scope !== undefined && !mayRead(running.context.scopes, scope)) throw denied(fieldName, scope)
  const value = resolverOf(parentType.name, fieldName)(source, args, running.context)
  const asked = fieldNodes[0] && running.cost.connections.get(fieldNodes[0])
  if (asked && value !== null) {
    const page = value as Page<unknown>
    running.unused += (asked.size - page.nodes.length) * asked.each
    for (const name of page.unknown) running.warnings.push(`${fieldName} is not searched by ${name}`)
  }
  return value
}

function read(query: string): Read {
  const before = known.get(query)
  if (before) return before
  const made = ((): Read => {
    try {
      const document = parse(query)
      return { document, errors: validate(schema, document) }
    } catch (error) {
      const told = error instanceof GraphQLError ? error : new GraphQLError(String(error))
      return { document: { kind: Kind.DOCUMENT, definitions: [] }, errors: [told] }
    }
  })()
  known.set(query, made)
  return made
}

function refused(errors: readonly GraphQLError[], extensions?: object): Answer {
  const answer = json(
    200,
    { errors, ...(extensions && { extensions }) },
    { 'x-shopify-api-version': API_VERSION },
  )
  return { ...answer, note: errors.map(({ message }) => message).join('; ') }
}

function coded(message: string, code: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, documentation: 'https://shopify.dev/api/usage/rate-limits' },
  })
}

function operationOf(document: DocumentNode, name: unknown): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  if (typeof name !== 'string' || name === '') return operations.length === 1 ? operations[0] : undefined
  return operations.find((operation) => operation.name?.value === name)
}

function fragmentsOf(document: DocumentNode): Fragments {
  return Object.fromEntries(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  )
}
