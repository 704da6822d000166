// The form of how far ahead risk and value look, and at what margin.
import { Button, Group as Row, NumberInput, Switch } from '@mantine/core'
import { useState } from 'react'
import { journeySettingsSchema } from '../../../../src/projections/journey/contract.ts'
import type { JourneySettings } from '../../../../src/projections/journey/contract.ts'
import { Section } from '../../../ui/section.tsx'
import classes from './journey.module.css'

interface JourneySettingsFormProps {
  settings: JourneySettings
  isReadOnly: boolean
  isBusy: boolean
  onSave: (settings: JourneySettings) => void
}

/** Where somebody sets a horizon who had none. */
const FIRST_HORIZON = 90

export function JourneySettingsForm({ settings, isReadOnly, isBusy, onSave }: JourneySettingsFormProps) {
  const [draft, setDraft] = useState(settings)
  const set = (part: Partial<JourneySettings>) => setDraft({ ...draft, ...part })
  const issues = journeySettingsSchema.safeParse(draft).error?.issues ?? []
  const problemOf = (key: keyof JourneySettings) => {
    const issue = issues.find(({ path }) => path[0] === key)
    return issue ? `This ${issue.message}.` : undefined
  }
  const isChanged = JSON.stringify(draft) !== JSON.stringify(settings)
  return (
    <Section
      title="How far ahead"
      about="A risk is the chance that nobody orders within a horizon; a value is what is expected within one."
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          onSave(draft)
        }}
      >
        <Switch
          label="Lost after twice the usual gap between orders, 90 days at least"
          checked={draft.churnHorizonDays === null}
          disabled={isReadOnly}
          onChange={(event) => set({ churnHorizonDays: event.currentTarget.checked ? null : FIRST_HORIZON })}
        />
        <div className={classes.fields}>
          {draft.churnHorizonDays === null ? null : (
            <NumberInput
              label="Lost after so long without an order"
              suffix=" days"
              readOnly={isReadOnly}
              value={draft.churnHorizonDays}
              error={problemOf('churnHorizonDays')}
              onChange={(value) => set({ churnHorizonDays: Number(value) })}
            />
          )}
          <NumberInput
            label="Value is what comes within"
            suffix=" days"
            readOnly={isReadOnly}
            value={draft.valueHorizonDays}
            error={problemOf('valueHorizonDays')}
            onChange={(value) => set({ valueHorizonDays: Number(value) })}
          />
          <NumberInput
            label="What comes in a year is worth less by"
            suffix=" %"
            readOnly={isReadOnly}
            value={Math.round(draft.yearlyDiscount * 1000) / 10}
            error={problemOf('yearlyDiscount')}
            onChange={(value) => set({ yearlyDiscount: Number(value) / 100 })}
          />
          <NumberInput
            label="Margin"
            description="100 % makes value mean revenue"
            suffix=" %"
            readOnly={isReadOnly}
            value={Math.round(draft.margin * 1000) / 10}
            error={problemOf('margin')}
            onChange={(value) => set({ margin: Number(value) / 100 })}
          />
        </div>
        {isReadOnly ? null : (
          <Row gap={8}>
            <Button type="submit" disabled={!isChanged || issues.length > 0} loading={isBusy}>
              Save
            </Button>
            {isChanged ? (
              <Button variant="subtle" color="gray" onClick={() => setDraft(settings)}>
                Discard
              </Button>
            ) : null}
          </Row>
        )}
      </form>
    </Section>
  )
}
