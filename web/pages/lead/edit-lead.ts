// Writes a change of a lead under the revision that its editor saw, and puts the answer where the page reads it.
import { useQueryClient } from '@tanstack/react-query'
import { getLead, getTimeline, listFacets, listLeads, updateLead } from '../../../src/leads/contract.ts'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import type { Problem } from '../../call.ts'
import { showDone, showProblem, useWrite } from '../../queries.ts'
import { fieldWords } from './event-summary.ts'
import { changedBetween, isMet } from './lead-change.ts'
import type { LeadChange } from './lead-change.ts'

interface Told {
  onDone?: () => void
  onProblem?: (problem: Problem) => void
}

/**
 * `save(change)`. Where somebody else was faster in other fields the change is made beside theirs; in the same field it is
 * refused with `revision_outdated`, and by then the page shows the lead as it is now.
 */
export function useLeadEdit(lead: LeadDetail, options: { quiet?: boolean } = {}) {
  const client = useQueryClient()
  const write = useWrite(updateLead, {
    quiet: true,
    stale: [listLeads, listFacets, getTimeline],
    onDone: (reply) =>
      client.setQueriesData<LeadDetail>({ queryKey: [getLead.id] }, (known) =>
        known?.id === reply.id ? { ...known, ...reply } : known,
      ),
  })
  const lookAgain = async () => {
    await client.invalidateQueries({ queryKey: [getLead.id] })
    const known = client.getQueriesData<LeadDetail>({ queryKey: [getLead.id] })
    return known.find(([, one]) => one?.id === lead.id)?.[1]
  }
  const save = (change: LeadChange, told: Told = {}, seen = lead) =>
    write.mutate(
      { params: { id: lead.id }, body: { ...change, revision: seen.revision } },
      {
        onSuccess: () => {
          if (seen !== lead) {
            const theirs = changedBetween(lead, seen).map(fieldWords).join(', ')
            showDone(`Saved. Meanwhile somebody changed ${theirs || 'this lead'}; the page shows it now.`)
          }
          told.onDone?.()
        },
        onError: (problem) =>
          void lookAgain().then((now) => {
            const isBeside = now && now.revision !== seen.revision && !isMet(change, lead, now)
            if (problem.code === 'revision_outdated' && isBeside) return save(change, told, now)
            if (!options.quiet) showProblem(problem)
            told.onProblem?.(problem)
          }),
      },
    )
  return {
    isPending: write.isPending,
    save: (change: LeadChange, told?: Told) => save(change, told),
    problem: write.error,
    forget: write.reset,
  }
}
