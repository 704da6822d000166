// What a webhook is sent and where: the form of a new one and of one that is changed.
import { Button, Checkbox, Group, MultiSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect } from 'react'
import type { WebhookType } from '../../../src/deliveries/webhooks/contract.ts'
import { listSegments } from '../../../src/segments/contract.ts'
import type { Problem } from '../../call.ts'
import { useCall } from '../../queries.ts'
import { fieldErrors } from '../../ui/problems.ts'
import { typeGroups } from './words.ts'

export interface WebhookWords {
  name: string
  url: string
  types: WebhookType[]
  segmentIds: string[]
  scoreFrom: number
}

interface WebhookFormProps {
  known?: WebhookWords
  action: string
  busy: boolean
  problem: Problem | null
  onSubmit: (words: WebhookWords) => void
  onCancel?: () => void
}

const EMPTY: WebhookWords = { name: '', url: '', types: ['lead.created'], segmentIds: [], scoreFrom: 80 }

export function WebhookForm({ known = EMPTY, action, busy, problem, onSubmit, onCancel }: WebhookFormProps) {
  const form = useForm<WebhookWords>({
    initialValues: known,
    validate: {
      url: (url) =>
        /^https?:\/\/\S+\.\S+|^https?:\/\/\S+:\d+/.test(url)
          ? null
          : 'Write it like https://example.com/hook',
      types: (types) => (types.length > 0 ? null : 'Choose one at least'),
    },
  })
  const { setErrors } = form
  useEffect(() => {
    if (!problem) return
    const errors = fieldErrors(problem, ['name', 'url', 'types', 'segmentIds', 'scoreFrom'])
    setErrors(Object.keys(errors).length > 0 ? errors : { url: problem.message })
  }, [problem, setErrors])
  const { types } = form.values
  const segments = useCall(listSegments, {})
  return (
    <form onSubmit={form.onSubmit(onSubmit)}>
      <Stack gap={16}>
        <TextInput
          label="Address"
          description="A server of yours that takes POST requests; it must be reachable over https"
          placeholder="https://example.com/throughline"
          required
          maxLength={2000}
          data-autofocus
          {...form.getInputProps('url')}
        />
        <TextInput
          label="Name"
          description="To tell it apart; the host of the address where it is left empty"
          maxLength={80}
          {...form.getInputProps('name')}
        />
        <Checkbox.Group label="Told when" {...form.getInputProps('types')}>
          <Stack gap={12} mt={8}>
            {typeGroups.map(({ group, types: inGroup }) => (
              <Stack key={group} gap={6} role="group" aria-label={group}>
                <Text fz="xs" fw={600} c="dimmed">
                  {group}
                </Text>
                {inGroup.map(({ type, label }) => (
                  <Checkbox key={type} value={type} label={label} description={type} />
                ))}
              </Stack>
            ))}
          </Stack>
        </Checkbox.Group>
        {types.includes('lead.score_reached') ? (
          <NumberInput
            label="Score from"
            description="Told when a score comes to this from below"
            min={1}
            max={100}
            w={160}
            {...form.getInputProps('scoreFrom')}
            onChange={(value) => form.setFieldValue('scoreFrom', Number(value))}
          />
        ) : null}
        {types.includes('segment.entered') || types.includes('segment.left') ? (
          <MultiSelect
            label="Of these segments"
            description="Leave empty for all"
            searchable
            data={(segments.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('segmentIds')}
          />
        ) : null}
        <Group justify="flex-end" gap={8}>
          {onCancel ? (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          ) : null}
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
