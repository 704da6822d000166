// The editor of what somebody did or did not do: the event, how often, with which properties, and when.
import { ActionIcon, Autocomplete, Button, Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import {
  instantOperators,
  operatorWords,
  operators,
  suggestEvents,
  suggestProperties,
} from '../../../src/conditions/contract.ts'
import type { EventComparison, PropertyComparison, Window } from '../../../src/conditions/contract.ts'
import { catalogue, eventLabel } from '../../../src/events/contract.ts'
import { useCall } from '../../queries.ts'
import classes from './conditions.module.css'
import { askedAs, firstOperator, valueUnder } from './draft.ts'
import { ValueEditor } from './values.tsx'

const ways = [
  { value: 'did', label: 'did' },
  { value: 'did_not', label: 'did not do' },
  { value: 'count', label: 'number of times' },
  { value: 'sum', label: 'sum of a property of' },
  { value: 'first', label: 'first time of' },
  { value: 'last', label: 'last time of' },
] as const
const numberOperators = operators.number.filter((op) => op !== 'is_set' && op !== 'is_not_set')
const whenData = instantOperators.map((op) => ({
  value: op,
  label: operatorWords('date', op).replace(/^is /, ''),
}))

interface EventRowProps {
  asked: EventComparison
  onChange: (asked: EventComparison) => void
}

export function EventRow({ asked, onChange }: EventRowProps) {
  const events = useCall(suggestEvents, {}, { staleMs: 60_000 })
  const properties = useCall(
    suggestProperties,
    { query: { event: asked.event } },
    { enabled: asked.event !== '', staleMs: 60_000 },
  )
  const offered = properties.data?.items ?? []
  const { where = [], within, test } = asked
  const known = events.data?.items ?? []
  // What nobody did yet can be asked for all the same.
  const others = catalogue.filter(
    ({ name, category }) => category !== 'record' && !known.some((one) => one.name === name),
  )
  const names = [...known, ...others].some(({ name }) => name === asked.event)
    ? [...known, ...others]
    : [...known, { name: asked.event, label: eventLabel(asked.event) }, ...others]
  const isDated = asked.op === 'first' || asked.op === 'last'
  const setWhere = (next: PropertyComparison[]) => onChange({ ...asked, where: next })
  return (
    <div className={`${classes.group} ${classes.wide}`}>
      <div className={classes.line}>
        <Select
          size="xs"
          aria-label="What is asked of the event"
          className={classes.operator}
          allowDeselect={false}
          data={[...ways]}
          value={asked.op}
          onChange={(chosen) => {
            const way = ways.find(({ value }) => value === chosen)
            if (way) onChange(askedAs(asked, way.value))
          }}
        />
        <Select
          size="xs"
          aria-label="Event"
          className={classes.subject}
          searchable
          allowDeselect={false}
          data={names.map(({ name, label }) => ({ value: name, label }))}
          value={asked.event}
          onChange={(event) => {
            if (event) onChange({ ...asked, event, where: undefined })
          }}
        />
        {asked.op === 'sum' ? (
          <Autocomplete
            size="xs"
            aria-label="Property that is summed"
            className={classes.subject}
            placeholder="Property"
            data={offered.filter(({ type }) => type === 'number').map(({ property }) => property)}
            value={asked.of ?? ''}
            onChange={(of) => onChange({ ...asked, of })}
          />
        ) : null}
        {test ? (
          <>
            <Select
              size="xs"
              aria-label="How it is compared"
              className={classes.operator}
              allowDeselect={false}
              data={
                isDated
                  ? whenData
                  : numberOperators.map((op) => ({ value: op, label: operatorWords('number', op) }))
              }
              value={test.op}
              onChange={(chosen) => {
                const op = [...numberOperators, ...instantOperators].find((one) => one === chosen)
                const value = op && valueUnder(isDated ? 'date' : 'number', op, test.value)
                if (op) onChange({ ...asked, test: { op, value } })
              }}
            />
            <ValueEditor
              type={isDated ? 'date' : 'number'}
              op={test.op}
              value={test.value}
              label="the event"
              onChange={(value) => onChange({ ...asked, test: { ...test, value } })}
            />
          </>
        ) : null}
      </div>
      {where.map((one, at) => (
        <div key={at} className={classes.line}>
          <span className={classes.join}>{at === 0 ? 'with' : 'and'}</span>
          <PropertyRow
            asked={one}
            offered={offered}
            onChange={(next) => setWhere(where.with(at, next))}
            onRemove={() => setWhere(where.toSpliced(at, 1))}
          />
        </div>
      ))}
      <div className={classes.line}>
        <WhenPicker within={within} onChange={(next) => onChange({ ...asked, within: next })} />
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() =>
            setWhere([...where, { property: '', type: 'text', op: firstOperator('text'), value: '' }])
          }
        >
          with a property
        </Button>
      </div>
    </div>
  )
}

interface PropertyRowProps {
  asked: PropertyComparison
  offered: { property: string; label: string; type: PropertyComparison['type']; values: string[] }[]
  onChange: (asked: PropertyComparison) => void
  onRemove: () => void
}

function PropertyRow({ asked, offered, onChange, onRemove }: PropertyRowProps) {
  const { property, type, op, value } = asked
  const found = offered.find((one) => one.property === property)
  const data = offered.map((one) => ({ value: one.property, label: one.label }))
  return (
    <>
      <Select
        size="xs"
        aria-label="Property"
        className={classes.subject}
        searchable
        allowDeselect={false}
        placeholder="Property"
        nothingFoundMessage="No such property in recent events"
        data={found || property === '' ? data : [...data, { value: property, label: property }]}
        value={property === '' ? null : property}
        onChange={(chosen) => {
          const next = offered.find((one) => one.property === chosen)
          if (!next) return
          const first = firstOperator(next.type)
          onChange({
            property: next.property,
            type: next.type,
            op: first,
            value: valueUnder(next.type, first, undefined),
          })
        }}
      />
      <Select
        size="xs"
        aria-label={`How ${property} is compared`}
        className={classes.operator}
        allowDeselect={false}
        data={operators[type].map((one) => ({ value: one, label: operatorWords(type, one) }))}
        value={op}
        onChange={(chosen) => {
          const next = operators[type].find((one) => one === chosen)
          if (next) onChange({ ...asked, op: next, value: valueUnder(type, next, value) })
        }}
      />
      <ValueEditor
        type={type}
        op={op}
        value={value}
        label={property}
        choices={found?.values.map((one) => ({ value: one, label: one }))}
        onChange={(next) => onChange({ ...asked, value: next })}
      />
      <ActionIcon variant="subtle" color="gray" aria-label="Remove the property" onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </>
  )
}

function WhenPicker({
  within,
  onChange,
}: {
  within: Window | undefined
  onChange: (within: Window | undefined) => void
}) {
  return (
    <>
      <Select
        size="xs"
        aria-label="When it happened"
        className={classes.operator}
        allowDeselect={false}
        data={[{ value: '', label: 'at any time' }, ...whenData]}
        value={within?.op ?? ''}
        onChange={(chosen) => {
          const op = instantOperators.find((one) => one === chosen)
          onChange(op && { op, value: valueUnder('date', op, within?.value) })
        }}
      />
      {within ? (
        <ValueEditor
          type="date"
          op={within.op}
          value={within.value}
          label="the time"
          onChange={(value) => onChange({ ...within, value })}
        />
      ) : null}
    </>
  )
}
