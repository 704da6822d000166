// Records of one kind: most are generated when they are asked for, only those that changed are kept.

export interface Kept {
  id: number
  createdAt: number
  updatedAt: number
}

export type SortKey = 'ID' | 'CREATED_AT' | 'UPDATED_AT'

/** A place in a sorted walk: the value sorted by, and the id where values are equal. */
export interface Position {
  value: number
  id: number
}

export interface Bounds {
  createdAt: [number, number]
  updatedAt: [number, number]
}

export interface Walk {
  sortKey: SortKey
  reverse: boolean
  /** begins behind it, in the direction of the walk */
  after?: Position
  bounds?: Bounds
}

export interface Generated<T extends Kept> {
  firstId: number
  count: number
  /** generated records are older the smaller their place */
  at(place: number): T
  created(place: number): number
  updated(place: number): number
}

export interface Shelf<T extends Kept> {
  get(id: number): T | undefined
  /** Keeps a record that changed or is new. */
  put(record: T): void
  remove(id: number): void
  /** For a new record. */
  nextId(): number
  count(): number
  walk(walk: Walk): Generator<T>
}

export function createShelf<T extends Kept>(generated: Generated<T>): Shelf<T> {
  const { firstId, count } = generated
  const changed = new Map<number, T | null>()
  const sorted = new Map<SortKey, T[]>()
  let byUpdate: Uint32Array | undefined
  let added = 0
  let gone = 0

  const isGenerated = (id: number) => id >= firstId && id < firstId + count
  const note = (id: number, record: T | null) => {
    changed.set(id, record)
    sorted.clear()
  }
  const kept = (key: SortKey): T[] => {
    const known = sorted.get(key)
    if (known) return known
    const list = [...changed.values()].filter((record) => record !== null)
    list.sort((a, b) => valueOf(a, key) - valueOf(b, key) || a.id - b.id)
    sorted.set(key, list)
    return list
  }
  const places = (key: SortKey): Uint32Array | undefined => {
    if (key !== 'UPDATED_AT') return undefined
    byUpdate ??= new Uint32Array(count)
      .map((_, place) => place)
      .sort((a, b) => generated.updated(a) - generated.updated(b) || a - b)
    return byUpdate
  }

  return {
    get(id) {
      const record = changed.get(id)
      if (record !== undefined) return record ?? undefined
      return isGenerated(id) ? generated.at(id - firstId) : undefined
    },
    put: (record) => note(record.id, record),
    remove(id) {
      if (changed.get(id) === null) return
      gone++
      note(id, null)
    },
    nextId: () => firstId + count + added++,
    count: () => count + added - gone,
    *walk({ sortKey, reverse, after, bounds }) {
      const order = places(sortKey)
      const list = kept(sortKey)
      const placeAt = (step: number) => (order ? (order[step] ?? 0) : step)
      const key = (place: number): Position => ({
        id: firstId + place,
        value:
          sortKey === 'ID'
            ? firstId + place
            : sortKey === 'CREATED_AT'
              ? generated.created(place)
              : generated.updated(place),
      })
      const keyOfRecord = (record: T): Position => ({ id: record.id, value: valueOf(record, sortKey) })
      const step = reverse ? -1 : 1
      let base = startOf(count, (at) => key(placeAt(at)), after, reverse)
      let own = startOf(list.length, (at) => keyOfRecord(list[at]!), after, reverse)
      for (;;) {
        const place = base >= 0 && base < count ? placeAt(base) : undefined
        const record = list[own]
        if (place === undefined && record === undefined) return
        if (place !== undefined && (!record || compare(key(place), keyOfRecord(record)) * step < 0)) {
          base += step
          if (changed.has(firstId + place)) continue
          if (bounds && !isWithin(bounds, generated.created(place), generated.updated(place))) continue
          yield generated.at(place)
        } else if (record) {
          own += step
          if (!bounds || isWithin(bounds, record.createdAt, record.updatedAt)) yield record
        }
      }
    },
  }
}

function valueOf(record: Kept, key: SortKey): number {
  return key === 'ID' ? record.id : key === 'CREATED_AT' ? record.createdAt : record.updatedAt
}

function compare(a: Position, b: Position): number {
  return a.value - b.value || a.id - b.id
}

function isWithin({ createdAt, updatedAt }: Bounds, created: number, updated: number): boolean {
  return (
    created >= createdAt[0] && created <= createdAt[1] && updated >= updatedAt[0] && updated <= updatedAt[1]
  )
}

// The first place of a sorted list behind a position, by halving.
function startOf(
  length: number,
  keyAt: (at: number) => Position,
  after: Position | undefined,
  reverse: boolean,
): number {
  if (!after) return reverse ? length - 1 : 0
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compare(keyAt(middle), after)
    if (reverse ? order < 0 : order <= 0) low = middle + 1
    else high = middle
  }
  return reverse ? low - 1 : low
}
