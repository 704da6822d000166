// The demo's state: asked for again and again while it is being loaded or emptied, and shown as progress.
import { Progress, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { cancelDemo, getDemo, resetDemo, seedDemo } from '../../src/demo/contract.ts'
import { callKey, useCall, useWrite } from '../queries.ts'
import { useWorkspace } from '../workspace.ts'
import { formatNumber } from './format.ts'

const pollMs = 500

/** Reads the demo's state and holds what can be asked of it. */
export function useDemo() {
  const { slug } = useWorkspace()
  const client = useQueryClient()
  const known = client.getQueryData<{ job: { state: string } | null }>(callKey(getDemo, slug, {}))
  const demo = useCall(getDemo, {}, { refetchMs: known?.job?.state === 'running' ? pollMs : 30_000 })
  const isRunning = demo.data?.job?.state === 'running'
  const wasRunning = useRef(false)
  useEffect(() => {
    // Everything that is shown of the twin is another once the work is done.
    if (wasRunning.current && !isRunning)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== getDemo.id })
    wasRunning.current = isRunning
  }, [client, isRunning])
  const seed = useWrite(seedDemo, { stale: [getDemo] })
  const stop = useWrite(cancelDemo, { stale: [getDemo] })
  const reset = useWrite(resetDemo, { stale: [getDemo] })
  return { ...demo, isRunning, seed, stop, reset }
}

/** How far the running work is, or why the last one failed. */
export function DemoSteps({ demo }: { demo: ReturnType<typeof useDemo> }) {
  const job = demo.data?.job
  if (!job) return null
  if (job.state === 'failed') {
    return (
      <Text fz="xs" c="var(--line-bad)" mt={8} role="alert">
        {job.problem ?? 'It failed.'} Try again.
      </Text>
    )
  }
  if (job.state === 'cancelled') {
    return (
      <Text fz="xs" c="dimmed" mt={8} className="tabular" role="status">
        Stopped after {formatNumber(job.done)} of {formatNumber(job.total)} events.
      </Text>
    )
  }
  if (job.state !== 'running') return null
  const percent = job.total > 0 ? Math.min(100, (job.done / job.total) * 100) : 0
  const what =
    job.kind === 'seed'
      ? `${formatNumber(job.done)} of ${formatNumber(job.total)} events`
      : 'Emptying the test twin'
  return (
    <div>
      <Progress value={percent} animated={percent === 0} aria-label="Progress of the demo" />
      <Text fz="xs" c="dimmed" mt={8} className="tabular" role="status">
        {what}. You may leave.
      </Text>
    </div>
  )
}
