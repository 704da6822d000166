// What the report is about: the range, whom it counts, and whether it is compared; all of it stands in the address.
import { Button, NativeSelect, Popover, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { listFacets } from '../../../src/leads/contract.ts'
import { listSegments } from '../../../src/segments/contract.ts'
import { useCall } from '../../queries.ts'
import { words } from '../../ui/format.ts'
import { Filters } from '../leads/filters.tsx'
import type { AnalyticsAddress } from './address.ts'
import classes from './analytics.module.css'

interface ToolbarProps {
  address: AnalyticsAddress
  /** whom the tab counts unless told */
  audience: 'known' | 'anonymous' | 'all'
  /** whether the tab has numbers of the range before */
  compares: boolean
  onChange: (change: Partial<AnalyticsAddress>) => void
}

const rangeWords = [
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '180', label: 'Last 180 days' },
  { value: '365', label: 'Last 365 days' },
]

interface RangeControlProps extends Pick<ToolbarProps, 'address' | 'onChange'> {
  /** of the tab, where nothing is chosen */
  usual: NonNullable<AnalyticsAddress['range']>
}

export function RangeControl({ address, usual, onChange }: RangeControlProps) {
  const [opened, setOpened] = useState(false)
  const isOwn = address.from !== undefined
  return (
    <div className={classes.range}>
      <NativeSelect
        size="sm"
        aria-label="Range"
        value={isOwn ? 'own' : (address.range ?? usual)}
        onChange={(event) => {
          const { value } = event.currentTarget
          if (value === 'own') return setOpened(true)
          onChange({
            range: value === usual ? undefined : (value as AnalyticsAddress['range']),
            from: undefined,
            to: undefined,
          })
        }}
        data={[
          ...rangeWords,
          { value: 'own', label: isOwn ? `${address.from} to ${address.to}` : 'Days of my own…' },
        ]}
      />
      <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="sm" radius="md">
        <Popover.Target>
          <Button size="sm" variant="default" onClick={() => setOpened(!opened)}>
            Dates
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <OwnRange
            address={address}
            onApply={(from, to) => {
              setOpened(false)
              onChange({ from, to, range: undefined })
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}

function OwnRange({
  address,
  onApply,
}: {
  address: AnalyticsAddress
  onApply: (from: string, to: string) => void
}) {
  const [from, setFrom] = useState(address.from ?? '')
  const [to, setTo] = useState(address.to ?? '')
  const isTurned = from !== '' && to !== '' && from > to
  return (
    <form
      className={classes.own}
      onSubmit={(event) => {
        event.preventDefault()
        onApply(from, to)
      }}
    >
      <TextInput
        type="date"
        label="From"
        required
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label="To, counted in"
        required
        value={to}
        error={isTurned ? 'It ends before it begins.' : undefined}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit" disabled={from === '' || to === '' || isTurned}>
        Show these days
      </Button>
    </form>
  )
}

export function Toolbar({ address, audience, compares, onChange }: ToolbarProps) {
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const { data: segments } = useCall(listSegments, {}, { staleMs: 60_000 })
  const sources = facets?.sources ?? []
  const named = segments?.items ?? []
  return (
    <div className={classes.toolbar} role="group" aria-label="Filters">
      <NativeSelect
        size="xs"
        aria-label="Whom it counts"
        value={address.audience ?? audience}
        onChange={(event) => {
          const value = event.currentTarget.value as NonNullable<AnalyticsAddress['audience']>
          onChange({ audience: value === audience ? undefined : value })
        }}
        data={[
          { value: 'all', label: 'Everybody' },
          { value: 'known', label: 'Known leads' },
          { value: 'anonymous', label: 'Anonymous visitors' },
        ]}
      />
      {sources.length > 0 || address.source ? (
        <NativeSelect
          size="xs"
          aria-label="Source"
          value={address.source ?? ''}
          onChange={(event) => onChange({ source: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: 'Any source' },
            ...[...new Set([...sources, ...(address.source ? [address.source] : [])])].map((source) => ({
              value: source,
              label: words(source),
            })),
          ]}
        />
      ) : null}
      {named.length > 0 ? (
        <NativeSelect
          size="xs"
          aria-label="Segment"
          value={address.segment ?? ''}
          onChange={(event) => onChange({ segment: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: 'Any segment' },
            ...named.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      ) : null}
      <Filters
        filter={address.filter}
        audience={address.audience ?? audience}
        onChange={(filter) => onChange({ filter })}
      />
      {compares ? (
        <Switch
          size="xs"
          label="Compare with the days before"
          checked={address.compare !== 'none'}
          onChange={(event) => onChange({ compare: event.currentTarget.checked ? undefined : 'none' })}
        />
      ) : null}
    </div>
  )
}
