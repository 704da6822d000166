// A line above the list while bulk work runs, with how far it is; the list is read anew when it has ended.
import { Progress } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { listBulkJobs } from '../../../src/leads/bulk/contract.ts'
import { getLead, listFacets, listLeads } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { TextLink } from '../../ui/links.tsx'
import { useWorkspace } from '../../workspace.ts'
import { actionWords, standWords } from '../bulk/bulk-words.ts'
import classes from './bulk-running.module.css'
import { useOwners } from './facts.ts'

export function BulkRunning() {
  const { slug } = useWorkspace()
  const client = useQueryClient()
  const owners = useOwners()
  const idle = useCall(listBulkJobs, {}, { refetchMs: 15_000 })
  const isAtWork = idle.data?.items.some(({ status }) => status === 'running') ?? false
  const busy = useCall(listBulkJobs, {}, { enabled: isAtWork, refetchMs: isAtWork ? 1_000 : undefined })
  const running = (busy.data ?? idle.data)?.items.filter(({ status }) => status === 'running') ?? []
  const before = useRef(0)
  useEffect(() => {
    if (before.current > running.length) {
      for (const read of [listLeads, getLead, listFacets])
        void client.invalidateQueries({ queryKey: [read.id] })
    }
    before.current = running.length
  }, [client, running.length])
  const [job] = running
  if (!job) return null
  const words = actionWords(job.action, (id) => owners.find(({ value }) => value === id)?.label)
  return (
    <div className={classes.root} role="status">
      <span className={classes.words}>
        {words}: {standWords(job)}
        {running.length > 1 ? `, and ${running.length - 1} more waiting` : ''}
      </span>
      <Progress
        value={(job.done / Math.max(1, job.total)) * 100}
        aria-label={words}
        className={classes.bar}
      />
      <TextLink to="/w/$workspace/leads/bulk" params={{ workspace: slug }} fz="sm">
        Bulk work
      </TextLink>
    </div>
  )
}
