// People who use each other's devices, so that the product may take one for another; nobody else's calls bear on theirs.
import { botCalls, botRounds } from './bots.ts'
import { callsOf } from './calls.ts'
import type { DemoCall } from './calls.ts'
import { personOf, sharesDeviceWith } from './people.ts'
import { planOf } from './plan.ts'
import type { World } from './world.ts'

/** The actor after the last one of the household that begins with `first`: neighbours by number, or a machine alone. */
export function householdEnd(world: World, first: number): number {
  let end = first + 1
  while (end < world.people && sharesDeviceWith(world, personOf(world, end)) !== null) end++
  return end
}

/**
 * The calls of the actors from `first` to before `end`, in the order in which `demoCalls` gives them.
 * @param until what happens after this instant (ISO 8601) is left out
 */
export function householdCalls(world: World, first: number, end: number, until: string): DemoCall[] {
  const calls: DemoCall[] = []
  for (let actor = first; actor < end; actor++) {
    const own = actor < world.people ? personCalls(world, actor) : machineCalls(world, actor - world.people)
    for (const call of own) if (call.message.timestamp <= until) calls.push(call)
  }
  // Instants of one form sort as texts do; the sort is stable, so a person's calls of one instant stay in their order.
  return calls.sort((a, b) => {
    const [at, other] = [a.message.timestamp, b.message.timestamp]
    return at < other ? -1 : at > other ? 1 : a.actor - b.actor
  })
}

function personCalls(world: World, index: number): DemoCall[] {
  const plan = planOf(world, index)
  const calls: DemoCall[] = []
  for (const act of plan.acts) for (const call of callsOf(world, plan, act)) calls.push(call)
  return calls
}

function machineCalls(world: World, index: number): DemoCall[] {
  return botRounds(world, index).flatMap((at) => botCalls(world, index, at))
}
