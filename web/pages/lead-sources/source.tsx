// One source of leads: how it stands and what to do, its forms and their mappings, and what it caught.
import { Alert, Badge, Button, Drawer, Text } from '@mantine/core'
import { IconAlertTriangle, IconBroadcast, IconFlask, IconRefresh } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  listCaughtLeads,
  listLeadForms,
  listLeadSources,
  sendTestLead,
  startListening,
  syncLeads,
} from '../../../src/lead-sources/contract.ts'
import type { LeadFormCard, LeadSourceCard } from '../../../src/lead-sources/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { MissingPage } from '../../shell/stray-pages.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { ButtonLink, TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { CaughtLeads } from './caught-leads.tsx'
import classes from './lead-sources.module.css'
import { MappingEditor } from './mapping-editor.tsx'
import { healthWords } from './words.ts'

export function LeadSourcePage() {
  const { connectionId } = useParams({ from: '/w/$workspace/lead-sources/$connectionId' })
  const { slug } = useWorkspace()
  const found = useCall(listLeadSources, {}, { refetchMs: 5_000 })
  const source = found.data?.items.find((one) => one.connectionId === connectionId)
  if (found.data && !source) return <MissingPage />
  return (
    <>
      <PageHeader
        title={source?.name ?? 'Lead source'}
        aside={
          source ? (
            <Badge color={healthWords[source.health].colour}>{healthWords[source.health].label}</Badge>
          ) : undefined
        }
        about={
          <TextLink to="/w/$workspace/lead-sources" params={{ workspace: slug }}>
            All lead sources
          </TextLink>
        }
        actions={source ? <Actions source={source} /> : undefined}
      />
      <Answer of={found}>{() => (source ? <Detail source={source} /> : null)}</Answer>
    </>
  )
}

function Actions({ source }: { source: LeadSourceCard }) {
  const { slug } = useWorkspace()
  const mayWrite = useMay('settings.write')
  const params = { params: { connectionId: source.connectionId } }
  const stale = [listLeadSources, listCaughtLeads]
  const heard = useWrite(startListening, { stale, onDone: ({ words }) => showDone(words) })
  const synced = useWrite(syncLeads, {
    stale,
    onDone: ({ revived }) =>
      showDone(
        revived > 0
          ? `The vendor is asked; ${count(revived, 'lead')} that failed ${revived === 1 ? 'is' : 'are'} tried again.`
          : 'The vendor is asked for leads that it did not tell of.',
      ),
  })
  const tested = useWrite(sendTestLead, { stale, onDone: ({ words }) => showDone(words) })
  return (
    <>
      <ButtonLink
        variant="default"
        to="/w/$workspace/integrations/$connectionId"
        params={{ workspace: slug, connectionId: source.connectionId }}
      >
        Connection
      </ButtonLink>
      {mayWrite ? (
        <>
          {source.canSendTest ? (
            <Button
              variant="default"
              leftSection={<IconFlask size={16} />}
              loading={tested.isPending}
              onClick={() => tested.mutate({ ...params, body: {} })}
            >
              Send a test lead
            </Button>
          ) : null}
          {source.canCatchUp ? (
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} />}
              loading={synced.isPending || source.isCatchingUp}
              onClick={() => synced.mutate(params)}
            >
              Sync now
            </Button>
          ) : null}
          {source.canListen ? (
            <Button
              variant={source.isListening ? 'default' : 'filled'}
              leftSection={<IconBroadcast size={16} />}
              loading={heard.isPending}
              onClick={() => heard.mutate(params)}
            >
              Start receiving
            </Button>
          ) : null}
        </>
      ) : null}
    </>
  )
}

