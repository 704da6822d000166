// A lead by name, leading to its page.
import { Link } from '@tanstack/react-router'
import { leadPath } from '../paths.ts'
import { useWorkspace } from '../workspace.ts'
import classes from './lead-link.module.css'

export function LeadLink({ id, label }: { id: string; label: string }) {
  const { slug } = useWorkspace()
  return (
    <Link to={leadPath(slug, id)} className={classes.link}>
      {label}
    </Link>
  )
}
