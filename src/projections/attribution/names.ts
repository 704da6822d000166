// Numbers for the names that a file repeats, such as its persons and channels.
import { Refusal } from '../../lib/refusal.ts'

/** As many channels as a file may name: each takes two bytes of a touch. */
export const mostChannels = 65_000

export function tooManyChannels(): Refusal {
  return new Refusal(
    'channels_too_many',
    422,
    `The file names more than ${mostChannels} channels: group them, and check that the right column or separator is read.`,
  )
}

export interface Names {
  /** the number of a name, from 0 in order of coming */
  numberOf(name: string): number
  size(): number
  names(): string[]
  sorted(): string[]
  /** by number its place among the sorted */
  ranks(): Int32Array
  /** all numbers, in an order that depends on the names alone */
  shuffled(): Int32Array
  /** gives the memory of the names back */
  clear(): void
}

export function createNames(): Names {
  const numbers = new Map<string, number>()
  const names = () => [...numbers.keys()]
  const sorted = () => names().sort((a, b) => (a < b ? -1 : 1))
  return {
    numberOf(name) {
      const known = numbers.get(name)
      if (known !== undefined) return known
      // A copy of its own: a cell is a part of its row's text and would keep all of it in memory.
      numbers.set(Buffer.from(name).toString(), numbers.size)
      return numbers.size - 1
    },
    size: () => numbers.size,
    names,
    sorted,
    ranks() {
      const ranks = new Int32Array(numbers.size)
      sorted().forEach((name, rank) => (ranks[numbers.get(name) ?? 0] = rank))
      return ranks
    },
    // By hash: comparing numbers orders two million names in a second, comparing the names takes eight.
    shuffled() {
      const all = names()
      const hashes = Uint32Array.from(all, hashOf)
      const order = Int32Array.from(all, (_, number) => number)
      return order.sort((a, b) => {
        const difference = (hashes[a] ?? 0) - (hashes[b] ?? 0)
        return difference !== 0 ? difference : (all[a] ?? '') < (all[b] ?? '') ? -1 : 1
      })
    },
    clear: () => numbers.clear(),
  }
}

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashOf(text: string, from = 0x811c9dc5): number {
  let hash = from
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
