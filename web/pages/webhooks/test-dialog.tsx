// Sends an example of an event to a webhook and shows what its receiver said.
import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { getWebhook, testWebhook, webhookTypes } from '../../../src/deliveries/webhooks/contract.ts'
import type { Webhook, WebhookType } from '../../../src/deliveries/webhooks/contract.ts'
import { useWrite } from '../../queries.ts'
import { JsonView } from '../../ui/json-view.tsx'

export function TestDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [type, setType] = useState<WebhookType>(webhook.types[0] ?? 'lead.created')
  const test = useWrite(testWebhook, { stale: [getWebhook] })
  return (
    <Modal opened onClose={onClose} title="Send a test" size={560}>
      <Stack gap={16}>
        <Text>
          An example about a person who does not exist leaves for {webhook.url} at once, marked with isTest.
        </Text>
        <Select
          label="Event"
          data={webhookTypes.map((one) => ({ value: one.type, label: one.label }))}
          value={type}
          allowDeselect={false}
          onChange={(value) => setType(webhookTypes.find((one) => one.type === value)?.type ?? type)}
        />
        {test.data ? (
          <Alert
            color={test.data.isAccepted ? 'green' : 'yellow'}
            icon={test.data.isAccepted ? <IconCheck size={16} /> : <IconAlertTriangle size={16} />}
            title={test.data.isAccepted ? 'The receiver took it' : 'The receiver did not take it'}
          >
            <span style={{ overflowWrap: 'anywhere' }}>{test.data.words}</span>
          </Alert>
        ) : null}
        {test.data ? <JsonView value={test.data.request} label="Request" /> : null}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button
            loading={test.isPending}
            onClick={() => test.mutate({ params: { id: webhook.id }, body: { type } })}
          >
            Send
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
