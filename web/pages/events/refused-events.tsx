// Events that the log refused: how many, which and why, and sending them once more.
import { Alert, Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { eventLabel, refusedEvents, retryRefused } from '../../../src/events/contract.ts'
import type { RefusedEvent } from '../../../src/events/contract.ts'
import { getDashboard } from '../../../src/reports/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'

const everyMs = 30_000

/** Nothing at all where nothing was refused. */
export function RefusedEvents() {
  const { data } = useCall(refusedEvents, {}, { refetchMs: everyMs })
  const [isOpen, setOpen] = useState(false)
  const mayRetry = useMay('settings.write')
  const retry = useWrite(retryRefused, {
    stale: [refusedEvents, getDashboard],
    onDone: ({ retried }) => {
      showDone(`${count(retried, 'event')} ${retried === 1 ? 'goes' : 'go'} to the log again.`)
      setOpen(false)
    },
  })
  if (!data || data.total === 0) return null
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle size={16} stroke={1.6} />}
      title={`The event log refused ${count(data.total, 'event')}`}
      mb={16}
    >
      <Stack gap={8}>
        <Text>
          Leads know what happened, but timelines and reports lack{' '}
          {data.total === 1 ? 'this event' : 'these events'}. Send them again once the cause is gone, such as
          after an upgrade.
        </Text>
        <Group gap={8}>
          <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
            Which and why
          </Button>
          {mayRetry ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={14} />}
              loading={retry.isPending}
              onClick={() => retry.mutate({})}
            >
              Send again
            </Button>
          ) : null}
        </Group>
      </Stack>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        title="Refused by the event log"
        size={560}
      >
        <Stack gap={16}>
          {data.items.map((item) => (
            <Refused key={item.id} item={item} />
          ))}
          {data.total > data.items.length ? (
            <Text c="dimmed">and {formatNumber(data.total - data.items.length)} earlier ones</Text>
          ) : null}
        </Stack>
      </Drawer>
    </Alert>
  )
}

function Refused({ item }: { item: RefusedEvent }) {
  return (
    <div>
      <Text fw={500}>
        {eventLabel(item.name)} of <LeadLink id={item.leadId} label={`lead ${item.leadId.slice(-6)}`} />
      </Text>
      <Text c="dimmed" fz="xs">
        refused <Time at={item.refusedAt} />, dated {item.occurredAt}
      </Text>
      <Text fz="xs" ff="monospace" mt={4} style={{ overflowWrap: 'anywhere' }}>
        {item.words}
      </Text>
    </div>
  )
}
