// What a lead agreed to: per purpose what holds and why, the history with its proof, and a form that records an act.
import { Button } from '@mantine/core'
import { useState } from 'react'
import { listConsent } from '../../../src/leads/contract.ts'
import type { LeadDetail, Purpose } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useActorName } from './actors.ts'
import classes from './consent.module.css'
import { ConsentState, Proof } from './proof.tsx'
import { RecordConsent } from './record-consent.tsx'
import { consentSource, purposeNames } from './purposes.ts'

export function ConsentTab({ lead }: { lead: LeadDetail }) {
  const mayWrite = useMay('leads.write') && lead.status !== 'binned'
  const [recording, setRecording] = useState<Purpose>()
  return (
    <>
      <ul className={classes.list} aria-label="Purposes">
        {lead.consents.map((consent) => (
          <li key={consent.purpose} className={classes.purpose}>
            <div className={classes.words}>
              <div className={classes.name}>
                {purposeNames[consent.purpose]}
                <ConsentState state={consent.state} />
              </div>
              <p className={classes.because}>
                <strong>{consent.effective === 'granted' ? 'Allowed.' : 'Not allowed.'}</strong>{' '}
                {consent.because}
                {consent.source ? ` From ${consentSource(consent.source)}` : ''}
                {consent.actedAt ? (
                  <>
                    {', '}
                    <Time at={consent.actedAt} />
                  </>
                ) : null}
                {consent.source ? '.' : ''}
              </p>
            </div>
            {mayWrite ? (
              <Button
                size="compact-sm"
                variant="default"
                flex="none"
                onClick={() => setRecording(consent.purpose)}
              >
                Record
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <h2 className={classes.title}>History</h2>
      <History leadId={lead.id} />
      {recording ? (
        <RecordConsent lead={lead} purpose={recording} onClose={() => setRecording(undefined)} />
      ) : null}
    </>
  )
}

function History({ leadId }: { leadId: string }) {
  const actorName = useActorName()
  const history = useCall(listConsent, { params: { id: leadId } })
  return (
    <Answer
      of={history}
      compact
      isEmpty={({ items }) => items.length === 0}
      empty={
        <EmptyState compact title="No act is on record">
          A choice in the cookie banner, a tick in a form, a call: whatever the person says is kept here with
          its proof.
        </EmptyState>
      }
    >
      {({ items }) => (
        <ol className={classes.list} aria-label="History of consent">
          {items.map((entry) => (
            <li key={entry.id} className={classes.entry}>
              <div className={classes.name}>
                {purposeNames[entry.purpose]}
                <ConsentState state={entry.state} />
                {entry.tookEffect ? null : (
                  <span className={classes.quiet}>kept as evidence; it changed nothing</span>
                )}
              </div>
              <p className={classes.because}>
                {entry.actedAt ? <Time at={entry.actedAt} as="full" /> : 'At an unknown time'}, from{' '}
                {consentSource(entry.source)}
                {entry.actor ? `, recorded by ${actorName(entry.actor) ?? entry.actor}` : ''}
              </p>
              <Proof proof={entry.proof} />
            </li>
          ))}
        </ol>
      )}
    </Answer>
  )
}
