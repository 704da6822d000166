// One connection: how it fares and what to do, its settings, its newest calls, and giving it up.
import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  checkConnection,
  disconnect,
  getConnection,
  listConnections,
  listVendorCalls,
  reconnect,
  updateConnection,
} from '../../../src/connectors/contract.ts'
import type { Connection, ConnectorCard } from '../../../src/connectors/contract.ts'
import { listDeliveries } from '../../../src/deliveries/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { MissingPage } from '../../shell/stray-pages.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { ButtonLink, TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import classes from './integrations.module.css'
import { SettingsForm } from './settings-form.tsx'
import { StatusBadge } from './status-badge.tsx'

export function ConnectionPage() {
  const { connectionId } = useParams({ from: '/w/$workspace/integrations/$connectionId' })
  return /^[0-9a-f-]{36}$/i.test(connectionId) ? (
    <Frame key={connectionId} id={connectionId} />
  ) : (
    <MissingPage />
  )
}

function Frame({ id }: { id: string }) {
  const { slug } = useWorkspace()
  const found = useCall(getConnection, { params: { id } }, { refetchMs: 10_000 })
  const all = useCall(listConnections, {})
  const card = all.data?.catalogue.find((one) => one.id === found.data?.connector)
  return (
    <>
      <PageHeader
        title={found.data?.name ?? 'Connection'}
        aside={found.data ? <StatusBadge status={found.data.status} /> : undefined}
        about={
          <TextLink to="/w/$workspace/integrations" params={{ workspace: slug }}>
            All integrations
          </TextLink>
        }
        actions={found.data && card ? <Actions connection={found.data} card={card} /> : undefined}
      />
      <Answer of={found}>{(connection) => <Detail connection={connection} card={card} />}</Answer>
    </>
  )
}

function Actions({ connection, card }: { connection: Connection; card: ConnectorCard }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const mayWrite = useMay('settings.write')
  const [isAsked, setAsked] = useState(false)
  const params = { params: { id: connection.id } }
  const check = useWrite(checkConnection, {
    stale: [getConnection, listConnections, listVendorCalls],
    onDone: ({ status, problem }) => {
      if (status === 'connected') showDone(`${connection.name} works.`)
      else if (problem) showDone(problem)
    },
  })
  const again = useWrite(reconnect, { onDone: ({ authoriseUrl }) => window.location.assign(authoriseUrl) })
  const part = useWrite(disconnect, {
    stale: [listConnections, listDeliveries],
    onDone: () => void navigate({ to: '/w/$workspace/integrations', params: { workspace: slug } }),
  })
  if (!mayWrite) return null
  return (
    <>
      {card.capabilities.includes('leads') ? (
        <ButtonLink
          variant="default"
          to="/w/$workspace/lead-sources/$connectionId"
          params={{ workspace: slug, connectionId: connection.id }}
        >
          Leads
        </ButtonLink>
      ) : null}
      {card.capabilities.includes('conversions') ? (
        <ButtonLink
          variant="default"
          to="/w/$workspace/conversions"
          params={{ workspace: slug }}
          search={{ destination: connection.id }}
        >
          Conversions
        </ButtonLink>
      ) : null}
      {card.usesOAuth ? (
        <Button variant="default" loading={again.isPending} onClick={() => again.mutate(params)}>
          Connect again
        </Button>
      ) : null}
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} />}
        loading={check.isPending}
        onClick={() => check.mutate(params)}
      >
        Check
      </Button>
      <Button
        variant="default"
        color="red"
        leftSection={<IconPlugConnectedX size={16} />}
        onClick={() => setAsked(true)}
      >
        Disconnect
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={`Disconnect ${connection.name}?`}
        action="Disconnect"
        busy={part.isPending}
        onConfirm={() => part.mutate(params)}
      >
        Its secrets are forgotten, what waits to be sent there is withheld, and its mappings go. What was sent
        stays listed under Deliveries. This cannot be undone; it can be connected anew.
      </ConfirmDialog>
    </>
  )
}

function Detail({ connection, card }: { connection: Connection; card: ConnectorCard | undefined }) {
  const mayWrite = useMay('settings.write')
  const write = useWrite(updateConnection, {
    stale: [getConnection, listConnections, listVendorCalls],
    quiet: true,
    onDone: ({ connection: now, authoriseUrl }) => {
      if (authoriseUrl) window.location.assign(authoriseUrl)
      else if (now.status === 'connected') showDone('Saved. The connection works.')
      else showDone('Saved. The connection does not work yet.')
    },
  })
  return (
    <>
      {connection.problem ? (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={16} stroke={1.6} />}
          title="What is wrong"
          mb={16}
        >
          <span className={classes.problem}>{connection.problem}</span>
        </Alert>
      ) : null}
      {card && mayWrite ? (
        <Section
          title="Settings"
          about={connection.account ? `Connected as ${connection.account}.` : undefined}
        >
          <SettingsForm
            key={connection.updatedAt}
            card={card}
            known={connection.settings}
            secrets={connection.secrets}
            action="Save and check"
            busy={write.isPending}
            problem={write.error}
            onSubmit={(settings) => write.mutate({ params: { id: connection.id }, body: { settings } })}
          />
        </Section>
      ) : null}
      <Calls id={connection.id} />
    </>
  )
}

function Calls({ id }: { id: string }) {
  const found = useCall(listVendorCalls, { params: { id } }, { refetchMs: 10_000 })
  return (
    <Section
      title="Newest calls"
      about="What was asked of the vendor and what it answered, kept for 30 days, secrets hidden."
      flush
    >
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={<Text p={16}>No call was made over this connection yet.</Text>}
      >
        {({ items }) => (
          <DataTable
            label="Calls"
            rows={items}
            rowId={(line) => line.id}
            maxHeight="480px"
            columns={[
              { key: 'at', header: 'When', width: 136, cell: ({ calledAt }) => <Time at={calledAt} /> },
              {
                key: 'status',
                header: 'Answer',
                width: 96,
                cell: ({ status }) => status ?? 'none',
              },
              {
                key: 'items',
                header: 'Items',
                align: 'right',
                width: 72,
                show: 'wide',
                cell: (line) => formatNumber(line.items),
              },
              {
                key: 'took',
                header: 'Took',
                align: 'right',
                width: 88,
                show: 'wide',
                cell: ({ tookMs }) => `${formatNumber(tookMs)} ms`,
              },
              {
                key: 'words',
                header: 'Request and words',
                cell: ({ method, url, answer }) => (
                  <span className={classes.words}>
                    <Text fz="xs" component="span" truncate title={`${method} ${url}`}>
                      {method} {url}
                    </Text>
                    <Text fz="xs" c="dimmed" component="span" truncate title={answer}>
                      {answer}
                    </Text>
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answer>
    </Section>
  )
}
