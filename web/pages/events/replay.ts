// Sends messages through the steps again, and looks at the list until they are through.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { listEvents, replayEvents } from '../../../src/events/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { count } from '../../ui/format.ts'

/** The live stream follows what came in lately; an older message that is replayed has to be asked for. */
const looksMs = [1000, 3000, 8000]

export function useReplay() {
  const client = useQueryClient()
  const timers = useRef<number[]>([])
  const stop = () => {
    for (const timer of timers.current) window.clearTimeout(timer)
    timers.current = []
  }
  useEffect(() => stop, [])
  return useWrite(replayEvents, {
    stale: [listEvents],
    onDone: ({ replayed }) => {
      showDone(`${count(replayed, 'message')} ${replayed === 1 ? 'goes' : 'go'} through the steps again.`)
      stop()
      timers.current = looksMs.map((afterMs) =>
        window.setTimeout(() => void client.invalidateQueries({ queryKey: [listEvents.id] }), afterMs),
      )
    },
  })
}
