// One webhook: how it fares and what to do, what it is told, its secret, and the log of what it was sent.
import { Alert, Badge, Button, Modal, Text } from '@mantine/core'
import { IconAlertTriangle, IconKey, IconSend, IconTrash } from '@tabler/icons-react'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  OVERLAP_HOURS,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookSecret,
  updateWebhook,
} from '../../../src/deliveries/webhooks/contract.ts'
import type { Webhook } from '../../../src/deliveries/webhooks/contract.ts'
import { listDeliveries } from '../../../src/deliveries/contract.ts'
import { readBell } from '../../../src/notices/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { MissingPage } from '../../shell/stray-pages.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { Log } from './log.tsx'
import { Secret } from './secret.tsx'
import { TestDialog } from './test-dialog.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { statusWords, typeLabel } from './words.ts'

export function WebhookPage() {
  const { webhookId } = useParams({ from: '/w/$workspace/settings/webhooks/$webhookId' })
  return /^[0-9a-f-]{36}$/i.test(webhookId) ? <Frame key={webhookId} id={webhookId} /> : <MissingPage />
}

function Frame({ id }: { id: string }) {
  const { slug } = useWorkspace()
  const mayWrite = useMay('settings.write')
  const found = useCall(getWebhook, { params: { id } }, { refetchMs: 10_000 })
  const webhook = found.data
  return (
    <>
      <PageHeader
        title={webhook?.name ?? 'Webhook'}
        aside={
          webhook ? (
            <Badge color={statusWords[webhook.status].colour}>{statusWords[webhook.status].label}</Badge>
          ) : undefined
        }
        about={
          <TextLink to="/w/$workspace/settings/webhooks" params={{ workspace: slug }}>
            All webhooks
          </TextLink>
        }
        actions={webhook && mayWrite ? <Actions webhook={webhook} /> : undefined}
      />
      <Answer of={found}>{(one) => <Detail webhook={one} mayWrite={mayWrite} />}</Answer>
    </>
  )
}

function Actions({ webhook }: { webhook: Webhook }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<'rotate' | 'delete' | 'test'>()
  const params = { id: webhook.id }
  const close = () => setAsked(undefined)
  const change = useWrite(updateWebhook, {
    stale: [getWebhook, listWebhooks, listDeliveries, readBell],
    onDone: ({ status }) =>
      showDone(status === 'on' ? 'It is on: what waited is sent now.' : 'It is off: nothing is sent there.'),
  })
  const rotate = useWrite(rotateWebhookSecret, { stale: [getWebhook] })
  const remove = useWrite(deleteWebhook, {
    stale: [listWebhooks, listDeliveries, readBell],
    onDone: () => void navigate({ to: '/w/$workspace/settings/webhooks', params: { workspace: slug } }),
  })
  return (
    <>
      <Button variant="default" leftSection={<IconSend size={16} />} onClick={() => setAsked('test')}>
        Send a test
      </Button>
      <Button
        variant="default"
        loading={change.isPending}
        onClick={() => change.mutate({ params, body: { isOn: webhook.status !== 'on' } })}
      >
        {webhook.status === 'on' ? 'Switch off' : 'Switch on'}
      </Button>
      <Button variant="default" leftSection={<IconKey size={16} />} onClick={() => setAsked('rotate')}>
        New secret
      </Button>
      <Button
        variant="default"
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => setAsked('delete')}
      >
        Delete
      </Button>
      {asked === 'test' ? <TestDialog webhook={webhook} onClose={close} /> : null}
      {rotate.data ? (
        <Modal
          opened
          onClose={() => rotate.reset()}
          title="Its new signing secret"
          closeOnClickOutside={false}
        >
          <Secret
            secret={rotate.data.secret}
            onClose={() => {
              rotate.reset()
              close()
            }}
          />
        </Modal>
      ) : (
        <ConfirmDialog
          opened={asked === 'rotate'}
          onClose={close}
          title="Make a new secret?"
          action="Make a new secret"
          color="blue"
          busy={rotate.isPending}
          onConfirm={() => rotate.mutate({ params, body: { overlapHours: OVERLAP_HOURS } })}
        >
          For {OVERLAP_HOURS} hours what is sent is signed with both secrets, so that your server can change
          over in its own time.
        </ConfirmDialog>
      )}
      <ConfirmDialog
        opened={asked === 'delete'}
        onClose={close}
        title={`Delete ${webhook.name}?`}
        action="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ params })}
      >
        Its secret is forgotten and what waits to be sent there is withheld. What was sent stays listed under
        Deliveries. This cannot be undone.
      </ConfirmDialog>
    </>
  )
}

function Detail({ webhook, mayWrite }: { webhook: Webhook; mayWrite: boolean }) {
  const { id, name, url, types, segmentIds, scoreFrom } = webhook
  const write = useWrite(updateWebhook, {
    stale: [getWebhook, listWebhooks],
    quiet: true,
    onDone: () => showDone('Saved.'),
  })
  return (
    <>
      {webhook.problem ? (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={16} stroke={1.6} />}
          title="Nothing is sent there"
          mb={16}
        >
          <span style={{ overflowWrap: 'anywhere' }}>{webhook.problem}</span>
        </Alert>
      ) : null}
      <Section
        title="What it is told"
        about={
          webhook.previousSecretUntil && new Date(webhook.previousSecretUntil) > new Date() ? (
            <>
              Signed with the secret before, too, until <Time at={webhook.previousSecretUntil} as="full" />.
            </>
          ) : undefined
        }
      >
        {mayWrite ? (
          <WebhookForm
            key={webhook.updatedAt}
            known={{ name, url, types, segmentIds, scoreFrom }}
            action="Save"
            busy={write.isPending}
            problem={write.error}
            onSubmit={(words) =>
              write.mutate({ params: { id }, body: { ...words, name: words.name.trim() || name } })
            }
          />
        ) : (
          <Text style={{ overflowWrap: 'anywhere' }}>
            {url}: {types.map(typeLabel).join('; ')}
          </Text>
        )}
      </Section>
      <Log webhookId={id} />
    </>
  )
}
