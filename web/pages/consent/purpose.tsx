// One purpose of consent: who would be left out today and why, what silence means, where the consents come from.
import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { getConsentPurpose } from '../../../src/leads/consents/contract.ts'
import type { ConsentGroup, ConsentPurpose } from '../../../src/leads/consents/contract.ts'
import { purposes } from '../../../src/leads/contract.ts'
import type { Purpose } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { countryName } from '../../ui/countries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { purposeNames } from '../lead/purposes.ts'
import { BulkDialog } from '../leads/bulk-dialog.tsx'
import { Acts } from './acts.tsx'
import { PartialNote } from './consent.tsx'
import { CountLink } from './count-link.tsx'
import classes from './consent.module.css'
import { Today } from './today.tsx'
import { purposeWords } from './words.ts'

export function PurposePage() {
  const { purpose: named } = useParams({ from: '/w/$workspace/consent/$purpose' })
  const purpose = purposes.find((one) => one === named)
  if (purpose === undefined) {
    return (
      <>
        <PageHeader title="Consent" />
        <PurposeTabs />
        <EmptyState icon={IconShieldCheck} title="There is no such purpose">
          Choose one of those above.
        </EmptyState>
      </>
    )
  }
  return <Purpose key={purpose} purpose={purpose} />
}

function Purpose({ purpose }: { purpose: Purpose }) {
  const found = useCall(getConsentPurpose, { params: { purpose } }, { refetchMs: 15_000 })
  const mayWrite = useMay('leads.write')
  const [recording, setRecording] = useState<ConsentGroup>()
  return (
    <>
      <PageHeader title={purposeNames[purpose]} about={purposeWords[purpose].about} />
      <PurposeTabs />
      <Answer of={found}>
        {(counts) => (
          <>
            <Section title={purposeWords[purpose].today} flush>
              <Today counts={counts} onRecord={mayWrite ? setRecording : undefined} />
              {counts.isPartial ? <PartialNote /> : null}
            </Section>
            <Section title="What they said" about="Each lead once, whatever it comes to today." flush>
              <Said counts={counts} onRecord={mayWrite ? setRecording : undefined} />
            </Section>
            {counts.silence.length > 0 ? <Silence counts={counts} /> : null}
          </>
        )}
      </Answer>
      <Acts purpose={purpose} />
      {recording ? (
        <BulkDialog
          kind="consent"
          purpose={purpose}
          selection={{ filter: recording.filter, audience: 'all' }}
          onClose={() => setRecording(undefined)}
          onBegun={() => {
            setRecording(undefined)
            void found.refetch()
          }}
        />
      ) : null}
    </>
  )
}

function PurposeTabs() {
  const { slug } = useWorkspace()
  return (
    <nav className={classes.nav} aria-label="Purposes">
      <Link
        to="/w/$workspace/consent"
        params={{ workspace: slug }}
        className={classes.tab}
        activeOptions={{ exact: true }}
      >
        All purposes
      </Link>
      {purposes.map((purpose) => (
        <Link
          key={purpose}
          to="/w/$workspace/consent/$purpose"
          params={{ workspace: slug, purpose }}
          className={classes.tab}
        >
          {purposeNames[purpose]}
        </Link>
      ))}
    </nav>
  )
}

interface CountsProps {
  counts: ConsentPurpose
  /** opens the form that records a consent for a group; undefined for who may not */
  onRecord?: ((group: ConsentGroup) => void) | undefined
}

function Said({ counts, onRecord }: CountsProps) {
  const rows = [
    { key: 'granted' as const, label: 'Agreed' },
    { key: 'denied' as const, label: 'Refused' },
    { key: 'unknown' as const, label: 'Never said' },
  ]
  return (
    <DataTable
      label="What they said"
      rows={rows}
      rowId={({ key }) => key}
      columns={[
        { key: 'said', header: 'Said', cell: ({ label }) => label },
        {
          key: 'leads',
          header: 'Leads',
          align: 'right',
          width: 120,
          cell: ({ key, label }) => <CountLink group={counts[key]} of={label} />,
        },
      ]}
      rowActions={
        onRecord
          ? ({ key }) =>
              counts[key].count > 0 ? (
                <Button size="compact-xs" variant="default" onClick={() => onRecord(counts[key])}>
                  Record a consent
                </Button>
              ) : null
          : undefined
      }
    />
  )
}

/** Countries shown before the rest is asked for. */
const FEW = 8

function Silence({ counts }: { counts: ConsentPurpose }) {
  const { slug } = useWorkspace()
  const [isWhole, setWhole] = useState(false)
  const rows = isWhole ? counts.silence : counts.silence.slice(0, FEW)
  return (
    <Section
      title="Where nothing was said"
      about={
        <>
          What silence means depends on the country.{' '}
          <TextLink to="/w/$workspace/settings" params={{ workspace: slug }}>
            Change it in the settings
          </TextLink>
        </>
      }
      flush
    >
      <DataTable
        label="Where nothing was said"
        rows={rows}
        rowId={({ country }) => country ?? 'none'}
        columns={[
          {
            key: 'country',
            header: 'Country',
            cell: ({ country }) => (country === null ? 'Not known' : countryName(country)),
          },
          {
            key: 'effective',
            header: 'Counts as',
            width: 120,
            cell: ({ effective }) => (effective === 'granted' ? 'A yes' : 'A no'),
          },
          {
            key: 'because',
            header: 'Because',
            show: 'wide',
            cell: ({ because }) => <span className={classes.quiet}>{because}</span>,
          },
          {
            key: 'leads',
            header: 'Leads',
            align: 'right',
            width: 120,
            cell: (row) => (
              <CountLink
                group={row}
                of={`never said, ${row.country === null ? 'country not known' : countryName(row.country)}`}
              />
            ),
          },
        ]}
        footer={
          counts.silence.length > FEW ? (
            <Button size="compact-sm" variant="subtle" onClick={() => setWhole(!isWhole)}>
              {isWhole ? 'Show fewer' : `Show all ${counts.silence.length} countries`}
            </Button>
          ) : undefined
        }
      />
    </Section>
  )
}
