// SQL for ClickHouse put together from pieces: what a template says is text, every value is a parameter.

/** A piece of SQL. Made by `chSql` and `param` only, so that no value can become text. */
export interface Fragment {
  readonly pieces: readonly (string | Fragment | Parameter)[]
}

export interface Parameter {
  readonly type: ParameterType
  readonly value: unknown
}

export type ParameterType =
  'String' | 'UUID' | 'Float64' | 'Int64' | 'Array(String)' | 'Array(UUID)' | 'Array(Float64)'

/** SQL with other pieces in it: chSql`lead_id in (${inner}) and name = ${param('String', name)}`. */
export function chSql(strings: TemplateStringsArray, ...pieces: Fragment[]): Fragment {
  return { pieces: strings.flatMap((text, at) => (at < pieces.length ? [text, pieces[at]!] : [text])) }
}

/** A value. Numbers for `Int64` are whole. */
export function param(type: ParameterType, value: unknown): Fragment {
  return { pieces: [{ type, value }] }
}

/** The name of a column or of a path in one. Throws for what is no name: values are for `param`. */
export function identifier(name: string): Fragment {
  if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name)) throw new Error(`${name} is no name of a column`)
  return { pieces: [`\`${name}\``] }
}

/** Pieces one after another with ` and `, ` or ` or a comma between them. */
export function joinedBy(word: 'and' | 'or' | ',', parts: readonly Fragment[]): Fragment {
  return {
    pieces: parts.flatMap((part, at) => (at === 0 ? [part] : [word === ',' ? ', ' : ` ${word} `, part])),
  }
}

/**
 * The text of a fragment and its parameters, named `<prefix>0`, `<prefix>1`, ...; the same value is sent once.
 * @param prefix keeps them apart from the parameters of the query around it
 */
export function written(fragment: Fragment, prefix = 'c'): { text: string; params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  const names = new Map<string, string>()
  const write = (piece: string | Fragment | Parameter): string => {
    if (typeof piece === 'string') return piece
    if ('pieces' in piece) return piece.pieces.map(write).join('')
    const key = `${piece.type} ${JSON.stringify(piece.value)}`
    const name = names.get(key) ?? `${prefix}${names.size}`
    names.set(key, name)
    params[name] = piece.value
    return `{${name}:${piece.type}}`
  }
  return { text: write(fragment), params }
}
