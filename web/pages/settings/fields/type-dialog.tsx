// Changes the type of a custom field, after showing what becomes of its values.
import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { listFacets } from '../../../../src/leads/contract.ts'
import {
  changeFieldType,
  countFields,
  fieldTypes,
  listFieldJobs,
  listFields,
  previewFieldType,
} from '../../../../src/leads/fields/contract.ts'
import type { Field, FieldType, Reading } from '../../../../src/leads/fields/contract.ts'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import { useCall, useWrite } from '../../../queries.ts'
import { count, formatNumber } from '../../../ui/format.ts'
import { Answer, Loading } from '../../../ui/states.tsx'
import { BrokenViews } from './broken-views.tsx'
import { typeNames, valueNames, valueWords } from './field-words.ts'
import classes from './fields.module.css'

type Preview = ReplyOf<typeof previewFieldType>

export function TypeDialog({ field, onClose }: { field: Field; onClose: () => void }) {
  const [type, setType] = useState<FieldType>()
  const [reading, setReading] = useState<Reading>({})
  const params = { key: field.key }
  const body = { type: type ?? field.type, reading }
  const preview = useCall(previewFieldType, { params, body }, { enabled: type !== undefined, staleMs: 0 })
  const change = useWrite(changeFieldType, {
    stale: [listFieldJobs, listFields, countFields, listFacets],
    quiet: true,
    onDone: onClose,
  })
  const answer = type === undefined ? undefined : preview.data
  const settled = { ...answer?.reading, ...reading }
  return (
    <Modal opened onClose={onClose} title={`Change the type of ${field.label}`} size={520}>
      <Stack gap={16}>
        <Select
          label="Type"
          placeholder="Choose"
          data={fieldTypes.map((value) => ({
            value,
            label:
              value === field.type ? `${typeNames[value]} (as it is, to read values anew)` : typeNames[value],
          }))}
          value={type ?? null}
          onChange={(value) => {
            setType(fieldTypes.find((one) => one === value))
            setReading({})
          }}
          data-autofocus
        />
        {type === 'number' ? (
          <Choice
            label="Written as"
            value={settled.decimal ?? '.'}
            options={[
              { value: '.', label: '1,234.5' },
              { value: ',', label: '1.234,5' },
            ]}
            onChange={(value) => setReading({ decimal: value === ',' ? ',' : '.' })}
          />
        ) : null}
        {type === 'date' ? (
          <Choice
            label="01/06/2024 is"
            value={settled.dateOrder ?? ''}
            options={[
              { value: 'DMY', label: '1 June' },
              { value: 'MDY', label: '6 January' },
            ]}
            onChange={(value) => setReading({ dateOrder: value === 'MDY' ? 'MDY' : 'DMY' })}
          />
        ) : null}
        {type === undefined ? null : (
          <Answer of={preview} loading={<Loading lines={3} label="Every value is looked at" />} compact>
            {(found) => <Outcome preview={found} type={type} />}
          </Answer>
        )}
        {change.error ? (
          <Alert color="red" variant="light" role="alert">
            {change.error.message}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!answer}
            loading={change.isPending}
            onClick={() => change.mutate({ params, body: { ...body, reading: settled } })}
          >
            {type ? `Change to ${typeNames[type].toLowerCase()}` : 'Change'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Outcome({ preview, type }: { preview: Preview; type: FieldType }) {
  const { total, same, converted, unfit, examples, unfitExamples } = preview
  const { brokenViews, brokenSegments, brokenRules } = preview
  if (total === 0) return <Text>No lead has a value yet, so nothing has to be converted.</Text>
  return (
    <>
      <Text>
        Of {count(total, 'value')} {formatNumber(converted)} become {valueNames[type]}
        {same > 0 ? `, ${formatNumber(same)} are so already` : ''}
        {unfit > 0 ? (
          <>
            {' '}
            and <b>{formatNumber(unfit)} do not fit</b>. Those stay as they are on the lead; filters take them
            as unknown.
          </>
        ) : (
          '. All fit.'
        )}
      </Text>
      {examples.length > 0 ? (
        <ul className={classes.list} aria-label="Values that become another">
          {examples.map(({ value, becomes, leads }) => (
            <li key={String(value)} className={classes.pair}>
              <span title={valueWords(value)}>{valueWords(value)}</span>
              <span aria-label="becomes">→</span>
              <span>{valueWords(becomes)}</span>
              <span className={classes.leads}>{count(leads, 'lead')}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {unfitExamples.length > 0 ? (
        <div>
          <Text fw={600} component="h3" mb={4}>
            These do not fit
          </Text>
          <ul className={classes.list} aria-label="Values that do not fit">
            {unfitExamples.map(({ value, leads }) => (
              <li key={String(value)} className={classes.pair}>
                <span title={valueWords(value)}>{valueWords(value)}</span>
                <span />
                <span />
                <span className={classes.leads}>{count(leads, 'lead')}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <BrokenViews views={brokenViews} segments={brokenSegments} rules={brokenRules} />
    </>
  )
}

interface ChoiceProps {
  label: string
  value: string
  options: { value: string; label: string }[]
  onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Group gap={12}>
      <Text fw={500}>{label}</Text>
      <SegmentedControl aria-label={label} data={options} value={value} onChange={onChange} />
    </Group>
  )
}
