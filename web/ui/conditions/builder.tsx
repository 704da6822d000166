// The builder of a condition: comparisons that read as a sentence, joined by and / or, groups within groups.
import { ActionIcon, Button, Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { operatorWords, operators } from '../../../src/conditions/contract.ts'
import type { Comparison, Leaf } from '../../../src/conditions/contract.ts'
import { suggestValues } from '../../../src/leads/contract.ts'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useCall } from '../../queries.ts'
import classes from './conditions.module.css'
import { firstOperator, valueUnder } from './draft.ts'
import type { Group, OfferedFact } from './draft.ts'
import { EventRow } from './event-row.tsx'
import { ValueEditor } from './values.tsx'

interface BuilderProps {
  group: Group
  facts: readonly OfferedFact[]
  onChange: (group: Group) => void
  /** how deep this group stands; 1 for the whole */
  depth?: number
}

/** Groups can be put within groups up to this depth; what a link holds deeper is shown all the same. */
const DEPTH_OFFERED = 4

export function ConditionBuilder({ group, facts, onChange, depth = 1 }: BuilderProps) {
  const put = (at: number, part: Leaf | Group) => onChange({ ...group, parts: group.parts.with(at, part) })
  const add = (part: Leaf | Group) => onChange({ ...group, parts: [...group.parts, part] })
  const remove = (at: number) => onChange({ ...group, parts: group.parts.toSpliced(at, 1) })
  const newFact = (): Comparison => {
    const fact = facts[0]!
    const op = firstOperator(fact.type)
    return { fact: fact.name, op, value: valueUnder(fact.type, op, undefined) }
  }
  return (
    <div className={classes.group} role="group" aria-label={depth === 1 ? 'Conditions' : 'Group'}>
      <div className={classes.line}>
        <Select
          size="xs"
          aria-label="How the conditions are joined"
          allowDeselect={false}
          w={210}
          data={[
            { value: 'and', label: 'All of these hold' },
            { value: 'or', label: 'Any of these holds' },
            { value: 'not and', label: 'Not all of these hold' },
            { value: 'not or', label: 'None of these holds' },
          ]}
          value={`${group.negated ? 'not ' : ''}${group.join}`}
          onChange={(said) =>
            onChange({
              ...group,
              join: said?.endsWith('or') ? 'or' : 'and',
              negated: said?.startsWith('not') ?? false,
            })
          }
        />
      </div>
      {group.parts.map((part, at) => (
        <div key={at} className={classes.line}>
          <span className={classes.join}>{at === 0 ? 'Where' : group.join}</span>
          {'parts' in part ? (
            <div className={`${classes.inner} ${classes.wide}`}>
              <ConditionBuilder
                group={part}
                facts={facts}
                depth={depth + 1}
                onChange={(next) => put(at, next)}
              />
            </div>
          ) : 'event' in part ? (
            <EventRow asked={part} onChange={(next) => put(at, next)} />
          ) : (
            <FactRow comparison={part} facts={facts} onChange={(next) => put(at, next)} />
          )}
          <ActionIcon
            className={classes.remove}
            variant="subtle"
            color="gray"
            aria-label={'parts' in part ? 'Remove the group' : 'Remove the condition'}
            onClick={() => remove(at)}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <div className={classes.line}>
        <Button size="compact-xs" variant="default" onClick={() => add(newFact())}>
          Add a field
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => add({ event: 'order_completed', op: 'did' })}
        >
          Add an event
        </Button>
        {depth < DEPTH_OFFERED ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() =>
              add({ join: group.join === 'and' ? 'or' : 'and', negated: false, parts: [newFact()] })
            }
          >
            Add a group
          </Button>
        ) : null}
      </div>
    </div>
  )
}

interface FactRowProps {
  comparison: Comparison
  facts: readonly OfferedFact[]
  onChange: (comparison: Comparison) => void
}

function FactRow({ comparison, facts, onChange }: FactRowProps) {
  const { fact: name, op, value } = comparison
  const fact = facts.find((one) => one.name === name) ?? { name, label: name, type: 'text' as const }
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 200)
  const isAsked = fact.choices === undefined && (fact.type === 'text' || fact.type === 'choice')
  const found = useCall(
    suggestValues,
    { query: { fact: name, search } },
    { enabled: isAsked, keepPrevious: true, staleMs: 60_000 },
  )
  const suggested = found.data?.items.map((item) => ({ value: item.value, label: item.value }))
  return (
    <>
      <Select
        size="xs"
        aria-label="Field"
        className={classes.subject}
        searchable
        allowDeselect={false}
        data={options(facts, fact)}
        value={name}
        onChange={(chosen) => {
          const next = facts.find((one) => one.name === chosen)
          if (!next) return
          const first = firstOperator(next.type)
          onChange({ fact: next.name, op: first, value: valueUnder(next.type, first, undefined) })
        }}
      />
      <Select
        size="xs"
        aria-label={`How ${fact.label} is compared`}
        className={classes.operator}
        allowDeselect={false}
        data={operators[fact.type].map((one) => ({ value: one, label: operatorWords(fact.type, one) }))}
        value={op}
        onChange={(chosen) => {
          const next = operators[fact.type].find((one) => one === chosen)
          if (next) onChange({ fact: name, op: next, value: valueUnder(fact.type, next, value) })
        }}
      />
      <ValueEditor
        type={fact.type}
        op={op}
        value={value}
        label={fact.label}
        choices={fact.choices ?? suggested}
        onSearch={setTyped}
        onChange={(next) => onChange({ ...comparison, value: next })}
      />
    </>
  )
}

// A field that is no more is still shown, so that it can be changed for another.
function options(facts: readonly OfferedFact[], shown: OfferedFact): { value: string; label: string }[] {
  const offered = facts.filter(({ isArchived, name }) => !isArchived || name === shown.name)
  const all = offered.some(({ name }) => name === shown.name) ? offered : [...offered, shown]
  return all.map(({ name, label }) => ({ value: name, label }))
}
