// Offers to merge where an e-mail address turned out to belong to another lead.
import { Anchor } from '@mantine/core'
import { useState } from 'react'
import {
  getLead,
  getTimeline,
  listConsent,
  listLeads,
  listNotes,
  mergeLeads,
} from '../../../src/leads/contract.ts'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import type { Problem } from '../../call.ts'
import { leadPath } from '../../paths.ts'
import { showDone, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useWorkspace } from '../../workspace.ts'

interface Offer {
  id: string
  label: string
}

/** The other lead that a refusal names; undefined for any other refusal. */
export function mergeOffered(problem: Problem | null): Offer | undefined {
  if (problem?.code !== 'email_taken') return undefined
  const { leadId, label } = problem.details
  return typeof leadId === 'string' && typeof label === 'string' ? { id: leadId, label } : undefined
}

export function MergeOffer({ offer, lead, onDone }: { offer: Offer; lead: LeadDetail; onDone: () => void }) {
  const { slug } = useWorkspace()
  const [asking, setAsking] = useState(false)
  const merge = useWrite(mergeLeads, {
    stale: [getLead, getTimeline, listLeads, listNotes, listConsent],
    onDone: () => {
      showDone(`${offer.label} is part of ${lead.label} now.`)
      onDone()
    },
  })
  return (
    <>
      <Anchor href={leadPath(slug, offer.id)} target="_blank" fz="xs">
        Look at {offer.label}
      </Anchor>{' '}
      or{' '}
      <Anchor component="button" type="button" fz="xs" onClick={() => setAsking(true)}>
        merge it into this lead
      </Anchor>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Merge ${offer.label} into ${lead.label}?`}
        action="Merge"
        busy={merge.isPending}
        onConfirm={() => merge.mutate({ body: { winnerId: lead.id, loserId: offer.id } })}
      >
        Both lines become one, and the stricter consent of the two holds. The merge can be undone under
        Identity.
      </ConfirmDialog>
    </>
  )
}
