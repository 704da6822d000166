// The size of a segment over its last days as a line, told in words for those who do not see it.
import type { Segment } from '../../../src/segments/contract.ts'
import { formatDay, formatNumber } from '../../ui/format.ts'
import classes from './segments.module.css'

interface TrendProps {
  trend: Segment['trend']
  width?: number
  height?: number
}

/** Nothing is drawn of a single day. */
export function Trend({ trend, width = 96, height = 24 }: TrendProps) {
  const [first] = trend
  const last = trend.at(-1)
  if (!first || !last || trend.length < 2) return <span className={classes.quiet}>since today</span>
  const most = Math.max(1, ...trend.map(({ size }) => size))
  const x = (at: number) => 1 + (at / (trend.length - 1)) * (width - 2)
  const y = (size: number) => height - 2 - (size / most) * (height - 4)
  const points = trend.map(({ size }, at) => `${x(at).toFixed(1)},${y(size).toFixed(1)}`).join(' ')
  const grown = last.size - first.size
  return (
    <span className={classes.trend}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`From ${formatNumber(first.size)} on ${formatDay(first.day)} to ${formatNumber(last.size)} today`}
      >
        <polyline points={points} className={classes.line} />
      </svg>
      <span className={classes.change}>
        {grown > 0 ? '+' : grown < 0 ? '−' : '±'}
        {formatNumber(Math.abs(grown))}
      </span>
    </span>
  )
}
