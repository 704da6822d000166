// Narrows the audit log: by who, by what, and by days.
import { Button, Select, TextInput } from '@mantine/core'
import { listAuditChoices } from '../../../src/accounts/contract.ts'
import { useCall } from '../../queries.ts'
import { words } from '../../ui/format.ts'
import type { AuditAddress } from './audit-address.ts'
import classes from './audit-filter.module.css'

interface AuditFilterProps {
  filter: AuditAddress
  onChange: (filter: AuditAddress) => void
}

export function AuditFilter({ filter, onChange }: AuditFilterProps) {
  const choices = useCall(listAuditChoices, {})
  const change = (part: AuditAddress) => onChange(given({ ...filter, ...part }))
  const actors = choices.data?.actors.map(({ actor, label }) => ({ value: actor, label })) ?? []
  const actions = choices.data?.actions.map((action) => ({ value: action, label: words(action) })) ?? []
  return (
    <div className={classes.root} role="group" aria-label="Filter">
      <Select
        aria-label="Who"
        placeholder="Anybody"
        searchable
        clearable
        data={actors}
        value={filter.actor ?? null}
        onChange={(actor) => change({ actor: actor ?? undefined })}
      />
      <Select
        aria-label="What"
        placeholder="Anything"
        searchable
        clearable
        data={actions}
        value={filter.action ?? null}
        onChange={(action) => change({ action: action ?? undefined })}
      />
      <div className={classes.span}>
        <TextInput
          type="date"
          aria-label="From"
          max={filter.to}
          value={filter.from ?? ''}
          onChange={(event) => change({ from: event.currentTarget.value || undefined })}
        />
        <span className={classes.until}>to</span>
        <TextInput
          type="date"
          aria-label="To"
          min={filter.from}
          value={filter.to ?? ''}
          onChange={(event) => change({ to: event.currentTarget.value || undefined })}
        />
      </div>
      {Object.keys(filter).length > 0 ? (
        <Button variant="subtle" onClick={() => onChange({})}>
          Clear
        </Button>
      ) : null}
    </div>
  )
}

function given(filter: AuditAddress): AuditAddress {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}
