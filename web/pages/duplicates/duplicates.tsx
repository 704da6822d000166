// Leads that may be the same person: each pair with its probability and reasons, side by side, to be merged or kept apart.
import { Stack, Text } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { dismissProposal, listProposals } from '../../../src/leads/contract.ts'
import { getDashboard } from '../../../src/reports/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { count } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { useMay } from '../../workspace.ts'
import { MergeDialog } from '../lead/merge/merge-dialog.tsx'
import { LookNow, LookWords, MergingForm, useLook } from './look.tsx'
import { PairCard } from './pair.tsx'
import type { Pair } from './pair.tsx'

/** As many as the server gives at once. */
const most = 200

export function DuplicatesPage() {
  const look = useLook()
  const proposals = useCall(listProposals, {}, { refetchMs: look?.isLooking ? 2_000 : undefined })
  const mayMerge = useMay('leads.write')
  const [merging, setMerging] = useState<Pair>()
  const dismiss = useWrite(dismissProposal, {
    stale: [listProposals, getDashboard],
    onDone: () => showDone('Kept apart. Nothing but a merge by hand joins these two from now on.'),
  })
  // What a look found is shown once it ends, too.
  const { refetch } = proposals
  const isLooking = look?.isLooking
  useEffect(() => {
    if (isLooking === false) void refetch()
  }, [isLooking, refetch])
  return (
    <>
      <PageHeader
        title="Duplicates"
        about="Leads that look alike or share something, but not enough to be merged without a person."
        actions={look && mayMerge ? <LookNow look={look} /> : undefined}
      />
      <Stack gap={16}>
        {look ? <LookWords look={look} /> : null}
        <Answer
          of={proposals}
          isEmpty={({ items }) => items.length === 0}
          empty={
            <EmptyState icon={IconUsersGroup} title="No duplicates wait">
              Pairs appear here when a look finds leads alike by name, address, company and the like, and when
              two known leads share a browser, a phone number or another trace.
            </EmptyState>
          }
        >
          {({ items }) => (
            <Stack gap={16}>
              <Text fz="sm" c="dimmed">
                {items.length === most
                  ? `The likeliest ${count(most, 'pair')}; more follow once these are decided.`
                  : `${count(items.length, 'pair')} ${items.length === 1 ? 'waits' : 'wait'}, the likeliest first.`}
              </Text>
              {items.map((pair) => (
                <PairCard
                  key={pair.id}
                  pair={pair}
                  mayMerge={mayMerge}
                  isDismissing={dismiss.isPending && dismiss.variables.params.id === pair.id}
                  onDismiss={() => dismiss.mutate({ params: { id: pair.id } })}
                  onMerge={() => setMerging(pair)}
                />
              ))}
            </Stack>
          )}
        </Answer>
        {look ? <MergingForm key={JSON.stringify(look.merging)} look={look} /> : null}
      </Stack>
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
