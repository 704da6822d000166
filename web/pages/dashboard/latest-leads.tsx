// The newest known leads, one line each.
import type { Dashboard } from '../../../src/reports/contract.ts'
import { words } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './latest-leads.module.css'

export function LatestLeads({ leads }: { leads: Dashboard['latestLeads'] }) {
  if (leads.length === 0) {
    return (
      <div className={classes.list}>
        <EmptyState compact title="Nobody is known yet">
          A visitor becomes a known lead with the first e-mail, phone or user id.
        </EmptyState>
      </div>
    )
  }
  return (
    <ul className={classes.list}>
      {leads.map(({ id, label, email, company, source, firstChannel, createdAt }) => (
        <li key={id} className={classes.item}>
          <div className={classes.who}>
            <LeadLink id={id} label={label} />
            <span className={classes.more}>
              {[email === label ? null : email, company].filter(Boolean).join(' · ') || words(source)}
            </span>
          </div>
          <div className={classes.when}>
            <Time at={createdAt} />
            <span>{words(firstChannel || source)}</span>
          </div>
        </li>
      ))}
    </ul>
  )
}
