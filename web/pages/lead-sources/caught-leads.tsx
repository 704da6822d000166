// The leads that a vendor told of, and what became of each: how good it is and why, or what went wrong.
import { Badge, Button, Text, Tooltip } from '@mantine/core'
import { listCaughtLeads, listLeadSources, retryCaughtLead } from '../../../src/lead-sources/contract.ts'
import type { CaughtLead } from '../../../src/lead-sources/contract.ts'
import { showDone, useCallPages, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import classes from './lead-sources.module.css'
import { statusWords } from './words.ts'

export function CaughtLeads({ connectionId }: { connectionId: string }) {
  const mayWrite = useMay('settings.write')
  const found = useCallPages(
    listCaughtLeads,
    { query: { connectionId, limit: 50 } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const retry = useWrite(retryCaughtLead, {
    stale: [listCaughtLeads, listLeadSources],
    onDone: () => showDone('The vendor is asked for it once more.'),
  })
  const items = found.data?.pages.flatMap((page) => page.items)
  return (
    <Section title="What it caught" about="The newest first. Test leads are marked and made no leads." flush>
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState title="No lead yet" compact>
            A lead appears here as soon as the vendor tells of it.
          </EmptyState>
        }
      >
        {(list) => (
          <DataTable
            label="Caught leads"
            rows={list}
            rowId={({ id }) => id}
            columns={columns}
            rowActions={(row) =>
              mayWrite && row.status === 'failed' ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={retry.isPending}
                  onClick={() => retry.mutate({ params: { id: row.id } })}
                >
                  Try again
                </Button>
              ) : null
            }
            footer={
              found.hasNextPage ? (
                <Button
                  variant="default"
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  Show more
                </Button>
              ) : undefined
            }
          />
        )}
      </Answer>
    </Section>
  )
}

const columns = [
  {
    key: 'lead',
    header: 'Lead',
    cell: (row: CaughtLead) => (
      <span className={classes.name}>
        {row.leadId ? (
          <LeadLink id={row.leadId} label={row.leadLabel ?? 'A lead'} />
        ) : (
          <Text component="span" truncate>
            {row.vendorLeadId}
          </Text>
        )}
        <Text fz="xs" c="dimmed" component="span" lineClamp={2} className={classes.words}>
          {row.problem ?? [row.formName || row.formId, row.campaign].filter(Boolean).join(', ')}
        </Text>
      </span>
    ),
  },
  {
    key: 'status',
    header: 'Became',
    width: 112,
    cell: ({ status }: CaughtLead) => (
      <Badge color={statusWords[status].colour} miw="max-content">
        {statusWords[status].label}
      </Badge>
    ),
  },
  {
    key: 'quality',
    header: 'Quality',
    align: 'right' as const,
    width: 88,
    cell: ({ quality, qualityParts }: CaughtLead) =>
      quality === null ? (
        '–'
      ) : (
        <Tooltip
          multiline
          w={280}
          label={qualityParts.map(({ what, points, of }) => (
            <div key={what}>
              {what}: {points} of {of}
            </div>
          ))}
        >
          <span tabIndex={0} className="tabular">
            {quality}
          </span>
        </Tooltip>
      ),
  },
  {
    key: 'by',
    header: 'Told by',
    width: 112,
    show: 'wide' as const,
    cell: ({ toldBy }: CaughtLead) => (toldBy === 'webhook' ? 'Webhook' : 'Catch-up'),
  },
  {
    key: 'at',
    header: 'Left',
    width: 128,
    show: 'wide' as const,
    cell: ({ submittedAt, toldAt }: CaughtLead) => <Time at={submittedAt ?? toldAt} />,
  },
]
