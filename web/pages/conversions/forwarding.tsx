// Whether events go to a destination by themselves; the first time, from when.
import { Alert, Button, Group, Modal, Radio, Stack, Switch, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import {
  listDestinations,
  reconcileConversions,
  setForwarding,
} from '../../../src/activation/conversions/contract.ts'
import type { Destination } from '../../../src/activation/conversions/contract.ts'
import { listDeliveries } from '../../../src/deliveries/contract.ts'
import { useWrite } from '../../queries.ts'
import { TextLink } from '../../ui/links.tsx'
import { Section } from '../../ui/section.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { purposeWords } from './words.ts'

export function Forwarding({ destination }: { destination: Destination }) {
  const { slug } = useWorkspace()
  const mayWrite = useMay('events.write')
  const [isAsked, setAsked] = useState(false)
  const write = useWrite(setForwarding, {
    stale: [listDestinations, reconcileConversions, listDeliveries],
    onDone: () => setAsked(false),
  })
  const params = { connectionId: destination.connectionId }
  const { forwards, forwardsFrom, maxAgeHours } = destination
  const flip = () => {
    if (forwards || forwardsFrom) write.mutate({ params, body: { isOn: !forwards } })
    else setAsked(true)
  }
  return (
    <>
      {destination.isWorking ? null : (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={16} stroke={1.6} />}
          title="The connection does not work"
          mb={16}
        >
          What is to leave waits.{' '}
          <TextLink
            to="/w/$workspace/integrations/$connectionId"
            params={{ workspace: slug, connectionId: destination.connectionId }}
          >
            See what is wrong
          </TextLink>
        </Alert>
      )}
      <Section
        title="Forwarding"
        about={`Only for people who consented to ${purposeWords[destination.purpose] ?? destination.purpose}; the vendor takes nothing older than ${spanWords(maxAgeHours)}.`}
      >
        <Group gap={16}>
          <Switch
            checked={forwards}
            disabled={!mayWrite || write.isPending}
            onChange={flip}
            label={forwards ? 'Events are forwarded as they come in' : 'Nothing is forwarded by itself'}
          />
          {forwardsFrom ? (
            <Text c="dimmed" fz="xs">
              {forwards ? 'those since ' : 'first switched on for those since '}
              <Time at={forwardsFrom} as="full" />
            </Text>
          ) : null}
        </Group>
      </Section>
      <Modal opened={isAsked} onClose={() => setAsked(false)} title="From when on?" size={440}>
        <Start
          hours={maxAgeHours}
          busy={write.isPending}
          onStart={(from) => write.mutate({ params, body: { isOn: true, from } })}
        />
      </Modal>
    </>
  )
}

function Start({
  hours,
  busy,
  onStart,
}: {
  hours: number
  busy: boolean
  onStart: (from: 'now' | 'limit') => void
}) {
  const [from, setFrom] = useState<'now' | 'limit'>('now')
  return (
    <Stack gap={16}>
      <Radio.Group
        value={from}
        onChange={(value) => setFrom(value === 'limit' ? 'limit' : 'now')}
        aria-label="From when on"
      >
        <Stack gap={12}>
          <Radio value="now" label="From now on" description="What happened before stays here." />
          <Radio
            value="limit"
            label={`Also what happened in the last ${spanWords(hours)}`}
            description="As far back as the vendor takes. If something else has told the vendor of it already under other event ids, it counts twice."
          />
        </Stack>
      </Radio.Group>
      <Group justify="flex-end">
        <Button loading={busy} onClick={() => onStart(from)}>
          Switch on
        </Button>
      </Group>
    </Stack>
  )
}

function spanWords(hours: number): string {
  return hours > 72 && hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`
}
