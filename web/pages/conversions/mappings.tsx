// The mappings of a destination: which events go there, under which names, each edited and previewed on a real event.
import { Badge, Button, Drawer, Switch, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { listDestinations, setMappings } from '../../../src/activation/conversions/contract.ts'
import type { Destination, EventMappingWord } from '../../../src/activation/conversions/contract.ts'
import { eventLabel } from '../../../src/events/contract.ts'
import { useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Section } from '../../ui/section.tsx'
import { useMay } from '../../workspace.ts'
import classes from './conversions.module.css'
import { MappingEditor } from './mapping-editor.tsx'
import { sourceWords } from './words.ts'

type Mapping = Destination['mappings'][number]

export function Mappings({ destination }: { destination: Destination }) {
  const mayWrite = useMay('events.write')
  const [edited, setEdited] = useState<EventMappingWord>()
  const write = useWrite(setMappings, { stale: [listDestinations] })
  const params = { connectionId: destination.connectionId }
  const save = (changed: EventMappingWord, done?: () => void) => {
    const others = destination.mappings.filter(({ event }) => event !== changed.event)
    const mappings = [...others, changed].map(({ event, isOn, name, parameters }) => ({
      event,
      isOn,
      name,
      parameters,
    }))
    write.mutate({ params, body: { mappings } }, { onSuccess: done })
  }
  return (
    <Section
      title="Mappings"
      about="Which events go there, under the vendor’s names. Click one to see the newest such event as it would leave."
      flush
      actions={
        mayWrite && destination.takesOtherNames ? (
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => setEdited({ event: '', isOn: true, name: '', parameters: [] })}
          >
            Map another event
          </Button>
        ) : undefined
      }
    >
      <DataTable
        label="Mappings"
        rows={destination.mappings}
        rowId={({ event }) => event}
        onOpen={setEdited}
        columns={[
          {
            key: 'on',
            header: 'Goes',
            width: 72,
            cell: (mapping) => (
              <span onClick={(event) => event.stopPropagation()}>
                <Switch
                  aria-label={`${eventLabel(mapping.event)} goes there`}
                  checked={mapping.isOn}
                  disabled={!mayWrite || write.isPending}
                  onChange={() => save({ ...mapping, isOn: !mapping.isOn })}
                />
              </span>
            ),
          },
          {
            key: 'event',
            header: 'Event',
            width: '34%',
            cell: (mapping) => (
              <span className={classes.name}>
                <Text fw={500} component="span">
                  {eventLabel(mapping.event)}
                </Text>
                <Text fz="xs" c="dimmed" component="span">
                  {mapping.event}
                </Text>
              </span>
            ),
          },
          { key: 'name', header: 'As', width: 200, cell: ({ name }) => name },
          {
            key: 'parameters',
            header: 'With',
            show: 'wide',
            cell: ({ parameters }: Mapping) => (
              <Text fz="xs" c="dimmed" lineClamp={1}>
                {parameters.map(({ parameter, from }) => `${parameter}: ${sourceWords(from)}`).join(', ') ||
                  'nothing more'}
              </Text>
            ),
          },
          {
            key: 'origin',
            header: '',
            width: 96,
            show: 'wide',
            cell: ({ isDefault }) => (isDefault ? null : <Badge color="gray">Changed</Badge>),
          },
        ]}
      />
      <Drawer
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        position="right"
        size={640}
        title={edited?.event ? eventLabel(edited.event) : 'Map another event'}
      >
        {edited ? (
          <MappingEditor
            key={edited.event}
            destination={destination}
            mapping={edited}
            mayWrite={mayWrite}
            busy={write.isPending}
            onSave={(changed) => save(changed, () => setEdited(undefined))}
          />
        ) : null}
      </Drawer>
    </Section>
  )
}
