// As much of JSON Schema (https://json-schema.org/draft-07) as the vendors' published schemas use, for tests that hold requests to them.

export interface JsonSchema {
  type?: string
  const?: unknown
  required?: string[]
  properties?: Record<string, JsonSchema>
  patternProperties?: Record<string, JsonSchema>
  additionalProperties?: boolean
  propertyNames?: JsonSchema
  dependencies?: Record<string, string[]>
  items?: JsonSchema
  maxProperties?: number
  maxItems?: number
  minItems?: number
  maxLength?: number
  pattern?: string
  allOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  if?: JsonSchema
  then?: JsonSchema
}

/** What is wrong with a value, each with its path; formats are not looked at. */
export function schemaProblems(schema: JsonSchema, value: unknown, path = ''): string[] {
  const problems: string[] = []
  const say = (words: string) => problems.push(`${path || '/'} ${words}`)
  const into = (inner: JsonSchema, one: unknown, at: string) =>
    problems.push(...schemaProblems(inner, one, at))
  if (schema.type !== undefined && typeOf(value) !== schema.type) say(`is no ${schema.type}`)
  if (schema.const !== undefined && value !== schema.const) say(`is not ${JSON.stringify(schema.const)}`)
  if (typeof value === 'string') {
    if (schema.maxLength !== undefined && value.length > schema.maxLength)
      say(`is longer than ${schema.maxLength}`)
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
      say(`does not fit ${schema.pattern}`)
  }
  if (Array.isArray(value)) {
    if (value.length > (schema.maxItems ?? Infinity)) say(`has more than ${schema.maxItems} items`)
    if (value.length < (schema.minItems ?? 0)) say(`has fewer than ${schema.minItems} items`)
    if (schema.items) value.forEach((one: unknown, nth) => into(schema.items!, one, `${path}/${nth}`))
  }
  if (typeOf(value) === 'object') {
    const given = value as Record<string, unknown>
    const names = Object.keys(given)
    if (names.length > (schema.maxProperties ?? Infinity)) say(`has more than ${schema.maxProperties} fields`)
    for (const name of schema.required ?? []) if (!(name in given)) say(`lacks ${name}`)
    for (const [name, needed] of Object.entries(schema.dependencies ?? {}))
      if (name in given)
        for (const other of needed) if (!(other in given)) say(`has ${name} and lacks ${other}`)
    for (const name of names) {
      const at = `${path}/${name}`
      const patterns = Object.entries(schema.patternProperties ?? {}).filter(([one]) =>
        new RegExp(one).test(name),
      )
      const own = schema.properties?.[name]
      if (own) into(own, given[name], at)
      for (const [, inner] of patterns) into(inner, given[name], at)
      if (schema.additionalProperties === false && !own && patterns.length === 0) say(`knows no ${name}`)
      if (schema.propertyNames) into(schema.propertyNames, name, `${path} name ${name}`)
    }
  }
  for (const inner of schema.allOf ?? []) into(inner, value, path)
  if (schema.anyOf && !schema.anyOf.some((inner) => schemaProblems(inner, value).length === 0))
    say('fits none of its forms')
  if (schema.if && schema.then && schemaProblems(schema.if, value).length === 0)
    into(schema.then, value, path)
  return problems
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
