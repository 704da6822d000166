// The audit log: who changed what, with before and after.
import { Button, Drawer, Stack, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { listAuditLog } from '../../../src/accounts/contract.ts'
import type { AuditEntry } from '../../../src/accounts/contract.ts'
import { useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { words } from '../../ui/format.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'

export function AuditSettings() {
  const log = useCallPages(listAuditLog, { query: { limit: 50 } })
  const [open, setOpen] = useState<AuditEntry>()
  return (
    <>
      <PageHeader
        title="Audit log"
        about="Who changed what, newest first. Entries can be neither changed nor removed."
      />
      <Answer
        of={log}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={
          <EmptyState icon={IconHistory} title="Nothing yet">
            Changes of settings, roles, keys and leads appear here.
          </EmptyState>
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