function Detail({ source }: { source: LeadSourceCard }) {
  return (
    <>
      {source.words.length > 0 ? (
        <Alert
          color={source.health === 'bad' ? 'red' : source.health === 'new' ? 'gray' : 'yellow'}
          icon={<IconAlertTriangle size={16} stroke={1.6} />}
          title={source.health === 'new' ? 'Nothing has come yet' : 'What to do'}
          mb={16}
        >
          {source.words.map((one) => (
            <div key={one} className={classes.words}>
              {one}
            </div>
          ))}
        </Alert>
      ) : null}
      <Section title="At the vendor" about={source.testHow}>
        <div className={classes.steps}>
          {source.steps.map(({ label, value }) => (
            <div key={label}>
              <Text fz="xs" c="dimmed">
                {label}
              </Text>
              {value === null ? null : <CopyField value={value} label={label} />}
            </div>
          ))}
          <dl className={classes.facts}>
            <dt>Told of a lead</dt>
            <dd>{source.toldAt ? <Time at={source.toldAt} /> : 'never yet'}</dd>
            {source.canCatchUp ? (
              <>
                <dt>Caught up</dt>
                <dd>
                  {source.caughtUpAt ? <Time at={source.caughtUpAt} /> : 'never yet'}
                  {source.missed > 0
                    ? `, ${count(source.missed, 'lead')} found that nothing had told of`
                    : ''}
                </dd>
              </>
            ) : null}
            <dt>Last test</dt>
            <dd>{source.lastTestAt ? <Time at={source.lastTestAt} /> : 'none yet'}</dd>
          </dl>
        </div>
      </Section>
      <Forms source={source} />
      <CaughtLeads connectionId={source.connectionId} />
    </>
  )
}

function Forms({ source }: { source: LeadSourceCard }) {
  const [open, setOpen] = useState<{ id: string; name: string }>()
  const params = { connectionId: source.connectionId }
  const found = useCall(
    listLeadForms,
    { params },
    { enabled: source.canListForms && source.status === 'connected', staleMs: 60_000 },
  )
  const all = (
    <Button variant="default" onClick={() => setOpen({ id: '', name: 'All forms' })}>
      Mapping of all forms
    </Button>
  )
  return (
    <Section
      title="Forms"
      about="How the answers of each form fill a lead. Click one to change it and see what would come of it."
      flush
      actions={all}
    >
      {source.canListForms && source.status === 'connected' ? (
        <Answer
          of={found}
          isEmpty={({ items }) => items.length === 0}
          empty={
            <EmptyState title="No form yet" compact>
              Make a lead form at the vendor; it appears here.
            </EmptyState>
          }
        >
          {({ items }) => (
            <DataTable label="Forms" rows={items} rowId={({ id }) => id} onOpen={setOpen} columns={columns} />
          )}
        </Answer>
      ) : (
        <Text p={16} c="dimmed">
          {source.canListForms
            ? 'Forms are shown once the connection works.'
            : 'This vendor shows no forms: every lead brings its own questions, and the mapping of all forms holds.'}
        </Text>
      )}
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        position="right"
        size={720}
        title={open ? `How ${open.name} fills a lead` : ''}
      >
        {open ? (
          <MappingEditor
            key={open.id}
            connectionId={source.connectionId}
            formId={open.id}
            onDone={() => setOpen(undefined)}
          />
        ) : null}
      </Drawer>
    </Section>
  )
}

const columns = [
  {
    key: 'name',
    header: 'Form',
    cell: ({ name, id }: LeadFormCard) => (
      <span className={classes.name}>
        <Text fw={500} component="span" truncate>
          {name}
        </Text>
        <Text fz="xs" c="dimmed" component="span">
          {id}
        </Text>
      </span>
    ),
  },
  {
    key: 'questions',
    header: 'Questions',
    align: 'right' as const,
    width: 96,
    show: 'wide' as const,
    cell: ({ questions }: LeadFormCard) => formatNumber(questions.length),
  },
  {
    key: 'leads',
    header: 'Leads there',
    align: 'right' as const,
    width: 104,
    show: 'wide' as const,
    cell: ({ leadCount }: LeadFormCard) => (leadCount === null ? '–' : formatNumber(leadCount)),
  },
  {
    key: 'mapping',
    header: 'Mapping',
    width: 120,
    cell: ({ isMapped, isOpen }: LeadFormCard) => (
      <Badge color={isMapped ? 'blue' : 'gray'} miw="max-content">
        {isMapped ? 'Changed' : isOpen ? 'Default' : 'Closed'}
      </Badge>
    ),
  },
]
