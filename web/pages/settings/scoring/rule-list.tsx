// The rules of one part of the score: each as a sentence with its points, switched on or off, changed, taken out or added.
import { ActionIcon, Button, Switch, Text, Tooltip } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Dimension, ScoreRule } from '../../../../src/projections/score/contract.ts'
import { RULES_LIMIT, fitDimensions } from '../../../../src/projections/score/contract.ts'
import { sentenceOf } from '../../../ui/conditions/builder-dialog.tsx'
import type { OfferedFact } from '../../../ui/conditions/draft.ts'
import { RuleDialog } from './rule-dialog.tsx'
import classes from './scoring.module.css'
import { ruleTerms } from './words.ts'

interface RuleListProps {
  place: Dimension | 'deductions'
  rules: ScoreRule[]
  facts: readonly OfferedFact[]
  /** why rules cannot be asked here, by id */
  asleep: ReadonlyMap<string, string>
  isReadOnly: boolean
  onChange: (rules: ScoreRule[]) => void
}

export function RuleList({ place, rules, facts, asleep, isReadOnly, onChange }: RuleListProps) {
  const [edited, setEdited] = useState<number | 'new'>()
  const rule = typeof edited === 'number' ? rules[edited] : undefined
  return (
    <>
      {rules.length === 0 ? (
        <Text c="dimmed" p={16}>
          There is no rule yet, so this part is left out of the score.
        </Text>
      ) : (
        <ul className={classes.rules}>
          {rules.map((one, at) => (
            <li key={one.id} className={classes.rule} data-off={!one.isOn || undefined}>
              <Switch
                size="xs"
                checked={one.isOn}
                disabled={isReadOnly}
                aria-label={`${one.name} counts`}
                onChange={(event) => onChange(rules.with(at, { ...one, isOn: event.currentTarget.checked }))}
              />
              <div className={classes.ruleWords}>
                <Text fw={500}>{one.name}</Text>
                <Sentence name={one.name} words={sentenceOf(one.when, facts)} />
                {asleep.has(one.id) ? (
                  <Text fz="xs" fw={500}>
                    Does not count: {asleep.get(one.id)}
                  </Text>
                ) : null}
              </div>
              <Text className={classes.terms}>{ruleTerms(one)}</Text>
              {isReadOnly ? null : (
                <div className={classes.ruleActions}>
                  <Tooltip label="Change">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Change ${one.name}`}
                      onClick={() => setEdited(at)}
                    >
                      <IconPencil size={16} stroke={1.6} />
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label="Take out">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Take out ${one.name}`}
                      onClick={() => onChange(rules.toSpliced(at, 1))}
                    >
                      <IconTrash size={16} stroke={1.6} />
                    </ActionIcon>
                  </Tooltip>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {isReadOnly || rules.length >= RULES_LIMIT ? null : (
        <div className={classes.add}>
          <Button variant="default" size="xs" onClick={() => setEdited('new')}>
            Add a rule
          </Button>
        </div>
      )}
      {edited === undefined ? null : (
        <RuleDialog
          place={place}
          isFit={fitDimensions.some((dimension) => dimension === place)}
          rule={rule}
          facts={facts}
          onClose={() => setEdited(undefined)}
          onSave={(saved) => {
            onChange(typeof edited === 'number' ? rules.with(edited, saved) : [...rules, saved])
            setEdited(undefined)
          }}
        />
      )}
    </>
  )
}

// Where the name says it already, it is not said twice.
function Sentence({ name, words }: { name: string; words: string }) {
  if (words.toLowerCase() === name.toLowerCase()) return null
  return (
    <Text c="dimmed" fz="xs" lineClamp={2} title={words}>
      {words}
    </Text>
  )
}
