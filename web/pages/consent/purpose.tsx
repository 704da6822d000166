// One purpose of consent: who would be left out today and why, what silence means, where the consents come from.
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconShieldCheck } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { getConsentPurpose } from '../../../src/leads/consents/contract.ts'
import type { ConsentGroup, ConsentPurpose } from '../../../src/leads/consents/contract.ts'
import { purposes } from '../../../src/leads/contract.ts'
import type { Purpose } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { countryName } from '../../ui/countries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { purposeNames } from '../lead/purposes.ts'
import { BulkDialog } from '../leads/bulk-dialog.tsx'
import { BulkRunning } from '../leads/bulk-running.tsx'
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
  // Somebody who just recorded for many wants to see the numbers move.
  const [isWatched, setWatched] = useState(false)
  const found = useCall(getConsentPurpose, { params: { purpose } }, { refetchMs: isWatched ? 2_000 : 15_000 })
  const mayWrite = useMay('leads.write')
  const groups = found.data ? groupsOf(found.data) : []
  const [recording, setRecording] = useState<ConsentGroup>()
  return (
    <>
      <PageHeader
        title={purposeNames[purpose]}
        about={purposeWords[purpose].about}
        actions={
          mayWrite && groups.length > 0 ? <RecordMenu groups={groups} onRecord={setRecording} /> : undefined
        }
      />
      <PurposeTabs />
      <BulkRunning />
      <Answer of={found}>
        {(counts) => (
          <>
            <Section title={purposeWords[purpose].today} flush>
              <Today counts={counts} />
              {counts.isPartial ? <PartialNote /> : null}
            </Section>
            <Section title="What they said" about="Each lead once, whatever it comes to today." flush>
              <Said counts={counts} />
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
            setWatched(true)
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

interface Group extends ConsentGroup {
  label: string
}

/** Whom an act may be recorded for at once. */
function groupsOf(counts: ConsentPurpose): Group[] {
  const silent = counts.reasons.find(({ reason }) => reason === 'unknown')
  return [
    { label: 'Everybody who agreed', ...counts.granted },
    { label: 'Everybody who refused', ...counts.denied },
    { label: 'Everybody who never said', ...counts.unknown },
    ...(silent && silent.count !== counts.unknown.count
      ? [{ label: 'Who never said and would be reached', count: silent.count, filter: silent.filter }]
      : []),
  ].filter((group) => group.count > 0)
}

function RecordMenu({ groups, onRecord }: { groups: Group[]; onRecord: (group: Group) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          Record for many
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((group) => (
          <Menu.Item key={group.label} onClick={() => onRecord(group)}>
            {group.label} ({formatNumber(group.count)})
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Said({ counts }: { counts: ConsentPurpose }) {
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
