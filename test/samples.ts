// Requests made from the declared schemas, so that a test over all endpoints covers a new one by itself.
import { z } from 'zod'
import type { Endpoint } from '../src/lib/endpoint.ts'

/**
 * Any value that a schema takes, with `id` wherever it takes an id.
 * @param options.firstId for the first place that takes an id
 * @param options.isWhole with all optional fields, too
 */
export function sampleOf(
  schema: z.ZodType,
  id: string,
  options: { firstId?: string; isWhole?: boolean } = {},
): unknown {
  let given = options.firstId
  const candidates = () => {
    const first = given ?? id
    return [
      first,
      'text',
      'granted',
      'email_marketing',
      'customer',
      'into',
      'analyst',
      'shop',
      'company',
      'a@shop.example',
      'Europe/Berlin',
      'EUR',
      'DE',
      1,
      true,
      {},
      [],
    ]
  }
  const make = (part: z.ZodType): unknown => {
    if (part instanceof z.ZodObject) {
      return Object.fromEntries(
        Object.entries(part.shape as Record<string, z.ZodType>).flatMap(([name, inner]) => {
          if (!options.isWhole && inner.safeParse(undefined).success && !/id$/i.test(name)) return []
          return [[name, make(inner)]]
        }),
      )
    }
    if (part instanceof z.ZodOptional || part instanceof z.ZodNullable || part instanceof z.ZodDefault) {
      return make(part.unwrap() as z.ZodType)
    }
    if (part instanceof z.ZodArray) return [make(part.element as z.ZodType)]
    const found = candidates().find((value) => part.safeParse(value).success)
    if (found === given) given = undefined
    return found
  }
  return make(schema)
}

/** Whether a body has a place for an id. */
export function namesIds(schema: z.ZodType): boolean {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return text.includes('"format":"uuid"')
}

/** The parts of an endpoint's path that take an id. */
export function idsInPath(endpoint: Endpoint, id: string): string[] {
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map((match) => match[1]!)
  if (!(endpoint.params instanceof z.ZodObject)) return names
  const shape = endpoint.params.shape as Record<string, z.ZodType>
  return names.filter((name) => shape[name]?.safeParse(id).success)
}

/** The parameters of a query that take an id. */
export function idsInQuery(endpoint: Endpoint, id: string): string[] {
  if (!(endpoint.query instanceof z.ZodObject)) return []
  const shape = endpoint.query.shape as Record<string, z.ZodType>
  return Object.keys(shape).filter((name) => shape[name]!.safeParse(id).success)
}
