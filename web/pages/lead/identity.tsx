// What a lead is recognised by, and the leads that were merged into it, each of which can be taken out again.
import { Badge, Button, Tooltip } from '@mantine/core'
import { useState } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { CopyIcon } from '../../ui/copy-field.tsx'
import { words } from '../../ui/format.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useActorName } from './actors.ts'
import { identifierNames } from './identifier-names.ts'
import classes from './identity.module.css'
import { UndoMerge } from './merge/undo-merge.tsx'
import type { StandingMerge } from './merge/undo-merge.tsx'

export function IdentityTab({ lead }: { lead: LeadDetail }) {
  return (
    <>
      <h2 className={classes.title}>Recognised by</h2>
      {lead.identifiers.length === 0 ? (
        <EmptyState compact title="Nothing yet">
          Without an e-mail, user id or browser no event finds this lead.
        </EmptyState>
      ) : (
        <ul className={classes.list} aria-label="Identifiers">
          {lead.identifiers.map(({ kind, value, seenAt, isEvidence }) => (
            <li key={`${kind} ${value}`} className={classes.line}>
              <span className={classes.kind}>{identifierNames[kind]}</span>
              <span className={classes.value}>
                <code>{value}</code>
                <CopyIcon value={value} label={identifierNames[kind]} />
              </span>
              {isEvidence ? null : (
                <Tooltip label="Too many leads share it, so it tells nobody apart any more.">
                  <Badge color="gray" tabIndex={0}>
                    Shared
                  </Badge>
                </Tooltip>
              )}
              <span className={classes.when}>
                <Time at={seenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <h2 className={classes.title}>Merged into this lead</h2>
      {lead.mergedLeads.length === 0 ? (
        <EmptyState compact title="No merges">
          When two leads turn out to be one person, the other one appears here and can be taken out again.
        </EmptyState>
      ) : (
        <Merges lead={lead} />
      )}
    </>
  )
}

function Merges({ lead }: { lead: LeadDetail }) {
  const mayWrite = useMay('leads.write')
  const actorName = useActorName()
  const [undoing, setUndoing] = useState<StandingMerge>()
  return (
    <>
      <ul className={classes.list} aria-label="Merged leads">
        {lead.mergedLeads.map((merge) => (
          <li key={merge.mergeId} className={classes.line}>
            <span className={classes.merged}>
              <span className={classes.label}>{merge.label}</span>
              <span className={classes.when}>
                {[words(merge.reason), actorName(merge.actor)].filter(Boolean).join(' by ')},{' '}
                <Time at={merge.mergedAt} />
              </span>
            </span>
            {mayWrite ? (
              <Button size="compact-sm" variant="default" flex="none" onClick={() => setUndoing(merge)}>
                Undo
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {undoing ? <UndoMerge lead={lead} merge={undoing} onClose={() => setUndoing(undefined)} /> : null}
    </>
  )
}
