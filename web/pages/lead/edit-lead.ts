// Writes a change of a lead under the revision that its editor saw, and puts the answer where the page reads it.
import { useQueryClient } from '@tanstack/react-query'
import { getLead, getTimeline, listFacets, listLeads, updateLead } from '../../../src/leads/contract.ts'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import type { CallInput, Problem } from '../../call.ts'
import { useWrite } from '../../queries.ts'

export type LeadChange = CallInput<typeof updateLead>['body']

/** `mutate(change)`; a 409 means that somebody else was faster, and the page shows the lead as it is now. */
export function useLeadEdit(lead: LeadDetail, options: { quiet?: boolean } = {}) {
  const client = useQueryClient()
  const write = useWrite(updateLead, {
    quiet: options.quiet,
    stale: [listLeads, listFacets, getTimeline],
    onDone: (reply) =>
      client.setQueriesData<LeadDetail>({ queryKey: [getLead.id] }, (known) =>
        known?.id === reply.id ? { ...known, ...reply } : known,
      ),
  })
  return {
    isPending: write.isPending,
    save: (change: LeadChange, told: { onDone?: () => void; onProblem?: (problem: Problem) => void } = {}) =>
      write.mutate(
        { params: { id: lead.id }, body: { ...change, revision: lead.revision } },
        {
          onSuccess: told.onDone,
          onError: (problem) => {
            void client.invalidateQueries({ queryKey: [getLead.id] }).then(() => told.onProblem?.(problem))
          },
        },
      ),
    problem: write.error,
    forget: write.reset,
  }
}
