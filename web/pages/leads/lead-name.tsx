// A lead in a list: the name as a link that opens it beside, and the address under it.
import { Link } from '@tanstack/react-router'
import type { Lead } from '../../../src/leads/contract.ts'
import { useWorkspace } from '../../workspace.ts'
import classes from './lead-name.module.css'

export function LeadName({ lead }: { lead: Lead }) {
  const { slug } = useWorkspace()
  const second = lead.email === lead.label ? lead.phone : (lead.email ?? lead.phone)
  return (
    <span className={classes.root}>
      <Link
        from="/w/$workspace/leads"
        to="/w/$workspace/leads/$id"
        params={{ workspace: slug, id: lead.id }}
        search={(before) => ({ ...before })}
        state={{ beside: true }}
        preload={false}
        tabIndex={-1}
        className={classes.name}
        data-anonymous={!lead.isKnown || undefined}
      >
        {lead.label}
      </Link>
      {second && second !== lead.label ? <span className={classes.second}>{second}</span> : null}
    </span>
  )
}
