// The filter bar: a pill per comparison, the word that joins them, and the menu that adds one.
import { Button, Combobox, UnstyledButton, useCombobox } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Comparison, Condition } from '../../../src/conditions/contract.ts'
import { AddFilter, FilterBar, FilterPill } from '../../ui/filter-pill.tsx'
import { BuilderDialog, sentenceOf as sentenceInWords } from '../../ui/conditions/builder-dialog.tsx'
import { hasValue } from '../../ui/conditions/draft.ts'
import type { OfferedFact } from '../../ui/conditions/draft.ts'
import { useFacts } from './facts.ts'
import { FilterEditor } from './filter-editor.tsx'
import { asCondition, firstComparison, flatten, sentenceOf } from './filter-words.ts'
import type { FlatFilter } from './filter-words.ts'
import classes from './filters.module.css'

interface FiltersProps {
  filter: Condition | undefined
  audience: 'known' | 'anonymous' | 'all'
  onChange: (filter: Condition | undefined) => void
}

/** Pills for what one level says; groups and events read as a sentence. Both open in the builder. */
export function Filters({ filter, audience, onChange }: FiltersProps) {
  const facts = useFacts()
  const [building, setBuilding] = useState(false)
  const flat = flatten(filter)
  return (
    <>
      {flat ? (
        <Pills flat={flat} onChange={(next) => onChange(asCondition(next))} />
      ) : (
        <FilterBar>
          <FilterPill
            name="Filter"
            sentence={filter ? sentenceInWords(filter, facts) : ''}
            opened={false}
            onToggle={() => setBuilding(true)}
            onRemove={() => onChange(undefined)}
          >
            {null}
          </FilterPill>
        </FilterBar>
      )}
      <Button variant="default" size="xs" onClick={() => setBuilding(true)}>
        Build a filter
      </Button>
      {building ? (
        <BuilderDialog
          condition={filter}
          facts={facts}
          audience={audience}
          onClose={() => setBuilding(false)}
          onApply={(next) => {
            setBuilding(false)
            onChange(next)
          }}
        />
      ) : null}
    </>
  )
}

function Pills({ flat, onChange }: { flat: FlatFilter; onChange: (flat: FlatFilter) => void }) {
  const facts = useFacts()
  const [openAt, setOpenAt] = useState<number>()
  const [added, setAdded] = useState<Comparison>()
  const { join, parts } = flat
  const shown = added ? [...parts, added] : parts
  const close = () => {
    setOpenAt(undefined)
    setAdded(undefined)
  }
  const add = (fact: OfferedFact) => {
    const comparison = firstComparison(fact)
    setAdded(comparison)
    setOpenAt(parts.length)
  }
  return (
    <FilterBar>
      {shown.map((part, at) => {
        const fact = facts.find(({ name }) => name === part.fact)
        const isNew = at === parts.length
        return (
          <div key={`${at} ${part.fact}`} className={classes.part}>
            {at > 0 ? (
              <UnstyledButton
                className={classes.join}
                title={join === 'and' ? 'All must hold. Click for any.' : 'One is enough. Click for all.'}
                onClick={() => onChange({ join: join === 'and' ? 'or' : 'and', parts })}
              >
                {join}
              </UnstyledButton>
            ) : null}
            <FilterPill
              name={fact?.label ?? part.fact}
              sentence={hasValue(fact?.type ?? 'text', part.op, part.value) ? sentenceOf(part, fact) : '…'}
              opened={openAt === at}
              onToggle={(opened) => (opened ? setOpenAt(at) : close())}
              onRemove={() => {
                close()
                if (!isNew) onChange({ join, parts: parts.toSpliced(at, 1) })
              }}
            >
              <FilterEditor
                comparison={part}
                fact={fact ?? { name: part.fact, label: part.fact, type: 'text' }}
                onDone={(comparison) => {
                  close()
                  onChange({ join, parts: isNew ? [...parts, comparison] : parts.with(at, comparison) })
                }}
              />
            </FilterPill>
          </div>
        )
      })}
      <FactMenu
        facts={facts.filter(({ type, isArchived }) => type !== 'consent' && !isArchived)}
        onChoose={add}
      />
    </FilterBar>
  )
}

function FactMenu({ facts, onChoose }: { facts: OfferedFact[]; onChoose: (fact: OfferedFact) => void }) {
  const [typed, setTyped] = useState('')
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      setTyped('')
    },
    onDropdownOpen: () => {
      combobox.focusSearchInput()
      combobox.selectFirstOption()
    },
  })
  const { selectFirstOption } = combobox
  useEffect(() => {
    // Enter takes the first that fits what is typed.
    if (typed !== '') selectFirstOption()
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed])
  const fitting = facts.filter(({ label }) => label.toLowerCase().includes(typed.trim().toLowerCase()))
  return (
    <Combobox
      store={combobox}
      width={220}
      position="bottom-start"
      shadow="sm"
      radius="md"
      onOptionSubmit={(name) => {
        const fact = facts.find((one) => one.name === name)
        combobox.closeDropdown()
        if (fact) onChoose(fact)
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <AddFilter onClick={() => combobox.toggleDropdown()} />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder="Filter by"
          aria-label="Filter by"
        />
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label="Facts">
          {fitting.map(({ name, label }) => (
            <Combobox.Option key={name} value={name}>
              {label}
            </Combobox.Option>
          ))}
          {fitting.length === 0 ? <Combobox.Empty>No such field</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
