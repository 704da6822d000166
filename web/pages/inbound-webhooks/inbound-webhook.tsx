// One inbound webhook: its URL, what of a call means what, what came in, and how calls are verified.
import { Alert, Button, Tabs, Text } from '@mantine/core'
import { IconArchive, IconArchiveOff, IconRefresh } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  getInboundWebhook,
  listInboundWebhooks,
  renewInboundUrl,
  updateInboundWebhook,
} from '../../../src/inbound/contract.ts'
import type { InboundWebhook } from '../../../src/inbound/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { formatNumber } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import { Deliveries } from './deliveries.tsx'
import classes from './inbound-webhooks.module.css'
import { StateBadge } from './inbound-webhooks.tsx'
import { MappingEditor } from './mapping-editor.tsx'
import { SignatureForm } from './signature-form.tsx'

export function InboundWebhookPage() {
  const { slug } = useWorkspace()
  const { webhookId } = useParams({ from: '/w/$workspace/inbound-webhooks/$webhookId' })
  const found = useCall(getInboundWebhook, { params: { id: webhookId } }, { refetchMs: 5_000 })
  const [tab, setTab] = useState<string | null>('mapping')
  const [example, setExample] = useState<string>()
  return (
    <>
      <PageHeader
        title={found.data?.name ?? 'Inbound webhook'}
        aside={found.data ? <StateBadge webhook={found.data} /> : null}
        about={
          <TextLink to="/w/$workspace/inbound-webhooks" params={{ workspace: slug }}>
            All inbound webhooks
          </TextLink>
        }
        actions={found.data ? <Actions webhook={found.data} /> : undefined}
      />
      <Answer of={found}>
        {(webhook) => (
          <div className={classes.column}>
            <Address webhook={webhook} />
            <Tabs value={tab} onChange={setTab} keepMounted={false}>
              <Tabs.List mb={16}>
                <Tabs.Tab value="mapping">What means what</Tabs.Tab>
                <Tabs.Tab value="deliveries">
                  What came in{webhook.parked > 0 ? ` (${formatNumber(webhook.parked)} parked)` : ''}
                </Tabs.Tab>
                <Tabs.Tab value="security">Security</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="mapping">
                <MappingEditor key={`${webhook.id} ${example ?? ''}`} webhook={webhook} example={example} />
              </Tabs.Panel>
              <Tabs.Panel value="deliveries">
                <Deliveries
                  webhook={webhook}
                  onUse={(body) => {
                    setExample(body)
                    setTab('mapping')
                  }}
                />
              </Tabs.Panel>
              <Tabs.Panel value="security">
                <SignatureForm key={webhook.id} webhook={webhook} />
              </Tabs.Panel>
            </Tabs>
          </div>
        )}
      </Answer>
    </>
  )
}

function Address({ webhook }: { webhook: InboundWebhook }) {
  const [worst] = webhook.turnedAway
  return (
    <Section
      title="Where the tool calls"
      about={
        webhook.signature.scheme === 'none'
          ? 'By POST, with JSON or a posted form. Whoever knows the URL can call it.'
          : 'By POST, with JSON or a posted form, signed as Security says.'
      }
    >
      <div className={classes.column}>
        <CopyField label="URL" value={webhook.url} />
        {worst ? (
          <Alert
            color="yellow"
            title={`${formatNumber(worst.count)} calls were turned away in the last 30 days`}
          >
            {worst.explanation} The last was <Time at={worst.lastAt} />.
          </Alert>
        ) : null}
        {webhook.lastAt === null ? (
          <Text c="dimmed">
            No call has come yet. Send a test from the tool: it appears under “What came in”.
          </Text>
        ) : null}
      </div>
    </Section>
  )
}

function Actions({ webhook }: { webhook: InboundWebhook }) {
  const [asks, setAsks] = useState<'archive' | 'renew'>()
  const stale = [listInboundWebhooks, getInboundWebhook]
  const done = () => setAsks(undefined)
  const update = useWrite(updateInboundWebhook, { stale, onDone: done })
  const renew = useWrite(renewInboundUrl, {
    stale,
    onDone: () => {
      done()
      showDone('The webhook has another URL. Enter it at the tool.')
    },
  })
  const archive = (isArchived: boolean) => update.mutate({ params: { id: webhook.id }, body: { isArchived } })
  return (
    <>
      {webhook.archivedAt ? (
        <Button
          variant="default"
          leftSection={<IconArchiveOff size={16} />}
          loading={update.isPending}
          onClick={() => archive(false)}
        >
          Restore
        </Button>
      ) : (
        <>
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => setAsks('renew')}>
            Another URL
          </Button>
          <Button
            variant="default"
            leftSection={<IconArchive size={16} />}
            onClick={() => setAsks('archive')}
          >
            Archive
          </Button>
        </>
      )}
      <ConfirmDialog
        opened={asks === 'archive'}
        onClose={done}
        title={`Archive ${webhook.name}?`}
        action="Archive"
        busy={update.isPending}
        onConfirm={() => archive(true)}
      >
        Calls are turned away from now on. What came in stays, and you can restore it under the same URL.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asks === 'renew'}
        onClose={done}
        title="Another URL?"
        action="Make another URL"
        busy={renew.isPending}
        onConfirm={() => renew.mutate({ params: { id: webhook.id } })}
      >
        The URL of now stops working at once: enter the new one at the tool straight away.
      </ConfirmDialog>
    </>
  )
}
