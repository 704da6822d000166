// The form of the settings: conversions, touches, and how models share.
import {
  Button,
  Checkbox,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { channels } from '../../../../src/events/contract.ts'
import {
  goalKey,
  modelLabels,
  shownModels,
  touchTypeLabels,
  touchTypes,
} from '../../../../src/projections/attribution/contract.ts'
import type {
  AttributionSettings,
  Goal,
  ShownModel,
  TouchType,
} from '../../../../src/projections/attribution/contract.ts'
import { goalName } from '../../../ui/goal-name.ts'
import { Section } from '../../../ui/section.tsx'
import classes from './attribution.module.css'

interface SettingsFormProps {
  settings: AttributionSettings
  isReadOnly: boolean
  onChange: (settings: AttributionSettings) => void
}

const kinds = ['order', 'lead', 'opportunity', 'customer'] as const

export function SettingsForm({ settings, isReadOnly, onChange }: SettingsFormProps) {
  const set = (change: Partial<AttributionSettings>) => onChange({ ...settings, ...change })
  const events = settings.goals.flatMap((goal) => (goal.kind === 'event' ? [goal.event] : []))
  const goalsOf = (chosen: readonly string[], named: readonly string[]): Goal[] => [
    ...kinds
      .filter((kind) => chosen.includes(kind))
      .map(
        (kind) =>
          settings.goals.find((goal) => goal.kind === kind) ?? {
            kind,
            counts: kind === 'lead' ? ('count' as const) : ('value' as const),
          },
      ),
    ...named.map(
      (event) =>
        settings.goals.find((goal) => goal.kind === 'event' && goal.event === event) ?? {
          kind: 'event' as const,
          event,
          counts: 'count' as const,
        },
    ),
  ]
  const plain = settings.goals.flatMap(({ kind }) => (kind === 'event' ? [] : [kind]))
  return (
    <>
      <Section
        title="Conversions"
        about="What credit is given for. The first is what reports show unless told."
      >
        <div className={classes.fields}>
          <MultiSelect
            label="Count"
            readOnly={isReadOnly}
            value={plain}
            onChange={(chosen) => set({ goals: goalsOf(chosen, events) })}
            data={kinds.map((kind) => ({ value: kind, label: goalName(kind) }))}
          />
          <TagsInput
            label="And these events"
            description="By name, as demo_requested"
            readOnly={isReadOnly}
            value={events}
            onChange={(named) => set({ goals: goalsOf(plain, named) })}
          />
          <Stack gap={8}>
            {settings.goals
              .filter(({ kind }) => kind !== 'lead')
              .map((goal) => (
                <Checkbox
                  key={goalKey(goal)}
                  label={`${goalName(goalKey(goal))}: share what they are worth, too`}
                  disabled={isReadOnly}
                  checked={goal.counts === 'value'}
                  onChange={(event) => {
                    const counts = event.currentTarget.checked ? ('value' as const) : ('count' as const)
                    set({ goals: settings.goals.map((one) => (one === goal ? { ...one, counts } : one)) })
                  }}
                />
              ))}
          </Stack>
        </div>
      </Section>
      <Section
        title="Touches"
        about="What people did before. What machines did, and what was only sent, is no touch."
      >
        <div className={classes.fields}>
          <MultiSelect
            label="Count as touches"
            readOnly={isReadOnly}
            value={settings.touchTypes}
            onChange={(chosen) => set({ touchTypes: chosen as TouchType[] })}
            data={touchTypes.map((type) => ({ value: type, label: touchTypeLabels[type] }))}
          />
          <NativeSelect
            label="Look back"
            disabled={isReadOnly}
            value={`${settings.lookbackDays ?? 'any'}`}
            onChange={(event) => {
              const { value } = event.currentTarget
              set({ lookbackDays: value === 'any' ? null : Number(value) })
            }}
            data={[
              ...[...new Set([7, 14, 30, 60, 90, 180, 365, settings.lookbackDays ?? 30])]
                .sort((a, b) => a - b)
                .map((days) => ({ value: `${days}`, label: `${days} days` })),
              { value: 'any', label: 'Any time' },
            ]}
          />
          <NativeSelect
            label="Ads that were seen, not clicked"
            disabled={isReadOnly}
            value={`${settings.viewDays ?? 'none'}`}
            onChange={(event) => {
              const { value } = event.currentTarget
              set({ viewDays: value === 'none' ? null : Number(value) })
            }}
            data={[
              { value: 'none', label: 'Do not count' },
              ...[...new Set([1, 3, 7, 14, 30, settings.viewDays ?? 1])]
                .sort((a, b) => a - b)
                .map((days) => ({
                  value: `${days}`,
                  label: days === 1 ? 'Within a day' : `Within ${days} days`,
                })),
            ]}
          />
          <NativeSelect
            label="After a conversion"
            disabled={isReadOnly}
            value={settings.repeat}
            onChange={(event) => set({ repeat: event.currentTarget.value === 'reuse' ? 'reuse' : 'restart' })}
            data={[
              { value: 'restart', label: 'The next begins anew' },
              { value: 'reuse', label: 'The next may use the same touches' },
            ]}
          />
          <NativeSelect
            label="Direct visits"
            disabled={isReadOnly}
            value={settings.direct}
            onChange={(event) => set({ direct: event.currentTarget.value === 'ignore' ? 'ignore' : 'keep' })}
            data={[
              { value: 'keep', label: 'Count like others' },
              { value: 'ignore', label: 'Count only where there is nothing else' },
            ]}
          />
          <Checkbox
            label="Touches of one channel within half an hour are one"
            disabled={isReadOnly}
            checked={settings.sessionMinutes !== null}
            onChange={(event) => set({ sessionMinutes: event.currentTarget.checked ? 30 : null })}
          />
        </div>
        <Stack gap={8} mt={16}>
          {settings.groups.map((group, place) => (
            <div key={place} className={classes.fields}>
              <TextInput
                label="Channels that count as one: name"
                readOnly={isReadOnly}
                value={group.name}
                onChange={(event) => {
                  const name = event.currentTarget.value
                  set({ groups: settings.groups.map((one, i) => (i === place ? { ...one, name } : one)) })
                }}
              />
              <MultiSelect
                label="Channels"
                readOnly={isReadOnly}
                value={group.channels}
                onChange={(chosen) =>
                  set({
                    groups:
                      chosen.length === 0
                        ? settings.groups.filter((_, i) => i !== place)
                        : settings.groups.map((one, i) => (i === place ? { ...one, channels: chosen } : one)),
                  })
                }
                data={[...new Set([...channels, ...group.channels])]}
              />
            </div>
          ))}
          {isReadOnly ? null : (
            <div>
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  set({
                    groups: [
                      ...settings.groups,
                      { name: 'Search', channels: ['Paid Search', 'Organic Search'] },
                    ],
                  })
                }
              >
                Group channels
              </Button>
            </div>
          )}
        </Stack>
      </Section>
      <Section title="Models" about="Stand side by side in reports; the first is shown where only one is.">
        <div className={classes.fields}>
          <MultiSelect
            label="Show"
            readOnly={isReadOnly}
            value={settings.models}
            onChange={(chosen) => set({ models: chosen as ShownModel[] })}
            data={shownModels.map((model) => ({ value: model, label: modelLabels[model] }))}
          />
          <NumberInput
            label="Time decay: days that halve a touch"
            disabled={isReadOnly}
            min={0.5}
            max={365}
            value={settings.halfLifeDays}
            onChange={(value) => set({ halfLifeDays: Number(value) })}
          />
          <NumberInput
            label="Margin, percent of revenue"
            description="For the return on spend; 100 counts revenue itself"
            disabled={isReadOnly}
            min={1}
            max={100}
            value={Math.round(settings.margin * 1000) / 10}
            onChange={(value) => set({ margin: Number(value) / 100 })}
          />
          <Weights
            label="Own weights"
            names={{ first: 'First', middle: 'Between', last: 'Last' }}
            weights={settings.positionWeights}
            isReadOnly={isReadOnly}
            onChange={(positionWeights) => set({ positionWeights })}
          />
          <Weights
            label="W-shaped"
            names={{ first: 'First', lead: 'Lead', opportunity: 'Opportunity', rest: 'Others' }}
            weights={settings.wWeights}
            isReadOnly={isReadOnly}
            onChange={(wWeights) => set({ wWeights })}
          />
        </div>
      </Section>
    </>
  )
}

function Weights<W extends Record<string, number>>({
  label,
  names,
  weights,
  isReadOnly,
  onChange,
}: {
  label: string
  names: Record<keyof W & string, string>
  weights: W
  isReadOnly: boolean
  onChange: (weights: W) => void
}) {
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend>{label}: shares in percent</legend>
      <div style={{ display: 'flex', gap: 8 }}>
        {Object.entries(weights).map(([key, weight]) => (
          <NumberInput
            key={key}
            size="xs"
            label={names[key]}
            aria-label={`${label}: ${names[key] ?? key}`}
            disabled={isReadOnly}
            hideControls
            min={0}
            max={100}
            value={Math.round(weight * 1000) / 10}
            onChange={(value) => onChange({ ...weights, [key]: Number(value) / 100 })}
          />
        ))}
      </div>
    </fieldset>
  )
}
