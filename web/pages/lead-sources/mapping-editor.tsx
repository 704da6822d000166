// How the answers of a form fill a lead: one row a question, boxes and what they allow, values that always hold, and the lead that would come of it.
import { ActionIcon, Autocomplete, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import {
  fillable,
  getLeadMapping,
  listLeadForms,
  resetLeadMapping,
  setLeadMapping,
} from '../../../src/lead-sources/contract.ts'
import type { LeadMapping, MappingReply } from '../../../src/lead-sources/contract.ts'
import { purposes } from '../../../src/leads/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { Answer } from '../../ui/states.tsx'
import { useMay } from '../../workspace.ts'
import classes from './lead-sources.module.css'
import { MappedLeadPreview } from './mapped-lead.tsx'
import { purposeWords, targetWords } from './words.ts'

interface EditorProps {
  connectionId: string
  /** empty for all forms that have none of their own */
  formId: string
  onDone: () => void
}

export function MappingEditor(props: EditorProps) {
  const { connectionId, formId } = props
  const found = useCall(getLeadMapping, { params: { connectionId }, query: { formId } }, { staleMs: 0 })
  return <Answer of={found}>{(known) => <Editor {...props} known={known} />}</Answer>
}

const NOTHING = 'nothing'

function Editor({ connectionId, formId, known, onDone }: EditorProps & { known: MappingReply }) {
  const mayWrite = useMay('settings.write')
  const [mapping, setMapping] = useState<LeadMapping>(known.mapping)
  const at = { params: { connectionId }, query: { formId } }
  const stale = [getLeadMapping, listLeadForms]
  const save = useWrite(setLeadMapping, {
    stale,
    onDone: () => {
      showDone('Saved. It holds for leads that come from now on.')
      onDone()
    },
  })
  const reset = useWrite(resetLeadMapping, {
    stale,
    onDone: () => {
      showDone('The defaults hold again.')
      onDone()
    },
  })
  const label = (key: string) => known.questions.find((one) => one.key === key)?.label ?? key
  const targets = [
    { value: NOTHING, label: 'Nothing' },
    ...[...fillable, ...customOf(known.mapping)].map((value) => ({ value, label: targetWords(value) })),
  ]
  const setAnswer = (key: string, change: Partial<LeadMapping['answers'][number]>) =>
    setMapping((before) => ({
      ...before,
      answers: before.answers.map((one) => (one.key === key ? { ...one, ...change } : one)),
    }))
  const setAlways = (place: number, change: Partial<LeadMapping['always'][number]>) =>
    setMapping((before) => ({
      ...before,
      always: before.always.map((one, nth) => (nth === place ? { ...one, ...change } : one)),
    }))
  const whole = { ...mapping, always: mapping.always.filter(({ fills, value }) => fills && value.trim()) }
  return (
    <Stack gap={24}>
      <div>
        <Title order={3}>Answers</Title>
        <Text fz="xs" c="dimmed" mb={8}>
          What each answer fills, and what stands there where nothing was answered.
        </Text>
        <div className={classes.rows}>
          {mapping.answers.map(({ key, fills, fallback }) => (
            <div key={key} className={classes.row}>
              <Text className={classes.words} pb={6}>
                {label(key)}
              </Text>
              <Select
                aria-label={`${label(key)} fills`}
                searchable
                allowDeselect={false}
                disabled={!mayWrite}
                value={fills ?? NOTHING}
                data={targets}
                onChange={(value) => setAnswer(key, { fills: value === NOTHING ? null : value })}
              />
              <TextInput
                aria-label={`${label(key)} where it is empty`}
                placeholder="Where empty"
                readOnly={!mayWrite}
                value={fallback}
                onChange={(event) => setAnswer(key, { fallback: event.currentTarget.value })}
              />
            </div>
          ))}
        </div>
      </div>
      {mapping.consents.length > 0 ? (
        <div>
          <Title order={3}>Boxes to tick</Title>
          <Text fz="xs" c="dimmed" mb={8}>
            What ticking one allows, kept with its words as the proof. A box left empty says nothing.
          </Text>
          <div className={classes.rows}>
            {mapping.consents.map(({ key, purpose }) => (
              <Select
                key={key}
                label={known.consents.find((one) => one.key === key)?.words || key}
                disabled={!mayWrite}
                allowDeselect={false}
                value={purpose ?? NOTHING}
                data={[
                  { value: NOTHING, label: 'Nothing' },
                  ...purposes.map((value) => ({ value, label: purposeWords[value] })),
                ]}
                onChange={(value) =>
                  setMapping((before) => ({
                    ...before,
                    consents: before.consents.map((one) =>
                      one.key === key
                        ? { key, purpose: purposes.find((named) => named === value) ?? null }
                        : one,
                    ),
                  }))
                }
              />
            ))}
          </div>
        </div>
      ) : null}
      <div>
        <Title order={3}>Always</Title>
        <div className={classes.rows}>
          {mapping.always.map(({ fills, value }, place) => (
            <div key={place} className={`${classes.row} ${classes.always}`}>
              <Autocomplete
                aria-label="Field"
                placeholder="custom.campaign_year"
                value={fills}
                data={[...fillable]}
                onChange={(changed) => setAlways(place, { fills: changed })}
              />
              <TextInput
                aria-label="Value"
                value={value}
                onChange={(event) => setAlways(place, { value: event.currentTarget.value })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                mb={4}
                aria-label={`Remove ${fills || 'the value'}`}
                onClick={() =>
                  setMapping((before) => ({
                    ...before,
                    always: before.always.filter((_, nth) => nth !== place),
                  }))
                }
              >
                <IconX size={16} />
              </ActionIcon>
            </div>
          ))}
        </div>
        {mayWrite ? (
          <Button
            mt={8}
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() =>
              setMapping((before) => ({ ...before, always: [...before.always, { fills: '', value: '' }] }))
            }
          >
            Add a value
          </Button>
        ) : null}
      </div>
      <MappedLeadPreview connectionId={connectionId} formId={formId} mapping={whole} />
      {mayWrite ? (
        <Group justify="space-between">
          {known.isOwn ? (
            <Button variant="default" loading={reset.isPending} onClick={() => reset.mutate(at)}>
              Back to the defaults
            </Button>
          ) : (
            <span />
          )}
          <Button loading={save.isPending} onClick={() => save.mutate({ ...at, body: { mapping: whole } })}>
            Save
          </Button>
        </Group>
      ) : null}
    </Stack>
  )
}

// Custom fields that the form fills now, and each question's own.
function customOf({ answers }: LeadMapping): string[] {
  return [...new Set(answers.flatMap(({ fills }) => (fills?.startsWith('custom.') ? [fills] : [])))]
}
