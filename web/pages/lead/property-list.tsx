// Names and values in two columns that line up.
import type { ReactNode } from 'react'
import classes from './property-list.module.css'

export function PropertyList({ entries, label }: { entries: [string, ReactNode][]; label: string }) {
  return (
    <dl className={classes.root} aria-label={label}>
      {entries.map(([name, value]) => (
        <div key={name} className={classes.line}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
