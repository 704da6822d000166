// Where the consents of a purpose come from, and the newest of them with their proof.
import { listConsentActs } from '../../../src/leads/consents/contract.ts'
import type { ConsentActs } from '../../../src/leads/consents/contract.ts'
import type { Purpose } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useActorName } from '../lead/actors.ts'
import { consentSource } from '../lead/purposes.ts'
import { ConsentState, Proof } from '../lead/proof.tsx'
import classes from './consent.module.css'
import { sourceWords } from './words.ts'

export function Acts({ purpose }: { purpose: Purpose }) {
  const acts = useCall(listConsentActs, { params: { purpose } }, { staleMs: 60_000 })
  return (
    <div className={classes.pair}>
      <div>
        <Section title="Where it comes from" flush>
          <Answer
            of={acts}
            compact
            isEmpty={({ sources }) => sources.length === 0}
            empty={
              <EmptyState compact title="No consent on record">
                An import, the cookie banner, a form or a member of the team brings the first.
              </EmptyState>
            }
          >
            {({ sources }) => <Sources sources={sources} />}
          </Answer>
        </Section>
      </div>
      <div>
        <Section title="Newest acts" flush>
          <Answer
            of={acts}
            compact
            isEmpty={({ newest }) => newest.length === 0}
            empty={
              <EmptyState compact title="No act is on record">
                Whatever people say is kept here with its proof.
              </EmptyState>
            }
          >
            {({ newest }) => <Newest newest={newest} />}
          </Answer>
        </Section>
      </div>
    </div>
  )
}

function Sources({ sources }: Pick<ConsentActs, 'sources'>) {
  return (
    <DataTable
      label="Where it comes from"
      rows={sources}
      rowId={({ source, via }) => `${source} ${via}`}
      columns={[
        { key: 'source', header: 'Source', cell: (row) => sourceWords(row) },
        {
          key: 'granted',
          header: 'Agreed',
          align: 'right',
          width: 88,
          cell: ({ granted }) => formatNumber(granted),
        },
        {
          key: 'denied',
          header: 'Refused',
          align: 'right',
          width: 88,
          cell: ({ denied }) => formatNumber(denied),
        },
      ]}
    />
  )
}

function Newest({ newest }: Pick<ConsentActs, 'newest'>) {
  const actorName = useActorName()
  return (
    <DataTable
      label="Newest acts"
      rows={newest}
      rowId={({ leadId }) => leadId}
      maxHeight="560px"
      columns={[
        {
          key: 'lead',
          header: 'Lead',
          minWidth: 140,
          cell: ({ leadId, label }) => <LeadLink id={leadId} label={label} />,
        },
        { key: 'state', header: 'Said', width: 96, cell: ({ state }) => <ConsentState state={state} /> },
        {
          key: 'proof',
          header: 'Proof',
          show: 'wide',
          cell: ({ proof, source, actor }) => (
            <>
              <Proof proof={proof} />
              <span className={classes.quiet}>
                From {consentSource(source)}
                {actor ? `, recorded by ${actorName(actor) ?? actor}` : ''}
              </span>
            </>
          ),
        },
        {
          key: 'when',
          header: 'When',
          width: 128,
          cell: ({ actedAt, recordedAt }) => <Time at={actedAt ?? recordedAt} />,
        },
      ]}
    />
  )
}
