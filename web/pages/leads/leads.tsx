// The leads: the list, and beside it the lead that was opened from it; a lead opened by its address has the page for itself.
import { Outlet, useParams } from '@tanstack/react-router'
import { useBeside } from './beside.ts'
import { LeadList } from './lead-list.tsx'
import classes from './leads.module.css'

export function LeadsPage() {
  const { id } = useParams({ strict: false })
  const beside = useBeside()
  if (id !== undefined && !beside) return <Outlet />
  return (
    <div className={classes.root} data-beside={id !== undefined || undefined}>
      <div className={classes.list}>
        <LeadList openId={id} />
      </div>
      {id === undefined ? null : (
        <aside className={classes.pane} aria-label="Lead">
          <Outlet />
        </aside>
      )}
    </div>
  )
}
