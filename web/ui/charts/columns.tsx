// A number by day, week or month as bars from zero; what is not over is hatched, and each bar can be opened.
import { UnstyledButton } from '@mantine/core'
import classes from './charts.module.css'
import { ticksTo } from './ticks.ts'

export interface Column {
  id: string
  /** under the axis */
  label: string
  /** of the bar, for those who point at it or hear it */
  told: string
  value: number
  isPartial: boolean
  onOpen?: () => void
}

interface ColumnsProps {
  label: string
  columns: readonly Column[]
  formatAxis: (value: number) => string
}

export function Columns({ label, columns, formatAxis }: ColumnsProps) {
  const ticks = ticksTo(Math.max(0, ...columns.map(({ value }) => value)))
  const top = ticks.at(-1) ?? 1
  const every = Math.max(1, Math.ceil(columns.length / 8))
  return (
    <div className={classes.columns} role="group" aria-label={label}>
      <div className={classes.scale} aria-hidden>
        {ticks.toReversed().map((tick) => (
          <span key={tick}>{formatAxis(tick)}</span>
        ))}
      </div>
      <div className={classes.plot}>
        <div className={classes.grid} aria-hidden>
          {ticks.map((tick) => (
            <span key={tick} style={{ bottom: `${(tick / top) * 100}%` }} />
          ))}
        </div>
        <div className={classes.bars}>
          {columns.map(({ id, told, value, isPartial, onOpen }) => (
            <UnstyledButton
              key={id}
              className={classes.column}
              title={told}
              aria-label={told}
              disabled={!onOpen || value === 0}
              onClick={onOpen}
            >
              <span
                className={classes.bar}
                data-partial={isPartial || undefined}
                style={{ height: `${(Math.max(0, value) / top) * 100}%`, minHeight: value > 0 ? 2 : 0 }}
              />
            </UnstyledButton>
          ))}
        </div>
        <div className={classes.axis} aria-hidden>
          {columns.map(({ id, label: under }, place) => (
            <span key={id}>
              {place % every === 0 ? (
                <em data-minor={(place / every) % 2 === 1 || undefined}>{under}</em>
              ) : null}
            </span>
          ))}
        </div>
      </div>
    </div>
  )
}
