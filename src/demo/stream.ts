// All calls of a demo in order of time, in memory that does not grow with their number.
import { botCalls, botRounds } from './bots.ts'
import { callsOf } from './calls.ts'
import type { DemoCall } from './calls.ts'
import { planOf } from './plan.ts'
import { callsPerLead, worldOf } from './world.ts'
import type { DemoOptions, World } from './world.ts'

/**
 * The calls of a demo, oldest first; the same options give the same calls to the byte.
 *
 * Time is cut into slots of some ten thousand calls. What is kept per person is when they act next: four bytes. A
 * person's plan is drawn anew from the seed each time they act, which costs less than keeping a million of them.
 */
export function* demoCalls(options: DemoOptions): Generator<DemoCall> {
  yield* callsOfWorld(worldFor(options), callsPerLead(options) * options.leads)
}

/** The world whose density of visits yields about as many calls as asked. */
export function worldFor(options: DemoOptions): World {
  const wanted = callsPerLead(options)
  const leads = Math.min(options.leads, Math.max(500, Math.round(100_000 / wanted)))
  const sample = { ...options, leads, events: wanted * leads }
  // Calls rise with density, since every count is drawn by a quantile: a bracket that closes by the false position.
  let low = { density: 0, calls: measuredCalls(sample, 0) }
  if (low.calls >= wanted) return worldOf(options, 0)
  let high = { density: 8, calls: measuredCalls(sample, 8) }
  while (high.calls < wanted && high.density < 500) {
    low = high
    high = { density: low.density * 2, calls: measuredCalls(sample, low.density * 2) }
  }
  for (let step = 0; step < 5; step++) {
    const share = Math.min(0.95, Math.max(0.05, (wanted - low.calls) / (high.calls - low.calls)))
    const density = low.density + share * (high.density - low.density)
    const tried = { density, calls: measuredCalls(sample, density) }
    if (Math.abs(tried.calls - wanted) < 0.01 * wanted) return worldOf(options, density)
    if (tried.calls < wanted) low = tried
    else high = tried
  }
  return worldOf(options, wanted - low.calls < high.calls - wanted ? low.density : high.density)
}

function measuredCalls(options: DemoOptions, density: number): number {
  const world = worldOf(options, density)
  let calls = 0
  for (let index = 0; index < world.people; index++) {
    const plan = planOf(world, index)
    for (const act of plan.acts) calls += callsOf(world, plan, act).length
  }
  for (let bot = 0; bot < world.bots; bot++) calls += botRounds(world, bot).length * 12
  return calls / options.leads
}

function* callsOfWorld(world: World, calls: number): Generator<DemoCall> {
  const slots = Math.max(1, Math.min(50_000, Math.ceil(calls / 10_000)))
  // A day more on either side holds what the world's clocks add to it.
  const from = world.startAt - 86_400_000
  const slotMs = (world.endAt + 86_400_000 - from) / slots
  const slotOf = (at: number): number => Math.max(0, Math.min(slots - 1, Math.floor((at - from) / slotMs)))
  const actors = world.people + world.bots
  const actsOf = (actor: number): Actor =>
    actor < world.people ? personActor(world, actor) : botActor(world, actor - world.people)
  // Who acts next in which slot, as linked lists in two arrays.
  const head = new Int32Array(slots).fill(-1)
  const after = new Int32Array(actors).fill(-1)
  const enter = (actor: number, at: number | undefined): void => {
    if (at === undefined) return
    const slot = slotOf(at)
    after[actor] = head[slot] ?? -1
    head[slot] = actor
  }
  for (let actor = 0; actor < actors; actor++) enter(actor, actsOf(actor).times[0])

  let pending: Timed[] = []
  for (let slot = 0; slot < slots; slot++) {
    const endAt = slot === slots - 1 ? Infinity : from + (slot + 1) * slotMs
    let actor = head[slot] ?? -1
    while (actor >= 0) {
      const following = after[actor] ?? -1
      const { times, calls: callsAt } = actsOf(actor)
      let next: number | undefined
      times.forEach((at, place) => {
        if (slotOf(at) === slot)
          for (const call of callsAt(place))
            pending.push({ at: Date.parse(call.message.timestamp), actor, call })
        else if (slotOf(at) > slot && next === undefined) next = at
      })
      enter(actor, next)
      actor = following
    }
    pending.sort((a, b) => a.at - b.at || a.actor - b.actor)
    const ready = pending.filter((one) => one.at < endAt)
    pending = pending.filter((one) => one.at >= endAt)
    for (const { call } of ready) yield call
  }
}

interface Timed {
  at: number
  actor: number
  call: DemoCall
}

interface Actor {
  /** when each act begins, in order */
  times: number[]
  calls: (place: number) => DemoCall[]
}

function personActor(world: World, index: number): Actor {
  const plan = planOf(world, index)
  return {
    times: plan.acts.map((act) => act.at),
    calls: (place) => {
      const act = plan.acts[place]
      return act ? callsOf(world, plan, act) : []
    },
  }
}

function botActor(world: World, index: number): Actor {
  const times = botRounds(world, index)
  return { times, calls: (place) => botCalls(world, index, times[place] ?? 0) }
}
