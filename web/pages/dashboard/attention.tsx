// What waits for a person; nothing at all where nothing does.
import { IconAlertTriangle, IconChevronRight, IconCloudOff, IconUsersGroup } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Dashboard } from '../../../src/reports/contract.ts'
import { count } from '../../ui/format.ts'
import { duplicatesPath, eventsPath } from '../../paths.ts'
import { useWorkspace } from '../../workspace.ts'
import classes from './attention.module.css'

export function Attention({ attention, logProblem }: Pick<Dashboard, 'attention' | 'logProblem'>) {
  const { slug } = useWorkspace()
  const { parkedMessages, openBatches, refusedEvents, proposedMerges, failedJobs } = attention
  const items = [
    logProblem !== null && {
      icon: IconCloudOff,
      text: `Sessions and events are missing here. ${logProblem}`,
      to: eventsPath(slug),
    },
    parkedMessages > 0 && {
      icon: IconAlertTriangle,
      text: `${count(parkedMessages, 'message')} could not be worked on and ${parkedMessages === 1 ? 'waits' : 'wait'} to be replayed`,
      to: eventsPath(slug, 'parked'),
    },
    openBatches > 0 &&
      logProblem === null && {
        icon: IconCloudOff,
        text: `${count(openBatches, 'batch', 'batches')} of events ${openBatches === 1 ? 'waits' : 'wait'} for the event log; the numbers below are short by them`,
        to: eventsPath(slug),
      },
    refusedEvents > 0 && {
      icon: IconAlertTriangle,
      text: `The event log refused ${count(refusedEvents, 'event')}; the numbers below are short by ${refusedEvents === 1 ? 'it' : 'them'}`,
      to: eventsPath(slug),
    },
    proposedMerges > 0 && {
      icon: IconUsersGroup,
      text: `${count(proposedMerges, 'pair')} of leads may be the same person`,
      to: duplicatesPath(slug),
    },
    failedJobs > 0 && {
      icon: IconAlertTriangle,
      text: `${count(failedJobs, 'background job')} failed for good; the log of the server says why`,
      to: null,
    },
  ].filter((item) => item !== false)
  if (items.length === 0) return null
  return (
    <ul className={classes.list} aria-label="Needs attention">
      {items.map(({ icon: Icon, text, to }) => (
        <li key={text}>
          {to === null ? (
            <div className={classes.link}>
              <Icon size={16} stroke={1.6} aria-hidden className={classes.icon} />
              <span>{text}</span>
            </div>
          ) : (
            <Link to={to} className={classes.link}>
              <Icon size={16} stroke={1.6} aria-hidden className={classes.icon} />
              <span>{text}</span>
              <IconChevronRight size={16} stroke={1.6} aria-hidden className={classes.arrow} />
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}
