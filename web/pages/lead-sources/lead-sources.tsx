// Lead sources: how each connected one stands, what else leads can come by, and what each brought.
import { Badge, Text, Title } from '@mantine/core'
import { IconMagnet } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { listLeadSources } from '../../../src/lead-sources/contract.ts'
import type { LeadSourceCard } from '../../../src/lead-sources/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { ButtonLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import classes from './lead-sources.module.css'
import { StatisticsSection } from './statistics.tsx'
import { healthWords } from './words.ts'

export function LeadSourcesPage() {
  const { slug } = useWorkspace()
  const mayReport = useMay('reports.read')
  const found = useCall(listLeadSources, {}, { refetchMs: 10_000 })
  return (
    <>
      <PageHeader
        title="Lead sources"
        about="Forms of ads tell of each lead as it is left. It is kept at once, read, mapped to a lead, and goes the way of everything else."
      />
      <Answer of={found}>
        {({ items, catalogue }) => (
          <>
            <Section title="Connected" flush={items.length > 0}>
              {items.length > 0 ? (
                <Sources items={items} />
              ) : (
                <EmptyState
                  icon={IconMagnet}
                  title="No source is connected yet"
                  compact
                  actions={
                    <ButtonLink to="/w/$workspace/integrations" params={{ workspace: slug }}>
                      Connect one
                    </ButtonLink>
                  }
                >
                  Connect a vendor whose ads have lead forms. Its leads arrive here within seconds, and what
                  was left before is caught up.
                </EmptyState>
              )}
            </Section>
            {mayReport ? <StatisticsSection /> : null}
            <Section title="More ways in">
              <div className={classes.grid}>
                {catalogue
                  .filter(({ connector }) => !items.some((one) => one.connector === connector))
                  .map(({ connector, name, summary }) => (
                    <article key={connector} className={classes.card} aria-label={name}>
                      <Title order={3}>{name}</Title>
                      <Text>{summary}</Text>
                      <ButtonLink
                        variant="default"
                        to="/w/$workspace/integrations"
                        params={{ workspace: slug }}
                        aria-label={`Connect ${name}`}
                      >
                        Connect
                      </ButtonLink>
                    </article>
                  ))}
                <article className={classes.card} aria-label="Website forms">
                  <Title order={3}>Website forms</Title>
                  <Text>Forms of your own, on a page of theirs or in any page of yours.</Text>
                  <ButtonLink variant="default" to="/w/$workspace/forms" params={{ workspace: slug }}>
                    Make a form
                  </ButtonLink>
                </article>
                <article className={classes.card} aria-label="Any other tool">
                  <Title order={3}>Any other tool</Title>
                  <Text>Whatever can call a URL sends leads and events, mapped by an example.</Text>
                  <ButtonLink
                    variant="default"
                    to="/w/$workspace/inbound-webhooks"
                    params={{ workspace: slug }}
                  >
                    Inbound webhooks
                  </ButtonLink>
                </article>
                <article className={classes.card} aria-label="Files">
                  <Title order={3}>Files</Title>
                  <Text>
                    Exports of other tools and lists, with each row’s mistakes shown and undone as one.
                  </Text>
                  <ButtonLink variant="default" to="/w/$workspace/imports" params={{ workspace: slug }}>
                    Import a file
                  </ButtonLink>
                </article>
              </div>
            </Section>
          </>
        )}
      </Answer>
    </>
  )
}

function Sources({ items }: { items: readonly LeadSourceCard[] }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  return (
    <DataTable
      label="Lead sources"
      keyboard
      rows={items}
      rowId={({ connectionId }) => connectionId}
      onOpen={({ connectionId }) =>
        void navigate({
          to: '/w/$workspace/lead-sources/$connectionId',
          params: { workspace: slug, connectionId },
        })
      }
      columns={[
        {
          key: 'name',
          header: 'Source',
          cell: (one) => (
            <span className={classes.name}>
              <Text fw={500} component="span" truncate>
                {one.name}
              </Text>
              {one.words[0] ? (
                <Text fz="xs" c="dimmed" component="span" lineClamp={2} className={classes.words}>
                  {one.words[0]}
                </Text>
              ) : null}
            </span>
          ),
        },
        {
          key: 'health',
          header: 'Health',
          width: 144,
          cell: ({ health }) => (
            <Badge color={healthWords[health].colour} miw="max-content">
              {healthWords[health].label}
            </Badge>
          ),
        },
        {
          key: 'caught',
          header: 'Leads',
          align: 'right',
          width: 80,
          cell: ({ caught }) => formatNumber(caught),
        },
        {
          key: 'quality',
          header: 'Quality',
          align: 'right',
          width: 80,
          show: 'wide',
          cell: ({ quality }) => quality ?? '–',
        },
        {
          key: 'waiting',
          header: 'Waiting',
          align: 'right',
          width: 88,
          show: 'wide',
          cell: ({ waiting }) => formatNumber(waiting),
        },
        {
          key: 'last',
          header: 'Last lead',
          width: 128,
          show: 'wide',
          cell: ({ lastLeadAt }) => (lastLeadAt ? <Time at={lastLeadAt} /> : 'none yet'),
        },
      ]}
    />
  )
}
