// What makes the numbers below short: the event log is away or behind; nothing at all where it is not.
import { IconChevronRight, IconCloudOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Dashboard } from '../../../src/reports/contract.ts'
import { count } from '../../ui/format.ts'
import { eventsPath } from '../../paths.ts'
import { useWorkspace } from '../../workspace.ts'
import classes from './attention.module.css'

export function Attention({ attention, logProblem }: Pick<Dashboard, 'attention' | 'logProblem'>) {
  const { slug } = useWorkspace()
  const { openBatches } = attention
  if (logProblem === null && openBatches === 0) return null
  const text =
    logProblem === null
      ? `${count(openBatches, 'batch', 'batches')} of events ${openBatches === 1 ? 'waits' : 'wait'} for the event log; the numbers below are short by them`
      : `Sessions and events are missing here. ${logProblem}`
  return (
    <ul className={classes.list} aria-label="Needs attention">
      <li>
        <Link to={eventsPath(slug)} className={classes.link}>
          <IconCloudOff size={16} stroke={1.6} aria-hidden className={classes.icon} />
          <span>{text}</span>
          <IconChevronRight size={16} stroke={1.6} aria-hidden className={classes.arrow} />
        </Link>
      </li>
    </ul>
  )
}
