// Runs a list of named steps over a batch of items: each item goes on richer, or is dropped or parked with a reason.

/** A step's word that an item ends here: dropped for good, or parked until a person looks. */
export class Ended {
  readonly outcome: 'dropped' | 'parked'
  readonly reason: string
  readonly detail: string | undefined
  constructor(outcome: 'dropped' | 'parked', reason: string, detail?: string) {
    this.outcome = outcome
    this.reason = reason
    this.detail = detail
  }
}

/** Ends an item: nothing more is to be done with it. */
export function drop(reason: string): Ended {
  return new Ended('dropped', reason)
}

/** Ends an item for now: a person decides. */
export function park(reason: string, detail?: string): Ended {
  return new Ended('parked', reason, detail)
}

/** Pure and per item, or with a store and for the whole batch. */
export type Step<Context, In, Out> =
  | { name: string; each: (item: In, context: Context) => Out | Ended }
  | { name: string; batch: (items: In[], context: Context) => Promise<(Out | Ended)[]> }

/** Steps whose items fit each other: what one returns the next takes. */
export interface Line<Context, In, Out> {
  steps: Step<Context, never, unknown>[]
  then<Next>(step: Step<Context, Out, Next>): Line<Context, In, Next>
}

/** Starts a line: `line<Context, In>().then(stepA).then(stepB)`. */
export function line<Context, In>(): Line<Context, In, In> {
  return grow<Context, In, In>([])
}

function grow<Context, In, Out>(steps: Step<Context, never, unknown>[]): Line<Context, In, Out> {
  return {
    steps,
    then: <Next>(step: Step<Context, Out, Next>) =>
      grow<Context, In, Next>([...steps, step as Step<Context, never, unknown>]),
  }
}

export type Outcome<Out> = { item: Out } | { ended: Ended; step: string }

/**
 * Runs the steps in order; one that has nothing left to do is not called. The outcomes stand in the order of the items.
 * @param count told how many items each step let pass, and each end with its reason
 */
export async function runLine<Context, In, Out>(
  work: Line<Context, In, Out>,
  items: In[],
  context: Context,
  count: (step: string, outcome: string, reason: string, items: number) => void = () => undefined,
): Promise<Outcome<Out>[]> {
  const outcomes: Outcome<Out>[] = new Array(items.length)
  let alive: { index: number; item: unknown }[] = items.map((item, index) => ({ index, item }))
  for (const step of work.steps) {
    if (alive.length === 0) break
    const inputs = alive.map((entry) => entry.item) as never[]
    const results =
      'batch' in step ? await step.batch(inputs, context) : inputs.map((item) => step.each(item, context))
    if (results.length !== inputs.length) {
      throw new Error(`the step ${step.name} was given ${inputs.length} items and returned ${results.length}`)
    }
    const next: typeof alive = []
    alive.forEach((entry, at) => {
      const result = results[at]
      if (result instanceof Ended) {
        outcomes[entry.index] = { ended: result, step: step.name }
        count(step.name, result.outcome, result.reason, 1)
      } else next.push({ index: entry.index, item: result })
    })
    alive = next
    count(step.name, 'passed', '', alive.length)
  }
  for (const entry of alive) outcomes[entry.index] = { item: entry.item as Out }
  return outcomes
}
