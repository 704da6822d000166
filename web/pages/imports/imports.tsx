// Imports: drop a file, and the history of those before.
import { Badge, Button, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { listImports } from '../../../src/imports/contract.ts'
import type { Import } from '../../../src/imports/contract.ts'
import { useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { DropFile } from './drop-file.tsx'
import classes from './imports.module.css'
import { stateWords } from './words.ts'

export function ImportsPage() {
  const { mode } = useWorkspace()
  const mayImport = useMay('imports.write')
  const imports = useCallPages(listImports, {}, { refetchMs: 5000 })
  const rows = imports.data?.pages.flatMap(({ items }) => items)
  return (
    <>
      <PageHeader title="Imports" about={`Files that became leads and orders of this ${mode} workspace.`} />
      {mayImport ? <DropFile /> : null}
      <div className={classes.history}>
        <Section title="History" flush>
          <Answer
            of={{ data: rows, error: imports.error, refetch: imports.refetch }}
            compact
            isEmpty={(items) => items.length === 0}
            empty={<Text c="dimmed">No file was imported yet.</Text>}
          >
            {(items) => (
              <History
                items={items}
                more={
                  imports.hasNextPage ? (
                    <Button
                      variant="default"
                      size="compact-sm"
                      loading={imports.isFetchingNextPage}
                      onClick={() => void imports.fetchNextPage()}
                    >
                      Show more
                    </Button>
                  ) : null
                }
              />
            )}
          </Answer>
        </Section>
      </div>
    </>
  )
}

function History({ items, more }: { items: readonly Import[]; more: ReactNode }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  return (
    <DataTable
      label="Imports"
      keyboard
      rows={items}
      rowId={({ id }) => id}
      onOpen={({ id }) =>
        void navigate({ to: '/w/$workspace/imports/$importId', params: { workspace: slug, importId: id } })
      }
      footer={more}
      columns={[
        {
          key: 'file',
          header: 'File',
          cell: (row) => (
            <Text fw={500} component="span">
              {row.fileName}
            </Text>
          ),
        },
        {
          key: 'state',
          header: 'State',
          width: 136,
          cell: ({ status, progress, undo }) =>
            undo?.status === 'done' ? (
              <Badge color="gray" miw="max-content">
                Taken back
              </Badge>
            ) : (
              <Badge color={stateWords[status].colour} miw="max-content">
                {status === 'running' ? `${Math.floor(progress * 100)}%` : stateWords[status].label}
              </Badge>
            ),
        },
        {
          key: 'rows',
          header: 'Rows',
          align: 'right',
          width: 96,
          cell: ({ counts }) => formatNumber(counts.rows),
        },
        {
          key: 'created',
          header: 'New',
          align: 'right',
          width: 96,
          show: 'wide',
          cell: ({ counts }) => formatNumber(counts.created),
        },
        {
          key: 'rejected',
          header: 'Rejected',
          align: 'right',
          width: 96,
          show: 'wide',
          cell: ({ counts }) => formatNumber(counts.rejected),
        },
        {
          key: 'who',
          header: 'By',
          width: 144,
          show: 'wide',
          cell: ({ createdByName }) => createdByName,
        },
        {
          key: 'when',
          header: 'Uploaded',
          width: 136,
          show: 'wide',
          cell: ({ createdAt }) => <Time at={createdAt} />,
        },
      ]}
    />
  )
}
