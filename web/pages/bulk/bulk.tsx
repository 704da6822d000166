// Bulk work: what runs on many leads now, and what ran before, with who asked for it.
import { Alert, Badge, Button, Progress, Text } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { cancelBulkJob, getBulkJob, listBulkJobs } from '../../../src/leads/bulk/contract.ts'
import type { BulkJob } from '../../../src/leads/bulk/contract.ts'
import { leadsPath } from '../../paths.ts'
import { useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { ButtonLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { useActorName } from '../lead/actors.ts'
import { useOwners } from '../leads/facts.ts'
import { actionWords, jobStates, standWords } from './bulk-words.ts'
import classes from './bulk.module.css'

export function BulkPage() {
  const { slug } = useWorkspace()
  const jobs = useCall(listBulkJobs, {}, { refetchMs: 2_000 })
  return (
    <>
      <PageHeader
        title="Bulk work"
        about="What was asked for many leads at once. It goes on when you leave, and after a restart."
        actions={
          <ButtonLink variant="default" to={leadsPath(slug)}>
            To the leads
          </ButtonLink>
        }
      />
      <Answer
        of={jobs}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState
            icon={IconStack2}
            title="No bulk work yet"
            actions={
              <ButtonLink variant="default" to={leadsPath(slug)}>
                Pick leads
              </ButtonLink>
            }
          >
            Pick leads in the list, or all that a filter finds, and tag, assign or change them together.
          </EmptyState>
        }
      >
        {({ items }) => <Jobs jobs={items} />}
      </Answer>
    </>
  )
}

function Jobs({ jobs }: { jobs: readonly BulkJob[] }) {
  const owners = useOwners()
  const actorName = useActorName()
  const mayWrite = useMay('leads.write')
  const cancel = useWrite(cancelBulkJob, { stale: [listBulkJobs, getBulkJob] })
  const ownerName = (id: string) => owners.find(({ value }) => value === id)?.label
  const failed = jobs.find(({ status }) => status === 'failed')
  return (
    <>
      {failed && failed === jobs[0] ? (
        <Alert color="red" mb={16} title={actionWords(failed.action, ownerName)}>
          {failed.error}
        </Alert>
      ) : null}
      <DataTable
        label="Bulk work"
        keyboard
        rows={jobs}
        rowId={({ id }) => id}
        columns={[
          {
            key: 'action',
            header: 'What',
            cell: (job) => (
              <div className={classes.what}>
                <Text component="span" fw={500}>
                  {actionWords(job.action, ownerName)}
                </Text>
                <Text component="span" fz="xs" c="dimmed" className={classes.stand}>
                  {standWords(job)}
                </Text>
              </div>
            ),
          },
          {
            key: 'state',
            header: 'State',
            width: 200,
            cell: (job) =>
              job.status === 'running' ? (
                <div className={classes.running}>
                  <Progress
                    value={job.total === 0 ? 0 : (job.done / job.total) * 100}
                    aria-label={actionWords(job.action, ownerName)}
                  />
                  {mayWrite ? (
                    <Button
                      size="compact-xs"
                      variant="default"
                      loading={cancel.isPending}
                      onClick={() => cancel.mutate({ params: { id: job.id } })}
                    >
                      Stop
                    </Button>
                  ) : null}
                </div>
              ) : (
                <Badge color={jobStates[job.status].colour} miw="max-content">
                  {jobStates[job.status].label}
                </Badge>
              ),
          },
          {
            key: 'who',
            header: 'Who',
            width: 176,
            show: 'wide',
            cell: ({ createdBy }) => actorName(createdBy) ?? '–',
          },
          {
            key: 'when',
            header: 'When',
            width: 136,
            show: 'wide',
            cell: ({ createdAt }) => <Time at={createdAt} />,
          },
        ]}
      />
    </>
  )
}
