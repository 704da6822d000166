// One delivery beside the list: why it stands as it does, its request, and each answer word for word.
import { Badge, Button, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import {
  getDelivery,
  listDeliveries,
  reasonWords,
  replayDeliveries,
} from '../../../src/deliveries/contract.ts'
import type { Attempt, DeliveryDetail } from '../../../src/deliveries/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { labelOf, statusWords } from './words.ts'

export function DeliveryDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" title="Delivery" size={640}>
      {id ? <Shown key={id} id={id} /> : null}
    </Drawer>
  )
}

function Shown({ id }: { id: string }) {
  const found = useCall(getDelivery, { params: { id } }, { refetchMs: 5_000 })
  return <Answer of={found}>{(delivery) => <Detail delivery={delivery} />}</Answer>
}

function Detail({ delivery }: { delivery: DeliveryDetail }) {
  const { status, reason } = delivery
  return (
    <Stack gap={16}>
      <div>
        <Group gap={8}>
          <Text fw={600}>{labelOf(delivery)}</Text>
          <Badge color={statusWords[status].colour}>{statusWords[status].label}</Badge>
        </Group>
        <Text c="dimmed" fz="xs">
          to {delivery.connectionName}
          {delivery.leadId ? (
            <>
              , about <LeadLink id={delivery.leadId} label={delivery.leadLabel ?? 'a lead'} />
            </>
          ) : null}
          , happened <Time at={delivery.occurredAt} as="full" />
        </Text>
      </div>
      {reason || delivery.words ? (
        <Text style={{ overflowWrap: 'anywhere' }}>
          {reason ? `${reasonWords[reason]}. ` : ''}
          {status === 'sent' ? null : delivery.words}
        </Text>
      ) : null}
      {delivery.nextAt ? (
        <Text>
          It is tried again <Time at={delivery.nextAt} />.
        </Text>
      ) : null}
      <Again delivery={delivery} />
      <Attempts answers={delivery.answers} />
      <div>
        <Title order={3}>Request</Title>
        {delivery.request ? (
          <>
            <Text fz="xs" ff="monospace" my={8} style={{ overflowWrap: 'anywhere' }}>
              {delivery.request.method} {delivery.request.url}
            </Text>
            <JsonView
              label="Request"
              value={{ headers: delivery.request.headers, body: delivery.request.body }}
            />
          </>
        ) : (
          <Text c="dimmed">It has not left, so that there is no request.</Text>
        )}
      </div>
    </Stack>
  )
}

function Attempts({ answers }: { answers: readonly Attempt[] }) {
  if (answers.length === 0) return null
  return (
    <div>
      <Title order={3}>Answers</Title>
      <Stack gap={8} mt={8}>
        {answers.map((answer) => (
          <div key={answer.at}>
            <Text fz="xs" c="dimmed">
              <Time at={answer.at} as="full" />: {outcomes[answer.kind]}
            </Text>
            <Text fz="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {answer.words}
            </Text>
          </div>
        ))}
      </Stack>
    </div>
  )
}

const outcomes: Record<Attempt['kind'], string> = {
  sent: 'taken',
  refused: 'refused',
  later: 'not now, tried again later',
  reauthorise: 'the connection is no longer accepted',
  unknown: 'the answer was lost',
}

function Again({ delivery: { id, status } }: { delivery: DeliveryDetail }) {
  const mayWrite = useMay('events.write')
  const replay = useWrite(replayDeliveries, {
    stale: [getDelivery, listDeliveries],
    onDone: () => showDone('It is sent again.'),
  })
  if (!mayWrite || !['refused', 'withheld', 'unknown'].includes(status)) return null
  const isUnknown = status === 'unknown'
  return (
    <Group gap={8}>
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} />}
        loading={replay.isPending}
        onClick={() => replay.mutate({ body: { ids: [id], includesUnknown: isUnknown } })}
      >
        Send again
      </Button>
      {isUnknown ? (
        <Text c="dimmed" fz="xs">
          The vendor may have it already and would count it twice.
        </Text>
      ) : null}
    </Group>
  )
}
