// Merges a custom field into another, after showing whose values meet.
import { Alert, Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { listFacets } from '../../../../src/leads/contract.ts'
import {
  countFields,
  listFieldJobs,
  listFields,
  mergeFields,
  previewFieldMerge,
  winners,
} from '../../../../src/leads/fields/contract.ts'
import type { Field, Wins } from '../../../../src/leads/fields/contract.ts'
import { listViews } from '../../../../src/leads/views/contract.ts'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import { useCall, useWrite } from '../../../queries.ts'
import { count, formatNumber } from '../../../ui/format.ts'
import { Answer, Loading } from '../../../ui/states.tsx'
import { BrokenViews } from './broken-views.tsx'
import { typeNames, valueNames, valueWords } from './field-words.ts'
import classes from './fields.module.css'
import { UseList } from './uses.tsx'

type Preview = ReplyOf<typeof previewFieldMerge>

interface MergeDialogProps {
  field: Field
  all: readonly Field[]
  onClose: () => void
}

export function MergeDialog({ field, all, onClose }: MergeDialogProps) {
  const [into, setInto] = useState<string | null>(null)
  const [wins, setWins] = useState<Wins>('into')
  const [word, setWord] = useState('')
  const params = { key: field.key }
  const target = all.find(({ key }) => key === into)
  const preview = useCall(
    previewFieldMerge,
    { params, body: { into: into ?? '' } },
    { enabled: into !== null, staleMs: 0 },
  )
  const merge = useWrite(mergeFields, {
    stale: [listFieldJobs, listFields, countFields, listFacets, listViews],
    quiet: true,
    onDone: onClose,
  })
  const total = target ? preview.data?.total : undefined
  const mayGo = target !== undefined && total !== undefined && word.trim() === field.label
  return (
    <Modal opened onClose={onClose} title={`Merge ${field.label} into another field`} size={560}>
      <Stack gap={16}>
        <Select
          label="Into"
          placeholder="Choose the field that stays"
          searchable
          data={all
            .filter(({ key, archivedAt }) => key !== field.key && archivedAt === null)
            .map(({ key, label, type }) => ({
              value: key,
              label: `${label} (${typeNames[type].toLowerCase()})`,
            }))}
          value={into}
          onChange={setInto}
          nothingFoundMessage="No such field"
          data-autofocus
        />
        {target ? (
          <Answer of={preview} loading={<Loading lines={4} label="Every value is looked at" />} compact>
            {(found) => (
              <>
                <Outcome field={field} target={target} preview={found} wins={wins} onWins={setWins} />
                <Text>
                  This is final: {field.label} is no field of its own afterwards. Which value went stands in
                  the story of each lead. What still comes in as <code>{field.key}</code> is kept in{' '}
                  {target.label}.
                </Text>
                <TextInput
                  label={`Type ${field.label} to go on`}
                  value={word}
                  onChange={(event) => setWord(event.currentTarget.value)}
                  autoComplete="off"
                />
              </>
            )}
          </Answer>
        ) : null}
        {merge.error ? (
          <Alert color="red" variant="light" role="alert">
            {merge.error.message}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            disabled={!mayGo}
            loading={merge.isPending}
            onClick={() => {
              if (into !== null && total !== undefined)
                merge.mutate({ params, body: { into, wins, expected: total } })
            }}
          >
            {total === undefined ? 'Merge' : `Merge (${count(total, 'lead')})`}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface OutcomeProps {
  field: Field
  target: Field
  preview: Preview
  wins: Wins
  onWins: (wins: Wins) => void
}

function Outcome({ field, target, preview, wins, onWins }: OutcomeProps) {
  const { total, moved, same, conflicts, newer, unfit, conflictExamples, unfitExamples, uses } = preview
  const words: Record<Wins, string> = {
    into: `Keep ${target.label}`,
    from: `Take ${field.label}`,
    newest: `Take the newer word: ${field.label} for ${count(newer, 'lead')}, ${target.label} for ${count(conflicts - newer, 'lead')}`,
  }
  return (
    <>
      <Text>
        {total === 0
          ? `No lead has a value of ${field.label}.`
          : `${count(total, 'lead')} ${total === 1 ? 'has' : 'have'} a value of ${field.label}: ${formatNumber(moved)} lack ${target.label} and get it, ${formatNumber(same)} have the same already, ${formatNumber(conflicts)} have another.`}
      </Text>
      {conflicts > 0 ? (
        <>
          <Radio.Group
            label={`Where a lead has both`}
            value={wins}
            onChange={(value) => onWins(winners.find((one) => one === value) ?? 'into')}
          >
            <Stack gap={8} mt={8}>
              {winners.map((value) => (
                <Radio key={value} value={value} label={words[value]} />
              ))}
            </Stack>
          </Radio.Group>
          <ul className={classes.list} aria-label="Leads that have both">
            {conflictExamples.map((example) => (
              <li key={example.leadId}>
                {example.label}:{' '}
                <Text component="span" c="dimmed">
                  {field.label} {valueWords(example.from)}, {target.label} {valueWords(example.into)}
                </Text>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {unfit > 0 ? (
        <Alert color="yellow" variant="light" title={`${count(unfit, 'value does', 'values do')} not fit`}>
          {target.label} holds {valueNames[target.type]}. What comes over all the same stays as it is, and
          filters take it as unknown: {unfitExamples.map(({ value }) => valueWords(value)).join(', ')}.
        </Alert>
      ) : null}
      {uses.length > 0 ? (
        <div>
          <Text fw={600} component="h3" mb={4}>
            Rewritten to {target.label}
          </Text>
          <UseList uses={uses} />
        </div>
      ) : null}
      <BrokenViews
        views={preview.brokenViews}
        segments={preview.brokenSegments}
        rules={preview.brokenRules}
      />
    </>
  )
}
