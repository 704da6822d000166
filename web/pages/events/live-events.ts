// The live stream of what comes in, gathered so that a burst redraws the list a few times a second and not once per event.
import { useContext, useEffect, useRef, useState } from 'react'
import { liveEventsPath } from '../../../src/events/contract.ts'
import type { InboxItem } from '../../../src/events/contract.ts'
import { WorkspaceSlug } from '../../queries.ts'

export interface LiveEvents {
  /** `closed`: the server does not want to be listened to now; the browser will not try again by itself */
  state: 'connecting' | 'live' | 'closed'
  /** new and changed messages by id, the newest version of each */
  items: ReadonlyMap<string, InboxItem>
  /** messages that came too fast to be told one by one */
  untold: number
  again: () => void
}

const gatherMs = 200
const keptCount = 2000

/** @param onReady called when nothing can be missed any more: what was listed before is asked for once more */
export function useLiveEvents(onReady: () => void): LiveEvents {
  const workspace = useContext(WorkspaceSlug)
  const [state, setState] = useState<LiveEvents['state']>('connecting')
  const [items, setItems] = useState<ReadonlyMap<string, InboxItem>>(new Map())
  const [untold, setUntold] = useState(0)
  const [attempt, setAttempt] = useState(0)
  const ready = useRef(onReady)
  useEffect(() => {
    ready.current = onReady
  })
  useEffect(() => {
    const source = new EventSource(`${liveEventsPath}?workspace=${encodeURIComponent(workspace ?? '')}`)
    let gathered: InboxItem[] = []
    let timer: number | undefined
    const flush = () => {
      timer = undefined
      const news = gathered
      gathered = []
      setItems((known) => {
        const next = new Map(known)
        for (const item of news) next.set(item.id, item)
        for (const id of next.keys()) {
          if (next.size <= keptCount) break
          next.delete(id)
        }
        return next
      })
    }
    const take = (event: MessageEvent<string>) => {
      gathered.push(JSON.parse(event.data) as InboxItem)
      timer ??= window.setTimeout(flush, gatherMs)
    }
    source.addEventListener('item', take)
    source.addEventListener('change', take)
    source.addEventListener('more', (event: MessageEvent<string>) => {
      const { count } = JSON.parse(event.data) as { count: number }
      setUntold((before) => before + count)
    })
    source.addEventListener('ready', () => {
      setState('live')
      ready.current()
    })
    source.addEventListener('error', () =>
      setState(source.readyState === EventSource.CLOSED ? 'closed' : 'connecting'),
    )
    return () => {
      source.close()
      window.clearTimeout(timer)
    }
  }, [workspace, attempt])
  return {
    state,
    items,
    untold,
    again: () => {
      setState('connecting')
      setAttempt((before) => before + 1)
    },
  }
}
