// Whether a level means that two values agree, for columns that lean on others.
import { traits } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { MISSING } from './levels.ts'

/** By level of a kind: 1 where the values are the same but for the way they are written. */
export function agreesAt(kind: Kind): Uint8Array {
  return agreeing[kind]
}

/** Whether all of some columns agree: 1, else 0. A column where one of the records says nothing does not. */
export function stateOf(
  on: readonly number[],
  kinds: readonly Kind[],
  levels: Uint8Array,
  offset: number,
): 0 | 1 {
  if (on.length === 0) return 0
  for (const at of on) {
    const level = levels[offset + at]!
    if (level === MISSING || agreeing[kinds[at]!][level] === 0) return 0
  }
  return 1
}

const agreeing = Object.fromEntries(
  Object.entries(traits).map(([kind, { levels, comparison }]) => [
    kind,
    // Names in any likeness: a mailbox is made of the name as its owner spells it.
    Uint8Array.from(levels, ({ name }) =>
      Number(name === 'same' || name === 'almost' || (comparison === 'name' && name !== 'different')),
    ),
  ]),
) as Record<Kind, Uint8Array>
