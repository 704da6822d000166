// Offers to merge where an e-mail address turned out to belong to another lead.
import { Anchor } from '@mantine/core'
import { useState } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import type { Problem } from '../../call.ts'
import { leadPath } from '../../paths.ts'
import { useWorkspace } from '../../workspace.ts'
import { MergeDialog } from './merge/merge-dialog.tsx'

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
  return (
    <>
      <Anchor href={leadPath(slug, offer.id)} target="_blank" fz="xs" underline="always">
        Look at {offer.label}
      </Anchor>{' '}
      or{' '}
      <Anchor component="button" type="button" fz="xs" underline="always" onClick={() => setAsking(true)}>
        merge the two
      </Anchor>
      {asking ? (
        <MergeDialog leadIds={[lead.id, offer.id]} onClose={() => setAsking(false)} onMerged={onDone} />
      ) : null}
    </>
  )
}
