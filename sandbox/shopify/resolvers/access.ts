// Who may read and write what, by the scopes that the merchant granted.
import { GraphQLError } from 'graphql'
import type { Context } from './types.ts'

const WRITE_SCOPES: Record<string, string> = {
  Customer: 'write_customers',
  Order: 'write_orders',
  Product: 'write_products',
  ProductVariant: 'write_products',
}

/** Whether the thing with this global id may be changed; a scope to write includes that to read. */
export function mayWrite({ scopes }: Context, id: string): boolean {
  const scope = WRITE_SCOPES[id.split('/')[3] ?? '']
  return scope === undefined || scopes.has(scope)
}

export function mayRead(scopes: ReadonlySet<string>, scope: string): boolean {
  return scopes.has(scope) || scopes.has(scope.replace('read_', 'write_'))
}

export function denied(field: string, scope: string): GraphQLError {
  return new GraphQLError(`Access denied for ${field} field. Required access: \`${scope}\` access scope.`, {
    extensions: {
      code: 'ACCESS_DENIED',
      documentation: 'https://shopify.dev/api/usage/access-scopes',
      requiredAccess: `\`${scope}\` access scope.`,
    },
  })
}
