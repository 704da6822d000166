// The editor of one mapping: the vendor's name, the parameters and where each comes from, and the newest event as it would leave.
import { ActionIcon, Autocomplete, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { parameterSources } from '../../../src/activation/conversions/contract.ts'
import type { Destination, EventMappingWord } from '../../../src/activation/conversions/contract.ts'
import { catalogue } from '../../../src/events/contract.ts'
import classes from './conversions.module.css'
import { Preview } from './preview.tsx'

interface MappingEditorProps {
  destination: Destination
  mapping: EventMappingWord
  mayWrite: boolean
  busy: boolean
  onSave: (mapping: EventMappingWord) => void
}

export function MappingEditor({ destination, mapping, mayWrite, busy, onSave }: MappingEditorProps) {
  const isNew = mapping.event === ''
  const [event, setEvent] = useState(mapping.event)
  const [name, setName] = useState(mapping.name)
  const [parameters, setParameters] = useState(
    mapping.parameters.map(({ parameter, from }) => ({ parameter, from })),
  )
  const whole: EventMappingWord = {
    event: event.trim(),
    isOn: mapping.isOn,
    name: name.trim(),
    parameters: parameters.filter(({ parameter, from }) => !isEmpty(parameter) && !isEmpty(from)),
  }
  const isHalf = parameters.some(({ parameter, from }) => isEmpty(parameter) !== isEmpty(from))
  const [shown] = useDebouncedValue(whole, 400)
  const set = (place: number, change: { parameter?: string; from?: string }) =>
    setParameters((before) => before.map((one, nth) => (nth === place ? { ...one, ...change } : one)))
  return (
    <Stack gap={16}>
      {isNew ? (
        <Autocomplete
          label="Event"
          description="As it stands in the event log"
          value={event}
          onChange={setEvent}
          data={catalogue.map((type) => type.name)}
          limit={20}
        />
      ) : null}
      <Autocomplete
        label="Name at the vendor"
        value={name}
        onChange={setName}
        data={destination.names.map((one) => one.name)}
        readOnly={!mayWrite}
        limit={30}
      />
      <div>
        <Title order={3}>Parameters</Title>
        <Text fz="xs" c="dimmed" mb={8}>
          At the left the vendor’s name, at the right what fills it: a choice of the list, property: and the
          name of an event’s property, lead: and the name of a field, or text: and words that always go.
        </Text>
        <div className={classes.rows}>
          {parameters.map(({ parameter, from }, place) => (
            <div key={place} className={classes.row}>
              <TextInput
                aria-label="Parameter"
                value={parameter}
                error={isEmpty(parameter) && !isEmpty(from) ? 'Say its name at the vendor.' : undefined}
                readOnly={!mayWrite}
                onChange={(change) => set(place, { parameter: change.currentTarget.value })}
              />
              <Autocomplete
                aria-label={`Where ${parameter || 'it'} comes from`}
                value={from}
                error={isEmpty(from) && !isEmpty(parameter) ? 'Say what fills it.' : undefined}
                readOnly={!mayWrite}
                onChange={(value) => set(place, { from: value })}
                data={[...parameterSources.map((source) => source.from), 'property:', 'lead:', 'text:']}
              />
              {mayWrite ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  mt={4}
                  aria-label={`Remove ${parameter || 'the parameter'}`}
                  onClick={() => setParameters((before) => before.filter((_, nth) => nth !== place))}
                >
                  <IconX size={16} />
                </ActionIcon>
              ) : null}
            </div>
          ))}
        </div>
        {destination.userProperty ? (
          <Text fz="xs" c="dimmed" mt={8}>
            A name such as {destination.userProperty}tier describes the person and not the event.
          </Text>
        ) : null}
        {mayWrite ? (
          <Button
            mt={8}
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setParameters((before) => [...before, { parameter: '', from: '' }])}
          >
            Add a parameter
          </Button>
        ) : null}
      </div>
      {mayWrite ? (
        <Group justify="flex-end">
          <Button
            loading={busy}
            disabled={whole.event === '' || whole.name === '' || isHalf}
            onClick={() => onSave(whole)}
          >
            Save
          </Button>
        </Group>
      ) : null}
      {shown.event !== '' && shown.name !== '' ? (
        <Preview connectionId={destination.connectionId} mapping={shown} />
      ) : null}
    </Stack>
  )
}

function isEmpty(text: string): boolean {
  return text.trim() === ''
}
