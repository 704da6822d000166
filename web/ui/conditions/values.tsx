// The editor of a value, by what its operator wants: a text, several, a number, a day, a span of time.
import { Autocomplete, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { spanUnits, valueShape } from '../../../src/conditions/contract.ts'
import type { FactType, Operator, Value } from '../../../src/conditions/contract.ts'
import classes from './conditions.module.css'

interface ValueEditorProps {
  type: FactType
  op: Operator
  value: Value | undefined
  /** what is compared, for who cannot see it */
  label: string
  /** values in use */
  choices?: { value: string; label: string }[]
  onSearch?: (typed: string) => void
  onChange: (value: Value) => void
}

export function ValueEditor({ type, op, value, label, choices = [], onSearch, onChange }: ValueEditorProps) {
  const shared = { size: 'xs', 'aria-label': `Value of ${label}` } as const
  switch (valueShape(type, op)) {
    case 'none':
      return null
    case 'texts': {
      const labels = new Map(choices.map((choice) => [choice.value, choice.label]))
      const values = new Map(choices.map((choice) => [choice.label, choice.value]))
      const list = Array.isArray(value) ? value.map(String) : []
      return (
        <TagsInput
          {...shared}
          className={classes.wide}
          data={[...new Set(choices.map((choice) => choice.label))]}
          value={list.map((one) => labels.get(one) ?? one)}
          placeholder={list.length === 0 ? 'Choose or type' : undefined}
          acceptValueOnBlur
          onSearchChange={onSearch}
          onChange={(next) => onChange(next.map((one) => values.get(one) ?? one))}
        />
      )
    }
    case 'text':
      return (
        <Autocomplete
          {...shared}
          className={classes.wide}
          data={[...new Set(choices.map((choice) => choice.value))]}
          value={typeof value === 'string' ? value : ''}
          onChange={(next) => {
            onSearch?.(next)
            onChange(next)
          }}
        />
      )
    case 'number':
      return <Numeral {...shared} value={value} onChange={onChange} />
    case 'numbers': {
      const [low, high] = Array.isArray(value) ? value : []
      return (
        <>
          <Numeral {...shared} value={low} onChange={(next) => onChange([next, Number(high ?? next)])} />
          <span>and</span>
          <Numeral
            {...shared}
            aria-label={`Upper value of ${label}`}
            value={high}
            onChange={(next) => onChange([Number(low ?? next), next])}
          />
        </>
      )
    }
    case 'day':
      return <Day {...shared} value={value} onChange={onChange} />
    case 'days': {
      const [first = '', last = ''] = Array.isArray(value) ? value.map(String) : []
      return (
        <>
          <Day {...shared} value={first} onChange={(next) => onChange([next, last])} />
          <span>and</span>
          <Day
            {...shared}
            aria-label={`Last day of ${label}`}
            value={last}
            onChange={(next) => onChange([first, next])}
          />
        </>
      )
    }
    case 'span':
    case 'future_span': {
      const span =
        typeof value === 'object' && !Array.isArray(value) ? value : { count: 30, unit: 'days' as const }
      const units =
        valueShape(type, op) === 'span' ? [...spanUnits] : spanUnits.filter((unit) => unit !== 'hours')
      return (
        <>
          <NumberInput
            {...shared}
            className={classes.narrow}
            min={1}
            max={1_200}
            allowDecimal={false}
            value={span.count}
            onChange={(next) => onChange({ ...span, count: typeof next === 'number' ? next : 1 })}
          />
          <Select
            size="xs"
            aria-label={`Unit of ${label}`}
            className={classes.unit}
            allowDeselect={false}
            data={units}
            value={span.unit}
            onChange={(unit) => onChange({ ...span, unit: units.find((one) => one === unit) ?? 'days' })}
          />
        </>
      )
    }
  }
}

interface PartProps<Given> {
  size: 'xs'
  'aria-label': string
  value: Value | undefined
  onChange: (value: Given) => void
}

function Numeral({ value, onChange, ...shared }: PartProps<number>) {
  return (
    <NumberInput
      {...shared}
      className={classes.narrow}
      value={typeof value === 'number' ? value : ''}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next)
      }}
    />
  )
}

function Day({ value, onChange, ...shared }: PartProps<string>) {
  return (
    <TextInput
      {...shared}
      type="date"
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
