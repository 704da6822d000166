// A query made into plain functions once, and then applied to record after record: some fifty times quicker than executing it.
import { getArgumentValues, getNamedType, isAbstractType, isLeafType, isObjectType, Kind } from 'graphql'
import type { FieldNode, FragmentDefinitionNode, GraphQLObjectType, SelectionSetNode } from 'graphql'
import type { Page } from './lists.ts'
import { resolverOf } from './resolvers/index.ts'
import type { Arguments, Context } from './resolvers/types.ts'
import { schema } from './schema/index.ts'

/** A record as an object, and the lists below it, each record of which is a line of its own. */
export interface Projection {
  project(source: unknown, context: Context): Record<string, unknown>
  lists: { open(source: unknown, context: Context): unknown[]; of: Projection }[]
}

export type Fragments = Record<string, FragmentDefinitionNode>

export function compile(type: GraphQLObjectType, set: SelectionSetNode, fragments: Fragments): Projection {
  const writers: ((source: unknown, context: Context, into: Record<string, unknown>) => void)[] = []
  const lists: Projection['lists'] = []
  for (const field of fieldsIn(type, set, fragments)) {
    const alias = field.alias?.value ?? field.name.value
    if (field.name.value === '__typename') {
      writers.push((_source, _context, into) => void (into[alias] = type.name))
      continue
    }
    const declared = type.getFields()[field.name.value]
    if (!declared) throw new TypeError(`${type.name} has no field ${field.name.value}.`)
    const resolve = resolverOf(type.name, field.name.value)
    const args = getArgumentValues(declared, field) as Arguments
    const named = getNamedType(declared.type)
    if (isLeafType(named)) {
      writers.push((source, context, into) => void (into[alias] = resolve(source, args, context) ?? null))
    } else if (isConnection(named.name)) {
      const { type: nodeType, set: nodeSet } = nodesOf(named.name, field, fragments)
      lists.push({
        open: (source, context) => (resolve(source, args, context) as Page<unknown>).nodes,
        of: compile(nodeType, nodeSet, fragments),
      })
    } else {
      const inner = field.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] }
      const projectValue = valueProjector(named.name, inner, fragments)
      writers.push((source, context, into) => {
        const value = resolve(source, args, context) ?? null
        into[alias] = Array.isArray(value)
          ? value.map((each) => projectValue(each, context))
          : value && projectValue(value, context)
      })
    }
  }
  return {
    lists,
    project(source, context) {
      const into: Record<string, unknown> = {}
      for (const write of writers) write(source, context, into)
      return into
    },
  }
}

export function isConnection(typeName: string): boolean {
  return typeName.endsWith('Connection')
}

/** The type of the nodes of a connection, and what is selected of them, through edges or directly. */
export function nodesOf(connection: string, field: FieldNode, fragments: Fragments) {
  const type = schema.getType(connection)
  if (!isObjectType(type)) throw new TypeError(`${connection} is no connection.`)
  const nodes = type.getFields().nodes
  const nodeType = nodes && getNamedType(nodes.type)
  const edge = schema.getType(connection.replace(/Connection$/, 'Edge'))
  const selections: SelectionSetNode['selections'][number][] = []
  const take = (owner: GraphQLObjectType, set: SelectionSetNode | undefined) => {
    for (const each of set ? fieldsIn(owner, set, fragments) : []) {
      if (each.name.value === 'edges' && isObjectType(edge)) take(edge, each.selectionSet)
      if (each.name.value === 'nodes' || each.name.value === 'node')
        selections.push(...(each.selectionSet?.selections ?? []))
    }
  }
  take(type, field.selectionSet)
  if (!isObjectType(nodeType)) throw new TypeError(`Nodes of ${connection} have no one type.`)
  return { type: nodeType, set: { kind: Kind.SELECTION_SET, selections } as const }
}

/** The fields that a selection means for a type, fragments opened. */
export function fieldsIn(type: GraphQLObjectType, set: SelectionSetNode, fragments: Fragments): FieldNode[] {
  return set.selections.flatMap((selection): FieldNode[] => {
    if (selection.kind === Kind.FIELD) return [selection]
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value]
    if (!fragment) return []
    const condition = fragment.typeCondition?.name.value
    const fits =
      condition === undefined ||
      condition === type.name ||
      type.getInterfaces().some((each) => each.name === condition)
    return fits ? fieldsIn(type, fragment.selectionSet, fragments) : []
  })
}

function valueProjector(typeName: string, set: SelectionSetNode, fragments: Fragments) {
  const known = new Map<string, Projection>()
  const isOneType = !isAbstractType(schema.getType(typeName))
  return (value: unknown, context: Context): unknown => {
    if (value === null || value === undefined) return null
    const name = isOneType ? typeName : ((value as { __typename?: string }).__typename ?? typeName)
    let projection = known.get(name)
    if (!projection) {
      const type = schema.getType(name)
      if (!isObjectType(type)) throw new TypeError(`${name} is no type of objects.`)
      projection = compile(type, set, fragments)
      known.set(name, projection)
    }
    return projection.project(value, context)
  }
}
