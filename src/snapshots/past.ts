// Works out how leads stood on days of the past by the rules and models of today, from the log.
import type { FactState } from '../leads/index.ts'
import type { Services } from '../platform/services.ts'
import { readReadings } from '../projections/score/index.ts'
import type { ScoreNow } from '../projections/score/index.ts'
import { addLead, noSums, pastDays } from './days.ts'
import { readSample, writePast } from './store/days.ts'
import type { PastSums } from './store/days.ts'
import { readSegmentsOf, readWorkspaces } from './store/workspaces.ts'

/** A known lead at moments of the past, by the rules and models of today; null before it was there. */
export interface PastLead {
  leadId: string
  source: string
  states: ({ score: ScoreNow; facts: FactState } | null)[]
}

/** Works out leads at moments (ms since 1970, in order); handed in, since the pass stands above. */
export type WorkOut = (
  workspaceId: string,
  leadIds: string[],
  moments: readonly number[],
) => AsyncIterable<PastLead>

/** Leads that the past is worked out of: a mean score is right to a point by them, nineteen times in twenty. */
const SAMPLE = 2_000

/** Works the days before today out anew, from a sample of the known leads or from all of them. */
export async function recomputeDays(
  { db, clickhouse, clock }: Services,
  workspaceId: string,
  workOut: WorkOut,
): Promise<void> {
  const [workspace] = await readWorkspaces(db, workspaceId)
  if (!workspace) return
  const version = clock().getTime()
  const [reading] = await readReadings(db, workspaceId)
  const days = pastDays(version, workspace.timeZone)
  const { leadIds, isSample } = await readSample(clickhouse, workspaceId, SAMPLE)
  const segments = await readSegmentsOf(db, workspaceId, leadIds)
  const cells = new Map<string, PastSums>()
  const moments = days.map(({ endsAt }) => endsAt)
  for await (const { leadId, source, states } of workOut(workspaceId, leadIds, moments)) {
    const groups = ['', ...(segments.get(leadId) ?? [])]
    states.forEach((state, place) => {
      if (!state) return
      for (const segment of groups) {
        const { day } = days[place]!
        const key = `${segment} ${day} ${source}`
        const cell = cells.get(key) ?? { segment, day, source, sums: noSums() }
        cells.set(key, cell)
        addLead(cell.sums, state.score, state.facts)
      }
    })
  }
  await writePast(clickhouse, { workspaceId, version, ruleVersion: reading?.version ?? 0, isSample }, [
    ...cells.values(),
  ])
}
