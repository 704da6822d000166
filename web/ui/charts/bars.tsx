// Numbers side by side as bars that lie, each with its name and figure; a bar behind tells the period before.
import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './charts.module.css'

export interface Bar {
  id: string
  name: ReactNode
  value: number
  figure: string
  before?: number
  /** beside the figure: a share, a change */
  note?: string
  colour?: string
  onOpen?: () => void
}

export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const most = Math.max(1e-9, ...bars.map(({ value, before = 0 }) => Math.max(value, before)))
  return (
    <ul className={classes.lying} aria-label={label}>
      {bars.map(({ id, name, value, figure, before, note, colour, onOpen }) => (
        <li key={id}>
          <span className={classes.name}>{name}</span>
          <span className={classes.track} aria-hidden>
            {before === undefined ? null : (
              <span className={classes.earlier} style={{ width: `${(before / most) * 100}%` }} />
            )}
            <span
              className={classes.now}
              style={{ width: `${(value / most) * 100}%`, minWidth: value > 0 ? 2 : 0, background: colour }}
            />
          </span>
          <span className={classes.figure}>
            {onOpen && value > 0 ? (
              <UnstyledButton className={classes.open} onClick={onOpen}>
                {figure}
              </UnstyledButton>
            ) : (
              figure
            )}
            {note ? <small>{note}</small> : null}
          </span>
        </li>
      ))}
    </ul>
  )
}
