// Leads that may be the same person: each pair with its reason, to be merged by a person. A merge can be undone.
import { Button, Group, Text } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import { dismissProposal, listProposals } from '../../../src/leads/contract.ts'
import { getDashboard } from '../../../src/reports/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { words } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { MergeDialog } from '../lead/merge/merge-dialog.tsx'

interface Twin {
  id: string
  label: string
  email: string | null
}

interface Pair {
  id: string
  reason: string
  proposedAt: string
  leads: Twin[]
}

export function DuplicatesPage() {
  const proposals = useCall(listProposals, {})
  const mayMerge = useMay('leads.write')
  const [merging, setMerging] = useState<Pair>()
  const dismiss = useWrite(dismissProposal, {
    stale: [listProposals, getDashboard],
    onDone: () => showDone('Kept apart. Nothing but a merge by hand joins these two from now on.'),
  })
  return (
    <>
      <PageHeader
        title="Duplicates"
        about="Leads that share something, but not enough to be merged without a person."
      />
      <Answer
        of={proposals}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={IconUsersGroup} title="No duplicates wait">
            Pairs appear here when two known leads share a browser, a phone number or another trace.
          </EmptyState>
        }
      >
        {({ items }) => (
          <DataTable
            label="Duplicates"
            rows={items}
            rowId={(pair) => pair.id}
            columns={[
              { key: 'one', header: 'Lead', cell: ({ leads }) => <Named lead={leads[0]} /> },
              { key: 'other', header: 'May be the same as', cell: ({ leads }) => <Named lead={leads[1]} /> },
              { key: 'reason', header: 'Because', show: 'wide', cell: (pair) => words(pair.reason) },
              {
                key: 'proposed',
                header: 'Since',
                width: 120,
                show: 'wide',
                cell: (pair) => <Time at={pair.proposedAt} />,
              },
            ]}
            rowActions={
              mayMerge
                ? (pair) => (
                    <Group gap={8} wrap="nowrap">
                      <Button
                        size="compact-xs"
                        variant="default"
                        loading={dismiss.isPending && dismiss.variables.params.id === pair.id}
                        onClick={() => dismiss.mutate({ params: { id: pair.id } })}
                      >
                        Not the same person
                      </Button>
                      <Button size="compact-xs" variant="default" onClick={() => setMerging(pair)}>
                        Merge
                      </Button>
                    </Group>
                  )
                : undefined
            }
          />
        )}
      </Answer>
      {merging ? (
        <MergeDialog
          leadIds={merging.leads.map(({ id }) => id)}
          onClose={() => setMerging(undefined)}
          onMerged={() => setMerging(undefined)}
        />
      ) : null}
    </>
  )
}

function Named({ lead }: { lead: Twin | undefined }) {
  if (!lead) return null
  return (
    <>
      <LeadLink id={lead.id} label={lead.label} />
      {lead.email && lead.email !== lead.label ? (
        <Text fz="xs" c="dimmed">
          {lead.email}
        </Text>
      ) : null}
    </>
  )
}
