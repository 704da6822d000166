// The columns of the lead list, and which of them this browser shows.
import { Checkbox, Menu, Tooltip, ActionIcon } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconColumns3 } from '@tabler/icons-react'
import type { Lead } from '../../../src/leads/contract.ts'
import { listFacets } from '../../../src/leads/contract.ts'
import { BIN_DAYS } from '../../../src/leads/erase/contract.ts'
import { useCall } from '../../queries.ts'
import { ChannelBadge } from '../../ui/channel-badge.tsx'
import { countryName } from '../../ui/countries.ts'
import type { Column } from '../../ui/data-table.tsx'
import { formatNumber, words } from '../../ui/format.ts'
import { ScoreCell, TemperatureBadge } from '../../ui/score.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './columns.module.css'
import { useOwners } from './facts.ts'
import { LeadName } from './lead-name.tsx'

export interface LeadColumn extends Column<Lead> {
  width: number
}

/** Shown until this browser chooses others. */
const usual = [
  'score',
  'temperature',
  'company',
  'country',
  'tags',
  'firstChannel',
  'lastSeenAt',
  'eventCount',
  'createdAt',
]

export function useLeadColumns() {
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const owners = useOwners()
  const [chosen, setChosen] = useLocalStorage({
    key: 'throughline-lead-columns',
    defaultValue: usual,
    getInitialValueInEffect: false,
  })
  const ownerName = (id: string | null) => owners.find(({ value }) => value === id)?.label
  const offered: LeadColumn[] = [
    ...standing,
    { key: 'ownerId', header: 'Owner', width: 144, cell: (lead) => <Cut text={ownerName(lead.ownerId)} /> },
    ...(facets?.customFields ?? []).map(customColumn),
    // Out of the choices, but a view may have it.
    ...(facets?.archivedFields ?? []).map(customColumn).filter(({ key }) => chosen.includes(key)),
  ]
  return {
    offered,
    shown: [nameColumn, ...offered.filter(({ key }) => chosen.includes(key))],
    /** keys of the chosen columns */
    chosen,
    choose: (keys: string[]) => setChosen(keys),
    isShown: (key: string) => chosen.includes(key),
    toggle: (key: string) =>
      setChosen(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]),
    reset: () => setChosen(usual),
  }
}

export function ColumnMenu({ columns }: { columns: ReturnType<typeof useLeadColumns> }) {
  return (
    <Menu position="bottom-end" closeOnItemClick={false} width={220}>
      <Menu.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={32} aria-label="Columns">
            <IconColumns3 size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {columns.offered.map(({ key, header }) => (
          <Menu.Item
            key={key}
            role="menuitemcheckbox"
            aria-checked={columns.isShown(key)}
            onClick={() => columns.toggle(key)}
            leftSection={
              <Checkbox.Indicator size="xs" checked={columns.isShown(key)} aria-hidden component="span" />
            }
          >
            {header}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={columns.reset}>The usual columns</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Name with the address under it; the one column that always stands. */
export const nameColumn: LeadColumn = {
  key: 'name',
  header: 'Name',
  width: 248,
  sort: 'name',
  cell: (lead) => <LeadName lead={lead} />,
}

export const lastSeenColumn: LeadColumn = {
  key: 'lastSeenAt',
  header: 'Last seen',
  width: 112,
  sort: 'lastSeenAt',
  cell: (lead) => <Time at={lead.lastSeenAt} />,
}

/** When a lead in the bin is gone for good. */
export const purgeColumn: LeadColumn = {
  key: 'binnedAt',
  header: 'Gone for good',
  width: 136,
  cell: (lead) =>
    lead.binnedAt ? (
      <Time at={new Date(Date.parse(lead.binnedAt) + BIN_DAYS * 86_400_000).toISOString()} />
    ) : null,
}

const standing: LeadColumn[] = [
  {
    key: 'score',
    header: 'Score',
    width: 88,
    align: 'right',
    sort: 'score',
    cell: (lead) => <ScoreCell standing={lead.standing} />,
  },
  {
    key: 'grade',
    header: 'Grade',
    width: 72,
    cell: (lead) => <Cut text={lead.standing?.grade} />,
  },
  {
    key: 'temperature',
    header: 'Temperature',
    width: 124,
    cell: (lead) => <TemperatureBadge temperature={lead.standing?.temperature} />,
  },
  {
    key: 'predicted',
    header: 'Chance to convert',
    width: 136,
    align: 'right',
    sort: 'predictedScore',
    cell: (lead) => <Cut text={chanceText(lead.standing?.predicted)} />,
  },
  {
    key: 'email',
    header: 'E-mail',
    width: 224,
    sort: 'email',
    cell: (lead) => <Cut text={lead.email} />,
  },
  { key: 'phone', header: 'Phone', width: 144, cell: (lead) => <Cut text={lead.phone} /> },
  { key: 'company', header: 'Company', width: 152, cell: (lead) => <Cut text={lead.company} /> },
  { key: 'jobTitle', header: 'Job title', width: 160, cell: (lead) => <Cut text={lead.jobTitle} /> },
  { key: 'city', header: 'City', width: 128, cell: (lead) => <Cut text={lead.city} /> },
  {
    key: 'country',
    header: 'Country',
    width: 120,
    cell: (lead) => <Cut text={lead.country && countryName(lead.country)} />,
  },
  { key: 'tags', header: 'Tags', width: 144, cell: (lead) => <Tags tags={lead.tags} /> },
  {
    key: 'firstChannel',
    header: 'First channel',
    width: 144,
    cell: (lead) => <ChannelBadge channel={lead.firstChannel ?? ''} />,
  },
  {
    key: 'lastChannel',
    header: 'Last channel',
    width: 152,
    cell: (lead) => <ChannelBadge channel={lead.lastChannel ?? ''} />,
  },
  { key: 'source', header: 'Source', width: 112, cell: (lead) => <Cut text={words(lead.source)} /> },
  lastSeenColumn,
  {
    key: 'eventCount',
    header: 'Events',
    width: 80,
    align: 'right',
    sort: 'eventCount',
    cell: (lead) => formatNumber(lead.eventCount),
  },
  {
    key: 'sessionCount',
    header: 'Sessions',
    width: 88,
    align: 'right',
    cell: (lead) => formatNumber(lead.sessionCount),
  },
  {
    key: 'createdAt',
    header: 'Created',
    width: 104,
    sort: 'createdAt',
    cell: (lead) => <Time at={lead.createdAt} />,
  },
]

function customColumn({ key, label, type }: { key: string; label: string; type: string }): LeadColumn {
  return {
    key: `fields.${key}`,
    header: label,
    width: 144,
    align: type === 'number' ? 'right' : undefined,
    cell: (lead) => <Cut text={customText(lead.fields[key])} />,
  }
}

function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return <Cut text={null} />
  return (
    <span className={classes.tags} title={tags.join(', ')}>
      {tags.slice(0, 2).map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
      {tags.length > 2 ? <span className={classes.more}>+{tags.length - 2}</span> : null}
    </span>
  )
}

function Cut({ text }: { text: string | null | undefined }) {
  if (!text) return <span className={classes.none}>–</span>
  return (
    <span className={classes.cut} title={text}>
      {text}
    </span>
  )
}

function chanceText(percent: number | null | undefined): string | null {
  return percent === null || percent === undefined ? null : `${percent.toFixed(percent < 10 ? 1 : 0)} %`
}

function customText(value: unknown): string | null {
  if (typeof value === 'number') return formatNumber(value)
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'string' ? value : null
}
