// Above the list: search by name or message id, the status, and the lead where one is asked for.
import { TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { getLead } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { words } from '../../ui/format.ts'
import { shownStatuses } from './address.ts'
import type { EventsAddress } from './address.ts'
import classes from './event-filters.module.css'

interface EventFiltersProps {
  address: EventsAddress
  onChange: (part: Partial<EventsAddress>) => void
}

const pauseMs = 250

export function EventFilters({ address, onChange }: EventFiltersProps) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(address.q ?? '')
  const tell = useDebouncedCallback((q: string) => onChange({ q: q || undefined }), pauseMs)
  useHotkeys([['/', () => input.current?.focus()]])
  return (
    <div className={classes.root}>
      <TextInput
        ref={input}
        type="search"
        className={classes.search}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          tell(event.currentTarget.value.trim())
        }}
        leftSection={<IconSearch size={16} stroke={1.6} />}
        placeholder="Event name or message id"
        aria-label="Search messages"
        aria-keyshortcuts="/"
      />
      <div className={classes.statuses} role="group" aria-label="Status">
        {[undefined, ...shownStatuses].map((status) => (
          <UnstyledButton
            key={status ?? 'all'}
            className={classes.chip}
            aria-pressed={address.status === status}
            onClick={() => onChange({ status })}
          >
            {status === undefined ? 'All' : words(status)}
          </UnstyledButton>
        ))}
      </div>
      {address.lead ? <LeadFilter id={address.lead} onRemove={() => onChange({ lead: undefined })} /> : null}
    </div>
  )
}

function LeadFilter({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { data: lead } = useCall(getLead, { params: { id } })
  return (
    <UnstyledButton className={classes.chip} aria-pressed onClick={onRemove}>
      Of {lead?.label ?? 'one lead'}
      <IconX size={12} stroke={2} aria-label="Remove this filter" />
    </UnstyledButton>
  )
}
