// What an example would become: the lead, the event and the consents, or why it would be parked.
import { Alert, Stack, Table, Text, Title } from '@mantine/core'
import type { InboundPreview } from '../../../src/inbound/contract.ts'
import type { Purpose } from '../../../src/leads/contract.ts'
import { count } from '../../ui/format.ts'
import { purposeNames } from '../forms/words.ts'
import { targetLabels } from './words.ts'

export function PreviewResult({ preview }: { preview: InboundPreview }) {
  if (preview.parked)
    return (
      <Alert color="yellow" title="It would be parked">
        {preview.parked.explanation}
      </Alert>
    )
  return (
    <Stack gap={16}>
      {preview.unnamed > 0 ? (
        <Alert color="yellow" title={`${count(preview.unnamed, 'entry', 'entries')} would wait`}>
          They name nobody. The others would be taken.
        </Alert>
      ) : null}
      {preview.entries.map((entry, place) => (
        <Entry key={place} entry={entry} />
      ))}
    </Stack>
  )
}

function Entry({ entry }: { entry: InboundPreview['entries'][number] }) {
  const lead: [string, unknown][] = [
    ...(entry.userId ? [['User id', entry.userId] as [string, unknown]] : []),
    ...(entry.anonymousId ? [['Visitor id', entry.anonymousId] as [string, unknown]] : []),
    ...Object.entries(entry.traits).map(([name, value]): [string, unknown] => [
      targetLabels[name] ?? name,
      value,
    ]),
    ...Object.entries(entry.campaign).map(([name, value]): [string, unknown] => [
      targetLabels[`campaign.${name}`] ?? name,
      value,
    ]),
  ]
  const consents = entry.consents.map(({ purpose, state }): [string, unknown] => [
    purposeNames[purpose as Purpose] ?? purpose,
    state === 'granted' ? 'Agreed' : 'Refused',
  ])
  return (
    <div>
      <Facts title="The lead" facts={lead} />
      <Facts
        title={`The event ${entry.event}`}
        facts={[
          ...(entry.occurredAt ? [['When', entry.occurredAt] as [string, unknown]] : []),
          ...Object.entries(entry.properties),
        ]}
      />
      {consents.length > 0 ? <Facts title="Consent" facts={consents} /> : null}
    </div>
  )
}

function Facts({ title, facts }: { title: string; facts: [string, unknown][] }) {
  return (
    <>
      <Title order={3} mt={8}>
        {title}
      </Title>
      {facts.length === 0 ? (
        <Text c="dimmed">Nothing more.</Text>
      ) : (
        <Table aria-label={title} layout="fixed">
          <Table.Tbody>
            {facts.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{String(value)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  )
}
