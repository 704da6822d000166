// Below the name of a lead: that a person merged another into it, who and when, and undoing it.
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { LeadDetail } from '../../../../src/leads/contract.ts'
import { Time } from '../../../ui/time.tsx'
import { useMay } from '../../../workspace.ts'
import { useActorName } from '../actors.ts'
import classes from './merged-line.module.css'
import { UndoMerge } from './undo-merge.tsx'
import type { StandingMerge } from './undo-merge.tsx'

const shownAtOnce = 3

/** What evidence merged by itself, and all that is older, stands under Identity. */
export function MergedLine({ lead }: { lead: LeadDetail }) {
  const mayWrite = useMay('leads.write')
  const actorName = useActorName()
  const [undoing, setUndoing] = useState<StandingMerge>()
  const byHand = lead.mergedLeads.filter(({ actor }) => actor !== '')
  if (byHand.length === 0) return null
  return (
    <>
      <ul className={classes.list} aria-label="Merged by hand">
        {byHand.slice(0, shownAtOnce).map((merge) => (
          <li key={merge.mergeId} className={classes.line}>
            <span>
              {merge.label}
              {merge.email && merge.email !== merge.label ? ` (${merge.email})` : ''} was merged into this
              lead by {actorName(merge.actor)}, <Time at={merge.mergedAt} />.
            </span>
            {mayWrite ? (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Undo the merge of ${merge.label}`}
                onClick={() => setUndoing(merge)}
              >
                Undo
              </Button>
            ) : null}
          </li>
        ))}
        {byHand.length > shownAtOnce ? (
          <li className={classes.line}>{byHand.length - shownAtOnce} more stand under Identity.</li>
        ) : null}
      </ul>
      {undoing ? <UndoMerge lead={lead} merge={undoing} onClose={() => setUndoing(undefined)} /> : null}
    </>
  )
}
