// Paths into JSON as people pick them: `contact.emails[0].value`, `leads[].email`, `["odd.key"]`. Pure.

/** A key, a place in a list, or null for the entry of the list that is looked at. */
type Step = string | number | null

/** What stands at a path; undefined where nothing does. @param entry which entry `[]` means */
export function readPath(root: unknown, path: string, entry = 0): unknown {
  let at: unknown = root
  for (const step of stepsOf(path)) {
    if (at === null || typeof at !== 'object') return undefined
    if (Array.isArray(at)) {
      const place = step === null ? entry : typeof step === 'number' ? step : undefined
      at = place === undefined ? undefined : (at as unknown[])[place]
    } else
      at =
        typeof step === 'string' && Object.hasOwn(at, step)
          ? (at as Record<string, unknown>)[step]
          : undefined
  }
  return at
}

export interface OfferedPath {
  path: string
  /** as the example has it, at most 200 characters; null for a list */
  example: string | number | boolean | null
  /** how many entries, of a list of objects, which may be read entry by entry */
  entries: number | null
}

/**
 * Every place in an example that holds a value, and every list of objects, in order, at most 500.
 * @param each a list that is read entry by entry: what is in it is offered once, as `each[].key`
 */
export function offerPaths(root: unknown, each: string | null = null): OfferedPath[] {
  const offered: OfferedPath[] = []
  const look = (value: unknown, path: string, depth: number): void => {
    if (offered.length >= 500 || depth > 20) return
    if (Array.isArray(value)) {
      const list = value as unknown[]
      if (list.some((one) => one !== null && typeof one === 'object' && !Array.isArray(one)))
        offered.push({ path, example: null, entries: list.length })
      if (path === each) look(list[0], `${path}[]`, depth + 1)
      else list.slice(0, 5).forEach((one, place) => look(one, `${path}[${place}]`, depth + 1))
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) look(inner, join(path, key), depth + 1)
    } else if (typeof value === 'string') offered.push({ path, example: value.slice(0, 200), entries: null })
    else if (typeof value === 'number' || typeof value === 'boolean')
      offered.push({ path, example: value, entries: null })
  }
  look(root, '', 0)
  return offered
}

function join(path: string, key: string): string {
  if (!/^[^.[\]"\s]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}

function stepsOf(path: string): Step[] {
  const steps: Step[] = []
  for (const match of path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d*)\]|([^.[\]"]+)/g)) {
    const [, quoted, place, key] = match
    if (quoted !== undefined) steps.push(JSON.parse(quoted) as string)
    else if (place !== undefined) steps.push(place === '' ? null : Number(place))
    else steps.push(key ?? '')
  }
  return steps
}
