// A table whose cells are tinted by their value; cells that are not final are dashed.
import { UnstyledButton } from '@mantine/core'
import classes from './charts.module.css'

export interface HeatCell {
  id: string
  figure: string
  /** 0 to 1; null where there is nothing to tell */
  strength: number | null
  isPartial: boolean
  onOpen?: () => void
}

interface HeatProps {
  label: string
  heads: readonly string[]
  rows: readonly { id: string; name: string; cells: readonly HeatCell[] }[]
}

export function Heat({ label, heads, rows }: HeatProps) {
  return (
    <div className={classes.scroller} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.heat}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, cells }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              {cells.map((cell) => (
                <Cell key={cell.id} {...cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ figure, strength, isPartial, onOpen }: HeatCell) {
  if (strength === null) return <td className={classes.cell} />
  // Never more than three fifths, so that words in the colour of all others can be read on it.
  const share = Math.round(6 + Math.min(1, Math.max(0, strength)) * 54)
  const style = {
    background: `color-mix(in srgb, var(--mantine-color-accent-7) ${share}%, var(--line-surface))`,
  }
  return (
    <td
      className={classes.cell}
      style={style}
      data-partial={isPartial || undefined}
      title={isPartial ? 'The month is not over' : undefined}
    >
      {onOpen ? <UnstyledButton onClick={onOpen}>{figure}</UnstyledButton> : figure}
    </td>
  )
}
