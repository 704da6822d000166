// What a lead is recognised by, and the leads that were merged into it, each of which can be taken out again.
import { Badge, Button, Tooltip } from '@mantine/core'
import { useState } from 'react'
import {
  getLead,
  getTimeline,
  listConsent,
  listLeads,
  listNotes,
  unmergeLeads,
} from '../../../src/leads/contract.ts'
import type { IdentifierKind, LeadDetail } from '../../../src/leads/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyIcon } from '../../ui/copy-field.tsx'
import { words } from '../../ui/format.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import classes from './identity.module.css'

const kindNames: Record<IdentifierKind, string> = {
  user_id: 'User id',
  vendor_customer_id: 'Customer id',
  email: 'E-mail',
  anonymous_id: 'Browser',
  phone: 'Phone',
}

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
              <span className={classes.kind}>{kindNames[kind]}</span>
              <span className={classes.value}>
                <code>{value}</code>
                <CopyIcon value={value} label={kindNames[kind]} />
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
  const [undoing, setUndoing] = useState<LeadDetail['mergedLeads'][number]>()
  const undo = useWrite(unmergeLeads, {
    stale: [getLead, getTimeline, listLeads, listNotes, listConsent],
    onDone: () => {
      showDone(`${undoing?.label ?? 'It'} is a lead of its own again.`)
      setUndoing(undefined)
    },
  })
  return (
    <>
      <ul className={classes.list} aria-label="Merged leads">
        {lead.mergedLeads.map((merge) => (
          <li key={merge.mergeId} className={classes.line}>
            <span className={classes.merged}>
              <span className={classes.label}>{merge.label}</span>
              <span className={classes.when}>
                {words(merge.reason)}, <Time at={merge.mergedAt} />
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
      <ConfirmDialog
        opened={undoing !== undefined}
        onClose={() => setUndoing(undefined)}
        title={`Take ${undoing?.label ?? ''} out again?`}
        action="Undo the merge"
        busy={undo.isPending}
        onConfirm={() => undoing && undo.mutate({ body: { mergeId: undoing.mergeId } })}
      >
        Both leads are again what they were, each with its own events, consent and identifiers. What happened
        since the merge stays with {lead.label}.
      </ConfirmDialog>
    </>
  )
}
