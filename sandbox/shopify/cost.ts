// What a query costs before it runs: objects count one, connections as many as are asked for, mutations ten.
import { getArgumentValues, getNamedType, isLeafType, isObjectType, Kind } from 'graphql'
import type { FieldNode, GraphQLNamedType, OperationDefinitionNode, SelectionSetNode } from 'graphql'
import { isConnection, nodesOf } from './project.ts'
import type { Fragments } from './project.ts'
import { schema } from './schema/index.ts'

export interface Cost {
  points: number
  /** of each connection: how many were asked for, and what each costs, for giving back what was not used */
  connections: Map<FieldNode, { size: number; each: number }>
  /** sentences on what cannot be asked for at all */
  problems: string[]
}

const MUTATION_POINTS = 10
const MAX_PAGE = 250

export function costOf(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  variables: Record<string, unknown>,
): Cost {
  const cost: Cost = { points: 0, connections: new Map(), problems: [] }

  const ofSelection = (type: GraphQLNamedType | undefined, set: SelectionSetNode | undefined): number => {
    let points = 0
    let dearest = 0
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) points += ofField(type, selection)
      else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value]
        const condition = fragment?.typeCondition?.name.value
        const inner = ofSelection(
          condition === undefined ? type : schema.getType(condition),
          fragment?.selectionSet,
        )
        if (condition === undefined || condition === type?.name) points += inner
        else dearest = Math.max(dearest, inner)
      }
    }
    return points + dearest
  }

  const ofField = (type: GraphQLNamedType | undefined, field: FieldNode): number => {
    if (!type || !('getFields' in type)) return 0
    const declared = type.getFields()[field.name.value]
    if (!declared || !('args' in declared)) return 0
    const named = getNamedType(declared.type)
    if (isLeafType(named)) return 0
    const args = getArgumentValues(declared, field, variables)
    const { first, last } = args as { first?: number | null; last?: number | null }
    if (!isConnection(named.name)) return (first ?? 1) * (1 + ofSelection(named, field.selectionSet))
    const size = first ?? last
    if (size === undefined || size === null) {
      cost.problems.push(`you must provide one of first or last (field ${field.name.value})`)
      return 0
    }
    if (size < 0 || size > MAX_PAGE)
      cost.problems.push(`${field.name.value} takes a page of 0 to ${MAX_PAGE}, not ${size}`)
    const nodes =
      isObjectType(named) && isNodeTyped(named.name) ? nodesOf(named.name, field, fragments) : undefined
    const each = 1 + ofSelection(nodes?.type, nodes?.set)
    cost.connections.set(field, { size, each })
    return size * each
  }

  const root = operation.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType()
  if (operation.operation === 'mutation') {
    cost.points = MUTATION_POINTS * operation.selectionSet.selections.length
  } else {
    cost.points = ofSelection(root ?? undefined, operation.selectionSet)
  }
  return cost
}

// Connections of an interface have no one type of nodes: their nodes count one.
function isNodeTyped(connection: string): boolean {
  const type = schema.getType(connection)
  const nodes = isObjectType(type) ? type.getFields().nodes : undefined
  return nodes !== undefined && isObjectType(getNamedType(nodes.type))
}
