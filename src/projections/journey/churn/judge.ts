// How good foretold chances were, once it is known what came.

export interface Judged {
  people: number
  /** share to whom it happened */
  happened: number
  /** chance that one to whom it happened was given the higher risk than one it spared; null where it happened to all or none */
  auc: number | null
  /** mean squared distance between chance and outcome; 0 is perfect */
  brier: number
  /** by fifth of the people, lowest risk first: mean risk told, and share to whom it happened */
  fifths: { people: number; told: number; happened: number }[]
  /** distance between told and happened: of the fifths on average, by people, and of the worst */
  calibrationError: number
  worstFifth: number
}

/** Judges risks against outcomes (1 where it happened), person by person. Equal risks stay in one fifth. Throws for nobody. */
export function judge(risks: readonly number[], outcomes: readonly (0 | 1)[]): Judged {
  const people = risks.length
  if (people === 0 || outcomes.length !== people) throw new RangeError('each risk needs its outcome')
  const order = Array.from(risks.keys()).sort((a, b) => (risks[a] as number) - (risks[b] as number))
  const fifths: Judged['fifths'] = []
  let open = { people: 0, told: 0, happened: 0 }
  let hits = 0
  let squares = 0
  let rankSum = 0
  for (let at = 0; at < people;) {
    const risk = risks[order[at] as number] as number
    let end = at
    let alikeHits = 0
    for (; end < people && risks[order[end] as number] === risk; end++) {
      const outcome = outcomes[order[end] as number] as 0 | 1
      alikeHits += outcome
      squares += (risk - outcome) ** 2
    }
    // Equal risks share the mean of their ranks at + 1 to end.
    rankSum += (alikeHits * (at + 1 + end)) / 2
    hits += alikeHits
    open = {
      people: open.people + end - at,
      told: open.told + (end - at) * risk,
      happened: open.happened + alikeHits,
    }
    at = end
    if (at === people || (fifths.length < 4 && at >= (people * (fifths.length + 1)) / 5)) {
      fifths.push({
        people: open.people,
        told: open.told / open.people,
        happened: open.happened / open.people,
      })
      open = { people: 0, told: 0, happened: 0 }
    }
  }
  const spared = people - hits
  return {
    people,
    happened: hits / people,
    auc: hits > 0 && spared > 0 ? (rankSum - (hits * (hits + 1)) / 2) / (hits * spared) : null,
    brier: squares / people,
    fifths,
    calibrationError:
      fifths.reduce((sum, fifth) => sum + fifth.people * Math.abs(fifth.told - fifth.happened), 0) / people,
    worstFifth: Math.max(...fifths.map((fifth) => Math.abs(fifth.told - fifth.happened))),
  }
}
