// Numbers along time as lines from zero: the first drawn through, a second dashed; where nothing is known the line breaks.
import classes from './charts.module.css'
import lineClasses from './lines.module.css'
import { ticksTo } from './ticks.ts'

export interface LinePoint {
  id: string
  /** under the axis */
  label: string
  /** for those who point at it */
  told: string
  /** 0 to 1 */
  x: number
  /** one of each line; null where nothing is known, undefined where a line has no point */
  values: readonly (number | null | undefined)[]
}

interface LinesProps {
  label: string
  /** what each line is */
  names: readonly string[]
  points: readonly LinePoint[]
  formatAxis: (value: number) => string
}

export function Lines({ label, names, points, formatAxis }: LinesProps) {
  const ticks = ticksTo(Math.max(0, ...points.flatMap(({ values }) => values.map((value) => value ?? 0))))
  const top = ticks.at(-1) ?? 1
  const lines = names.map((name, line) => ({ name, line, runs: runsOf(points, line) }))
  const shown = axisLabels(points)
  return (
    <>
      <ul className={lineClasses.legend} aria-label="Lines">
        {lines.map(({ name, line }) => (
          <li key={name} data-line={line}>
            {name}
          </li>
        ))}
      </ul>
      <div className={classes.columns} role="img" aria-label={label}>
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
          <div className={lineClasses.field}>
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden>
              {lines
                .toReversed()
                .map(({ line, runs }) =>
                  runs.map((run) => (
                    <polyline
                      key={`${line} ${run[0]?.id}`}
                      className={lineClasses.line}
                      data-line={line}
                      points={run.map(({ x, value }) => `${x * 100},${100 - (value / top) * 100}`).join(' ')}
                    />
                  )),
                )}
            </svg>
            {lines.map(({ line, runs }) =>
              runs
                .flatMap((run) => (isDot(run) ? (run.at(-1) ?? []) : []))
                .map(({ id, x, value }) => (
                  <span
                    key={`${line} ${id}`}
                    className={lineClasses.dot}
                    data-line={line}
                    style={{ left: `${x * 100}%`, bottom: `${(value / top) * 100}%` }}
                  />
                )),
            )}
            {points.map(({ id, x, told }, place) => {
              const [from, to] = reachOf(points, place)
              return (
                <span
                  key={id}
                  className={lineClasses.reach}
                  title={told}
                  style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
                >
                  <i style={{ left: `${to === from ? 0 : ((x - from) / (to - from)) * 100}%` }} />
                </span>
              )
            })}
          </div>
          <div className={lineClasses.axis} aria-hidden>
            {shown.map(({ id, label: under, x }, place) => (
              <span
                key={id}
                className={lineClasses.under}
                style={{ left: `${x * 100}%` }}
                data-minor={place % 2 === 1 || undefined}
                data-last={x > 0.9 || undefined}
              >
                {under}
              </span>
            ))}
          </div>
        </div>
      </div>
    </>
  )
}

interface Placed {
  id: string
  x: number
  value: number
}

// The pieces of a line between which nothing is known.
function runsOf(points: readonly LinePoint[], line: number): Placed[][] {
  const runs: Placed[][] = []
  let run: Placed[] = []
  for (const { id, x, values } of points) {
    const value = values[line]
    if (value === undefined) continue
    if (value === null) {
      if (run.length > 0) runs.push(run)
      run = []
    } else run.push({ id, x, value })
  }
  if (run.length > 0) runs.push(run)
  return runs
}

// Too short to be seen as a line.
function isDot(run: readonly Placed[]): boolean {
  return (run.at(-1)?.x ?? 0) - (run[0]?.x ?? 0) < 0.01
}

// Half of the way to the neighbours belongs to a point.
function reachOf(points: readonly LinePoint[], place: number): [number, number] {
  const x = points[place]!.x
  const [before, after] = [points[place - 1]?.x, points[place + 1]?.x]
  return [before === undefined ? 0 : (before + x) / 2, after === undefined ? 1 : (x + after) / 2]
}

// Some seven, none on another.
function axisLabels(points: readonly LinePoint[]): LinePoint[] {
  const shown: LinePoint[] = []
  for (const point of points) {
    const last = shown.at(-1)
    // Near the end a label reaches back.
    const apart = point.x > 0.9 ? 0.24 : 0.13
    if (!last || (point.x - last.x >= apart && point.label !== last.label)) shown.push(point)
  }
  return shown
}
