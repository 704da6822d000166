// The audit log: who changed what, with before and after; narrowed by who, what and when, and exported so.
import { Button, Drawer, Stack, Text } from '@mantine/core'
import { IconDownload, IconHistory } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { exportAuditLog, listAuditLog } from '../../../src/accounts/contract.ts'
import type { AuditEntry } from '../../../src/accounts/contract.ts'
import { Problem, address } from '../../call.ts'
import { showProblem, useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { words } from '../../ui/format.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import { auditQuery } from './audit-address.ts'
import { AuditFilter } from './audit-filter.tsx'

export function AuditSettings() {
  const { slug, timeZone } = useWorkspace()
  const filter = useSearch({ from: '/w/$workspace/settings/audit' })
  const navigate = useNavigate()
  const query = auditQuery(filter, timeZone)
  const isNarrowed = Object.keys(filter).length > 0
  const log = useCallPages(listAuditLog, { query: { limit: 50, ...query } }, { keepPrevious: true })
  const [open, setOpen] = useState<AuditEntry>()
  return (
    <>
      <PageHeader
        title="Audit log"
        about="Who changed what, newest first. Entries can be neither changed nor removed."
        actions={<ExportButton path={address(exportAuditLog.path, {}, query)} workspace={slug} />}
      />
      <AuditFilter
        filter={filter}
        onChange={(search) =>
          void navigate({
            to: '/w/$workspace/settings/audit',
            params: { workspace: slug },
            search,
            replace: true,
          })
        }
      />
      <Answer
        of={log}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={
          isNarrowed ? (
            <EmptyState icon={IconHistory} title="Nothing like that">
              No entry fits this filter. Take a part of it away.
            </EmptyState>
          ) : (
            <EmptyState icon={IconHistory} title="Nothing yet">
              Changes of settings, roles, keys and leads appear here.
            </EmptyState>
          )
        }
      >
        {({ pages }) => (
          <DataTable
            label="Audit log"
            keyboard
            rows={pages.flatMap(({ items }) => items)}
            rowId={(entry) => entry.id}
            onOpen={setOpen}
            openId={open?.id}
            columns={[
              { key: 'when', header: 'When', width: 136, cell: (entry) => <Time at={entry.occurredAt} /> },
              { key: 'who', header: 'Who', cell: (entry) => entry.actorLabel },
              {
                key: 'what',
                header: 'What',
                cell: (entry) => (
                  <Text fw={500} component="span">
                    {words(entry.action)}
                  </Text>
                ),
              },
              {
                key: 'subject',
                header: 'On',
                show: 'wide',
                cell: (entry) => <Subject text={entry.subject} />,
              },
            ]}
            footer={
              log.hasNextPage ? (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  loading={log.isFetchingNextPage}
                  onClick={() => void log.fetchNextPage()}
                >
                  Show earlier entries
                </Button>
              ) : (
                'This is all.'
              )
            }
          />
        )}
      </Answer>
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        position="right"
        title={open ? words(open.action) : ''}
        size={480}
      >
        {open ? <Entry entry={open} /> : null}
      </Drawer>
    </>
  )
}

function ExportButton({ path, workspace }: { path: string; workspace: string }) {
  const [isBusy, setBusy] = useState(false)
  // A plain link could not name the workspace.
  const download = async () => {
    setBusy(true)
    try {
      const reply = await fetch(path, { headers: { 'x-workspace': workspace }, credentials: 'same-origin' })
      if (!reply.ok)
        throw new Problem(reply.status, 'export_failed', `The server answered with ${reply.status}.`)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await reply.blob())
      link.download = 'audit-log.csv'
      link.click()
      URL.revokeObjectURL(link.href)
    } catch (error) {
      showProblem(
        error instanceof Problem
          ? error
          : new Error('The server did not answer to the end. Check that it runs, then try again.'),
      )
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} stroke={1.6} />}
      loading={isBusy}
      onClick={() => void download()}
    >
      Export as CSV
    </Button>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  return (
    <Stack gap={16}>
      <Text>
        {entry.actorLabel}, <Time at={entry.occurredAt} as="full" />
        <br />
        <Subject text={entry.subject} />
      </Text>
      {entry.before ? (
        <div>
          <Text fw={500} mb={8}>
            Before
          </Text>
          <JsonView value={entry.before} label="Before" />
        </div>
      ) : null}
      {entry.after ? (
        <div>
          <Text fw={500} mb={8}>
            After
          </Text>
          <JsonView value={entry.after} label="After" />
        </div>
      ) : null}
    </Stack>
  )
}

// `api_key:0199…` is read as "Api key" and an id that need not be read in full.
function Subject({ text }: { text: string }) {
  const [kind = '', ...id] = text.split(':')
  return (
    <span title={text}>
      {words(kind)}{' '}
      <Text span fz="xs" c="dimmed" ff="monospace">
        {id.join(':').slice(0, 13)}
      </Text>
    </span>
  )
}
