// Expected against observed, a dot a band, as large as the band has leads; the same as a table below.
import { Table } from '@mantine/core'
import type { PredictiveModel } from '../../../../src/projections/score/prediction/contract.ts'
import { formatNumber } from '../../../ui/format.ts'
import { percent } from './odds.ts'
import classes from './predictive.module.css'

type Bands = NonNullable<NonNullable<PredictiveModel['training']>['model']>['crossValidation']['calibration']

/** Units of the drawing. */
const size = 240
const left = 36
const bottom = 28

export function CalibrationPlot({ bands }: { bands: Bands }) {
  const most = Math.max(0.05, ...bands.flatMap(({ expected, observed }) => [expected, observed]))
  const top = Math.min(1, Math.ceil(most * 10) / 10)
  const largest = Math.max(1, ...bands.map(({ rows }) => rows))
  const x = (share: number) => left + (share / top) * size
  const y = (share: number) => 8 + size - (share / top) * size
  const ticks = [0, top / 2, top]
  return (
    <div className={classes.calibration}>
      <svg
        viewBox={`0 0 ${left + size + 12} ${size + bottom + 12}`}
        className={classes.plot}
        role="img"
        aria-label="Observed share of conversions against the expected one"
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={classes.grid} x1={x(0)} x2={x(top)} y1={y(tick)} y2={y(tick)} />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end">
              {Math.round(tick * 100)}%
            </text>
            <text x={x(tick)} y={size + 24} textAnchor={tick === top ? 'end' : 'middle'}>
              {Math.round(tick * 100)}%
            </text>
          </g>
        ))}
        <line className={classes.diagonal} x1={x(0)} y1={y(0)} x2={x(top)} y2={y(top)} />
        {bands.map(({ from, expected, observed, rows }) => (
          <circle
            key={from}
            className={classes.dot}
            cx={x(expected)}
            cy={y(observed)}
            r={3 + 4 * Math.sqrt(rows / largest)}
          />
        ))}
        <text x={x(top)} y={size + 38} textAnchor="end">
          expected
        </text>
        <text x={left + 6} y={18}>
          converted
        </text>
      </svg>
      <Table.ScrollContainer minWidth={280}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={classes.figure}>Leads</Table.Th>
              <Table.Th className={classes.figure}>Expected</Table.Th>
              <Table.Th className={classes.figure}>Converted</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {bands.map(({ from, rows, expected, observed }) => (
              <Table.Tr key={from}>
                <Table.Td className={classes.figure}>{formatNumber(rows)}</Table.Td>
                <Table.Td className={classes.figure}>{percent(expected)}</Table.Td>
                <Table.Td className={classes.figure}>{percent(observed)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  )
}
