// Work on custom fields above the list: how far it is, and what failed. What the page shows is read anew when it has ended.
import { Alert, Button, Progress, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { listFacets, listLeads } from '../../../../src/leads/contract.ts'
import {
  cancelFieldJob,
  countFields,
  listFieldJobs,
  listFields,
  retryFieldJob,
} from '../../../../src/leads/fields/contract.ts'
import type { FieldJob } from '../../../../src/leads/fields/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { count, formatNumber } from '../../../ui/format.ts'
import { useMay } from '../../../workspace.ts'
import { doneWords, stoppedWords, workWords } from './field-words.ts'
import classes from './fields.module.css'

export function FieldWorkLines() {
  const client = useQueryClient()
  const maySettle = useMay('settings.write')
  const idle = useCall(listFieldJobs, {}, { refetchMs: 15_000 })
  const isAtWork = idle.data?.items.some(({ status }) => status === 'running') ?? false
  const busy = useCall(listFieldJobs, {}, { enabled: isAtWork, refetchMs: isAtWork ? 700 : undefined })
  const data = busy.data ?? idle.data
  const told = useRef<Set<string>>(undefined)
  useEffect(() => {
    if (!data) return
    const ended = data.items.filter(({ status }) => status !== 'running')
    const news = told.current ? ended.filter(({ id }) => !told.current?.has(id)) : []
    told.current = new Set(ended.map(({ id }) => id))
    if (news.length === 0) return
    for (const job of news) if (job.status === 'done') showDone(doneWords(job))
    for (const read of [listFields, countFields, listFacets, listLeads])
      void client.invalidateQueries({ queryKey: [read.id] })
  }, [client, data])
  const retry = useWrite(retryFieldJob, { stale: [listFieldJobs] })
  const jobs = data?.items ?? []
  const running = jobs.filter(({ status }) => status === 'running')
  const failed = jobs.filter(({ status }) => status === 'failed')
  // Of what was stopped the last word counts: whoever changed their mind lets it go on.
  const stopped = jobs.filter(({ status, key }, at) => {
    const isLast = jobs.findIndex((other) => other.key === key) === at
    return status === 'cancelled' && isLast
  })
  if (running.length + failed.length + stopped.length === 0) return null
  return (
    <div className={classes.work}>
      {running.map((job) => (
        <Running key={job.id} job={job} mayStop={maySettle} />
      ))}
      {failed.map((job) => (
        <Alert key={job.id} color="red" variant="light" title={workWords(job)}>
          <Text mb={maySettle ? 8 : 0}>{job.error}</Text>
          {maySettle ? (
            <Button
              size="compact-sm"
              variant="default"
              loading={retry.isPending}
              onClick={() => retry.mutate({ params: { id: job.id } })}
            >
              Go on
            </Button>
          ) : null}
        </Alert>
      ))}
      {stopped.map((job) => (
        <Alert key={job.id} color="gray" variant="light" title={`${workWords(job)}: stopped`}>
          <Text mb={maySettle ? 8 : 0}>{stoppedWords(job)}</Text>
          {maySettle ? (
            <Button
              size="compact-sm"
              variant="default"
              loading={retry.isPending}
              onClick={() => retry.mutate({ params: { id: job.id } })}
            >
              Go on
            </Button>
          ) : null}
        </Alert>
      ))}
    </div>
  )
}

function Running({ job, mayStop }: { job: FieldJob; mayStop: boolean }) {
  const words = workWords(job)
  const cancel = useWrite(cancelFieldJob, { stale: [listFieldJobs, listFields, countFields] })
  return (
    <div className={classes.running} role="status">
      <span>
        {words}: {formatNumber(job.done)} of {count(job.total, 'lead')}
        {mayStop ? (
          <Button
            ml={12}
            size="compact-xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ params: { id: job.id } })}
          >
            Stop
          </Button>
        ) : null}
      </span>
      <Progress value={(job.done / Math.max(1, job.total)) * 100} aria-label={words} />
    </div>
  )
}
