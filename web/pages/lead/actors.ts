// Who did it, by name: members, programs, the product itself.
import { useOwners } from '../leads/facts.ts'

/** Reads `user:<id>` and `key:<id>`; undefined where nobody in particular did it. */
export function useActorName(): (actor: string | null) => string | undefined {
  const members = useOwners()
  return (actor) => {
    if (!actor) return undefined
    const [kind, id] = actor.split(':')
    if (kind === 'user') return members.find(({ value }) => value === id)?.label ?? 'A former member'
    return kind === 'key' ? 'A program with an API key' : actor
  }
}
