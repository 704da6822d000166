// Integrations: the connections there are and how each fares, and every vendor that can be connected.
import { Button, Modal, Text, Title } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { connect, listConnections } from '../../../src/connectors/contract.ts'
import type { Connection, ConnectorCard } from '../../../src/connectors/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { Initials } from './initials.tsx'
import classes from './integrations.module.css'
import { SettingsForm } from './settings-form.tsx'
import { StatusBadge } from './status-badge.tsx'

export function IntegrationsPage() {
  const { mode } = useWorkspace()
  const found = useCall(listConnections, {}, { refetchMs: 10_000 })
  return (
    <>
      <PageHeader
        title="Integrations"
        about={
          mode === 'test'
            ? 'Connections of this test workspace talk to the bundled sandbox, never to the vendors themselves.'
            : 'Connect the places that leads come from and conversions go to.'
        }
      />
      <Answer of={found}>
        {({ catalogue, items }) => (
          <>
            <Section title="Connected" flush={items.length > 0}>
              {items.length > 0 ? (
                <Connections items={items} catalogue={catalogue} />
              ) : (
                <EmptyState icon={IconPlugConnected} title="Nothing is connected yet" compact>
                  Choose a vendor below. It takes the keys that the vendor shows in its settings.
                </EmptyState>
              )}
            </Section>
            <Catalogue catalogue={catalogue} />
          </>
        )}
      </Answer>
    </>
  )
}

function Connections({
  items,
  catalogue,
}: {
  items: readonly Connection[]
  catalogue: readonly ConnectorCard[]
}) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const cardOf = (id: string) => catalogue.find((card) => card.id === id)
  return (
    <DataTable
      label="Connections"
      keyboard
      rows={items}
      rowId={({ id }) => id}
      onOpen={({ id }) =>
        void navigate({
          to: '/w/$workspace/integrations/$connectionId',
          params: { workspace: slug, connectionId: id },
        })
      }
      columns={[
        {
          key: 'name',
          header: 'Connection',
          cell: (one) => (
            <span className={classes.name}>
              <Initials letters={cardOf(one.connector)?.initials ?? '?'} />
              <span className={classes.words}>
                <Text fw={500} component="span" truncate>
                  {one.name}
                </Text>
                <Text fz="xs" c="dimmed" component="span" truncate>
                  {one.problem ?? one.account ?? cardOf(one.connector)?.name}
                </Text>
              </span>
            </span>
          ),
        },
        {
          key: 'status',
          header: 'Status',
          width: 136,
          cell: ({ status }) => <StatusBadge status={status} />,
        },
        {
          key: 'lastEventAt',
          header: 'Last event',
          width: 136,
          show: 'wide',
          cell: ({ lastEventAt }) => (lastEventAt ? <Time at={lastEventAt} /> : 'none yet'),
        },
        {
          key: 'checkedAt',
          header: 'Checked',
          width: 136,
          show: 'wide',
          cell: ({ checkedAt }) => (checkedAt ? <Time at={checkedAt} /> : 'never'),
        },
      ]}
    />
  )
}

const does: Record<ConnectorCard['capabilities'][number], string> = {
  leads: 'brings in leads',
  conversions: 'takes conversions',
  shop: 'brings in customers and orders, and takes changes back',
}

function Catalogue({ catalogue }: { catalogue: readonly ConnectorCard[] }) {
  const mayConnect = useMay('settings.write')
  const [chosen, setChosen] = useState<ConnectorCard>()
  return (
    <Section title="Vendors" about={mayConnect ? undefined : 'An owner or admin connects them.'}>
      <div className={classes.grid}>
        {catalogue.map((card) => (
          <article key={card.id} className={classes.card} aria-label={card.name}>
            <div className={classes.head}>
              <Initials letters={card.initials} />
              <Title order={3}>{card.name}</Title>
            </div>
            <Text className={classes.about}>{card.summary}</Text>
            <Text fz="xs" c="dimmed">
              {card.capabilities.map((one) => does[one]).join(', ')}
            </Text>
            {mayConnect ? (
              <Button variant="default" onClick={() => setChosen(card)} aria-label={`Connect ${card.name}`}>
                Connect
              </Button>
            ) : null}
          </article>
        ))}
      </div>
      <Modal
        opened={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={`Connect ${chosen?.name ?? ''}`}
        size={520}
      >
        {chosen ? <Connecting card={chosen} onDone={() => setChosen(undefined)} /> : null}
      </Modal>
    </Section>
  )
}

function Connecting({ card, onDone }: { card: ConnectorCard; onDone: () => void }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const write = useWrite(connect, {
    stale: [listConnections],
    quiet: true,
    onDone: ({ connection, authoriseUrl }) => {
      if (authoriseUrl) {
        window.location.assign(authoriseUrl)
        return
      }
      onDone()
      void navigate({
        to: '/w/$workspace/integrations/$connectionId',
        params: { workspace: slug, connectionId: connection.id },
      })
    },
  })
  return (
    <SettingsForm
      card={card}
      action={card.usesOAuth ? `Go on at ${card.name}` : 'Connect'}
      busy={write.isPending}
      problem={write.error}
      onSubmit={(settings) => write.mutate({ body: { connector: card.id, settings } })}
    />
  )
}
